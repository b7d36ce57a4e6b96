from django.urls import URLPattern, path

app_name = "loans"
urlpatterns: list[URLPattern] = []

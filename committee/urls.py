from django.urls import URLPattern, path

app_name = "committee"
urlpatterns: list[URLPattern] = []

from django.urls import URLPattern, path

app_name = "projects"
urlpatterns: list[URLPattern] = []

from django.urls import URLPattern, path

app_name = "fund"
urlpatterns: list[URLPattern] = []

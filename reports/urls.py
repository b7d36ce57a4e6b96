"""Addresses of the public pages and the reports."""

from django.urls import path

from reports import public, views

app_name = "reports"
urlpatterns = [
    path("", public.home, name="home"),
    path("results/", public.results, name="results"),
    path("verify/", public.verify, name="verify"),
    path("verify/<str:number>", public.verified, name="verified"),
    path("reports/", views.index, name="index"),
    path("reports/donor/<int:year>/", views.donor, name="donor"),
    path("reports/donor/<int:year>/issue/", views.issue, name="issue"),
    path("reports/documents/<str:number>.pdf", views.document, name="document"),
    path("reports/figures/<int:year>/<str:code>/", views.trace, name="trace"),
    path("reports/years/<int:year>/rollup/", views.roll, name="rollup"),
    path("reports/years/<int:year>/close/", views.close, name="close"),
]

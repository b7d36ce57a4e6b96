"""Addresses of the pages of results; `projects.urls` includes them."""

from django.urls import path

from projects import views_benefits as views
from projects import views_measurements as staff

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("applications/<uuid:uid>/results/", views.results, name="results"),
    path("applications/<uuid:uid>/results/<int:expected>/", views.measure, name="measure"),
    path("measurements/", staff.queue, name="measurements"),
    path("measurements/<int:pk>/", staff.measurement, name="measurement"),
    path("measurements/<int:pk>/review/", views.review, name="measurement_review"),
    path("measurements/<int:pk>/edit/", views.edit, name="measurement_edit"),
    path("measurements/<int:pk>/discard/", views.discard, name="measurement_discard"),
    path("measurements/<int:pk>/correct/", views.correct, name="measurement_correct"),
    path("measurements/<int:pk>/verify/", staff.verify, name="measurement_verify"),
    path("measurements/<int:pk>/return/", staff.return_, name="measurement_return"),
    path("measurements/<int:pk>/reject/", staff.reject, name="measurement_reject"),
]

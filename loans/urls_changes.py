"""Addresses of what changes a running loan."""

from django.urls import URLPattern, path

from loans.views import changes

urlpatterns: list[URLPattern] = [
    path("loans/<str:ref>/change/", changes.choose, name="change_choose"),
    path("loans/<str:ref>/change/<str:kind>/", changes.new, name="change_new"),
    path("changes/", changes.index, name="changes"),
    path("changes/<str:ref>/", changes.change, name="change"),
    path("changes/<str:ref>/approve/", changes.approve, name="change_approve"),
    path("changes/<str:ref>/withdraw/", changes.withdraw, name="change_withdraw"),
]

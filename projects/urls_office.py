"""Addresses of what follows a submission: messages, the staff's board and search, service times."""

from django.urls import URLPattern, path

from projects.views import messages

urlpatterns: list[URLPattern] = [
    path("applications/<uuid:uid>/messages/", messages.messages, name="application-messages"),
]

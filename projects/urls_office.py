"""Addresses of what follows a submission: messages, the staff's board and search, service times."""

from django.urls import URLPattern, path

from projects.views import board, messages, times, whole_file

urlpatterns: list[URLPattern] = [
    path("applications/<uuid:uid>/messages/", messages.messages, name="application-messages"),
    path("applications/<uuid:uid>/file.pdf", whole_file.pdf, name="application-pdf"),
    path("applications/<uuid:uid>/officer/", board.officer, name="application-officer"),
    path("board/", board.board, name="board"),
    path("board/times/", times.waiting, name="waiting"),
    path("search/", board.search, name="search"),
    path("service-times/", times.service_times_page, name="service-times"),
]

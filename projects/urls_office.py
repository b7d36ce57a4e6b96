"""Addresses of what follows a submission: messages, the staff's board and search, service times."""

from django.urls import URLPattern, path

from projects.views import board, messages, privacy, times, whole_file

urlpatterns: list[URLPattern] = [
    path("applications/<uuid:uid>/messages/", messages.messages, name="application-messages"),
    path("applications/<uuid:uid>/file.pdf", whole_file.pdf, name="application-pdf"),
    path("applications/<uuid:uid>/officer/", board.officer, name="application-officer"),
    path("board/", board.board, name="board"),
    path("board/times/", times.waiting, name="waiting"),
    path("search/", board.search, name="search"),
    path("privacy/", privacy.notice, name="privacy-notice"),
    path("privacy/consent/", privacy.consent, name="privacy-consent"),
    path("my/data/", privacy.mine, name="privacy"),
    path("my/data/<str:number>/", privacy.request_page, name="privacy-request"),
    path("my/data/<str:number>/copy/", privacy.copy, name="privacy-copy"),
    path("people/data-requests/", privacy.requests, name="privacy-requests"),
    path("service-times/", times.service_times_page, name="service-times"),
]

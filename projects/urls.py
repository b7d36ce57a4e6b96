"""Pages of firms, applications, measurements and indicators."""

from django.urls import URLPattern, path

from projects import urls_benefits, urls_office
from projects.views import apply, checks, documents, file, firms, mine, people, review, steps

app_name = "projects"
urlpatterns: list[URLPattern] = [
    path("apply/", apply.may_apply, name="may-apply"),
    path("apply/size/", apply.sizing, name="sizing"),
    path("apply/start/", apply.start, name="start"),
    path("my/", mine.my, name="my"),
    path("firms/", firms.firms, name="firms"),
    path("firms/requests/", firms.requests, name="firm-requests"),
    path("firms/requests/<int:pk>/", firms.request_page, name="firm-request"),
    path("firms/requests/<int:pk>/refuse/", firms.refuse, name="firm-request-refuse"),
    path("firms/<int:pk>/", firms.firm, name="firm"),
    path("firms/<int:pk>/people/", people.people, name="firm-people"),
    path("firms/<int:pk>/people/leave/", people.leave, name="firm-leave"),
    path("firms/<int:pk>/people/<int:link>/role/", people.role, name="firm-person-role"),
    path("firms/<int:pk>/people/<int:link>/end/", people.end, name="firm-person-end"),
    path(
        "firms/<int:pk>/invitations/<int:invitation>/withdraw/",
        people.withdraw,
        name="firm-invitation-withdraw",
    ),
    path("invitations/<str:secret>/", people.invitation, name="invitation"),
    path("applications/<uuid:uid>/hand-over/", people.hand_over, name="application-hand-over"),
    path("applications/", checks.applications, name="applications"),
    path("applications/<uuid:uid>/", file.application, name="application"),
    path("applications/<uuid:uid>/file/", file.whole, name="application-file"),
    path("applications/<uuid:uid>/versions/<int:number>/", file.version, name="application-version"),
    path("applications/<uuid:uid>/withdraw/", mine.withdraw, name="application-withdraw"),
    path("applications/<uuid:uid>/delete/", mine.delete_draft, name="application-delete"),
    path("applications/<uuid:uid>/review-request/", mine.request_review, name="application-review-request"),
    path("applications/<uuid:uid>/check/", checks.check, name="application-check"),
    path("applications/<uuid:uid>/step/<str:step>/", steps.step, name="application-step"),
    path("applications/<uuid:uid>/step/<str:step>/save/", steps.save, name="application-save"),
    path("applications/<uuid:uid>/submit/", review.submit, name="application-submit"),
    path("applications/<uuid:uid>/documents/<int:pk>/remove/", documents.remove, name="document-remove"),
    *urls_benefits.urlpatterns,
    *urls_office.urlpatterns,
]

"""The map of the site. Each app's urls.py lists its full paths."""

from django.urls import include, path

from fiprev.api import marked
from fiprev.styleguide import styleguide

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("fiprev.health_urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("api/v1/", marked()),
    path("", include("accounts.urls")),
    path("", include("fund.urls")),
    path("", include("projects.urls")),
    path("", include("committee.urls")),
    path("", include("loans.urls")),
    path("", include("reports.urls")),
]

handler400 = "fiprev.errors.bad_request"
handler403 = "fiprev.errors.forbidden"
handler404 = "fiprev.errors.not_found"
handler429 = "fiprev.errors.too_many"
handler500 = "fiprev.errors.server_error"

from django.urls import URLPattern, path, re_path

from loans.views import kept

urlpatterns: list[URLPattern] = [
    path("identity/", kept.identity_files, name="identity_files"),
    re_path(r"^identity/notices/(?P<kind>csv|xlsx)/$", kept.notices, name="identity_notices"),
    path("identity/<int:pk>/", kept.identity_file, name="identity_file"),
    path("identity/<int:pk>/write/", kept.identity_write, name="identity_write"),
    path("identity/<int:pk>/paper/", kept.identity_paper, name="identity_paper"),
    path("identity/<int:pk>/check/", kept.identity_check, name="identity_check"),
    path("loans/<str:ref>/guarantees/", kept.guarantee_list, name="guarantees"),
    path("loans/<str:ref>/guarantees/new/", kept.guarantee_new, name="guarantee_new"),
    path("guarantees/<int:pk>/release/", kept.guarantee_release, name="guarantee_release"),
    path("invoices/", kept.invoice_list, name="invoices"),
    path("invoices/<int:pk>/", kept.invoice, name="invoice"),
]

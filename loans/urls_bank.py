"""Addresses of the cashier's daily work: bank statements and their lines, loans in arrears."""

from django.urls import URLPattern, path

from loans.views import bank, bank_lines, collections

urlpatterns: list[URLPattern] = [
    path("collections/", collections.index, name="collections"),
    path("collections/<str:ref>/", collections.case, name="collection"),
    path("bank-statements/", bank.index, name="bank"),
    path("bank-statements/new/", bank.take_in, name="bank_take_in"),
    path("bank-statements/unmatched/", bank_lines.unmatched, name="bank_unmatched"),
    path("bank-statements/lines/<int:pk>/", bank_lines.line, name="bank_line"),
    path("bank-statements/lines/<int:pk>/accept/", bank_lines.accept, name="bank_accept"),
    path("bank-statements/<int:pk>/", bank.statement, name="bank_statement"),
    path("bank-statements/<int:pk>/progress/", bank.progress, name="bank_progress"),
    path("bank-statements/<int:pk>/post/", bank.post, name="bank_post"),
    path("bank-statements/<int:pk>/set-aside/", bank.set_aside, name="bank_set_aside"),
]

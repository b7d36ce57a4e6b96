from django.urls import URLPattern, path, re_path

from fund.views import capital, documents, ledger, policy, products, rates

app_name = "fund"
urlpatterns: list[URLPattern] = [
    path("ledger/", ledger.entries, name="ledger"),
    path("ledger/balances/", ledger.balances, name="balances"),
    path("ledger/checks/", ledger.checks, name="checks"),
    re_path(r"^ledger/export/(?P<kind>csv|xlsx|beancount)/$", ledger.export, name="journal-export"),
    path("ledger/<int:pk>/", ledger.entry, name="entry"),
    path("capital/", capital.capital, name="capital"),
    path("capital/pledge/", capital.pledge, name="pledge"),
    path("capital/<slug:ref>/", capital.contribution, name="contribution"),
    path("capital/<slug:ref>/receive/", capital.receive, name="receive"),
    path("policy/", policy.policy, name="policy"),
    path("policy/change/", policy.change, name="policy-change"),
    path("policy/products/", products.products, name="products"),
    path("policy/products/new/", products.product_new, name="product-new"),
    path("policy/products/<slug:code>/", products.product, name="product"),
    path("policy/products/<slug:code>/change/", products.product_change, name="product-change"),
    path("policy/rates/", rates.rates, name="rates"),
    path("policy/rates/add/", rates.add, name="rate-add"),
    path("policy/rates/import/", rates.import_csv, name="rates-import"),
    path("documents/<str:number>/", documents.document, name="document"),
]

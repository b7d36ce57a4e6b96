"""The page of the audit trail: what was kept, as a person reads it."""

from django.urls import reverse

from accounts import audit
from accounts.views import _pairs
from tests.world import DAY, person


def test_rule_X4_values_read_as_words_and_not_as_code():
    kept = {"computed": ["M1", "W1"], "next": None, "done": True, "lines": [], "at": {"n": 2, "of": None}}
    assert _pairs(kept) == "computed: M1, W1; next: –; done: Yes; lines: –; at: n 2, of –"
    assert _pairs({}) == ""


def test_rule_X4_the_page_shows_them(client, db):
    ada = person("ada")
    audit.record("rollup.ran", "rollup:2026", by=ada, on=DAY, after={"computed": ["M1", "W1"], "next": None})
    client.force_login(person("aldo"))
    page = client.get(reverse("accounts:audit") + "?q=rollup").content.decode()
    assert "computed: M1, W1" in page and "next: –" in page
    assert "[&#x27;" not in page and "None" not in page

"""Rules R-1 and G-5: facts are sealed at issue, bytes at the first rendering, and both are kept."""

import hashlib
import re
import zlib
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from djmoney.money import Money

from accounts.errors import Denied
from accounts.models import AuditEvent
from fund import documents
from fund.models import IssuedDocument
from tests.world import DAY, denied, person, refused

FACTS = {
    "amount": Money("23958.33", "USD"),
    "signed_on": date(2026, 3, 2),
    "rate": Decimal("12.00"),
    "who": "Ñandú",
}


def issue(number: str = "T-2026-0001", facts: dict | None = None, **more: object) -> IssuedDocument:
    details = {
        "kind": "test", "language": "es", "template": "documents/base.html", "about": "test.thing:1",
        "by": person("teresa"), "on": DAY,
    } | more  # fmt: skip
    return documents.issue(number=number, facts=FACTS if facts is None else facts, **details)


def needs_pango() -> None:
    if not documents.can_render():
        pytest.skip("Pango is not installed")


@pytest.mark.django_db
def test_rule_R1_facts_are_sealed_as_text_with_their_hash():
    document = issue()
    document.refresh_from_db()
    assert document.facts_text == (
        '{"amount":{"amount":"23958.33","currency":"USD"},"rate":"12.00","signed_on":"2026-03-02","who":"Ñandú"}'
    )
    assert document.facts_sha256 == hashlib.sha256(document.facts_text.encode()).hexdigest()
    assert document.facts["amount"] == {"amount": "23958.33", "currency": "USD"}
    assert not document.rendered
    assert AuditEvent.objects.filter(verb="document.issued", object=document.audit_ref).count() == 1


@pytest.mark.django_db
def test_rule_R1_the_same_number_and_facts_are_issued_once():
    assert issue() == issue()
    with refused("R-1", "T-2026-0001 has been issued with other facts"):
        issue(facts={"amount": 1})
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db
def test_rule_R1_the_page_speaks_the_documents_language_and_leads_to_its_check():
    page = documents.html(issue(language="fr"))
    assert '<html lang="fr">' in page
    assert "/verify/T-2026-0001" in page
    assert "<svg" in page
    assert "2\xa0mars\xa02026" in page
    assert issue().facts_sha256 in page


@pytest.mark.django_db
def test_rule_R1_bytes_are_rendered_once_and_are_the_same_for_good():
    needs_pango()
    document = issue()
    first = documents.pdf(document)
    assert first.startswith(b"%PDF-")
    again = IssuedDocument.objects.get(pk=document.pk)
    assert again.sha256 == hashlib.sha256(first).hexdigest()
    assert documents.pdf(again) == first


@pytest.mark.django_db
def test_rule_R1_the_same_facts_give_the_same_bytes(monkeypatch):
    needs_pango()
    document = issue()
    page = documents.html(document)
    one, two = (documents.render(page, identifier=document.facts_sha256) for _n in range(2))
    assert one == two


def unpacked(data: bytes) -> bytes:
    """A PDF with its compressed object streams written out."""
    parts = [data]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        with suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"\n".join(parts)


@pytest.mark.django_db
def test_rule_R1_a_pdf_says_its_language_and_that_it_is_tagged():
    needs_pango()
    data = unpacked(documents.pdf(issue(language="fr")))
    assert b"/Lang (fr)" in data
    assert b"/MarkInfo" in data
    assert b"DejaVu-Sans" in data
    assert b"DejaVu-Serif" not in data


@pytest.mark.django_db
def test_rule_R1_rendering_at_issue_is_the_same():
    needs_pango()
    assert issue(render=True).rendered


@pytest.mark.django_db
def test_rule_X5_a_document_loads_nothing_from_elsewhere():
    needs_pango()
    page = '<html lang="en"><title>x</title><img alt="" src="file:///etc/hostname"><img alt="" src="http://localhost:1/x">'
    assert documents.render(page, identifier="x").startswith(b"%PDF-")


@pytest.mark.django_db
def test_rule_R1_a_machine_without_pango_says_what_to_install(monkeypatch, client: Client):
    def missing() -> None:
        raise documents.NoRenderer("PDFs cannot be made here: install libpango-1.0-0.")

    monkeypatch.setattr(documents, "_weasyprint", missing)
    assert not documents.can_render()
    document = issue()
    client.force_login(person("aldo"))
    answer = client.get(f"/documents/{document.number}/")
    assert answer.status_code == 503
    assert "install libpango-1.0-0" in answer.content.decode()
    assert not IssuedDocument.objects.get().rendered


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["facts_text = '{}'", "number = 'X'", "issued_on = '2026-01-01'", "content = 'x'",
     "content = 'x', sha256 = repeat('0', 64), rendered_at = now()",
     "content = 'x', sha256 = encode(sha256('x'), 'hex'), rendered_at = now(), kind = 'other'"],
)  # fmt: skip
def test_rule_R1_the_database_lets_only_the_true_bytes_in(change):
    issue()
    with pytest.raises(IntegrityError, match=r"never changed|sealed_together"), transaction.atomic():
        connection.cursor().execute(f"UPDATE fund_issueddocument SET {change}")


@pytest.mark.django_db
def test_rule_R1_rendered_bytes_are_never_replaced():
    issue()
    seal = (
        "UPDATE fund_issueddocument SET content = %s, sha256 = encode(sha256(%s), 'hex'), rendered_at = now()"
    )
    connection.cursor().execute(seal, [b"one", b"one"])
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(seal, [b"two", b"two"])


def gate(user, document) -> None:
    """Of the tests' own objects: firms' people do not learn that it exists, staff but Aldo may not read it."""
    if not user.is_staff_member:
        raise Http404
    if user != person("aldo"):
        raise Denied("Not yours")


@pytest.mark.django_db
def test_rule_X2_the_gate_of_what_it_is_about_decides(client: Client, monkeypatch):
    monkeypatch.setitem(documents._gates, "test.thing", "tests.fund.test_documents.gate")
    monkeypatch.setattr(documents, "pdf", lambda _document: b"%PDF-test")
    url = f"/documents/{issue().number}/"
    assert client.get(url).status_code == 302
    for name, status in (("lupe", 404), ("rosa", 403), ("aldo", 200)):
        client.force_login(person(name))
        assert client.get(url).status_code == status
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="T-2026-0001.pdf"'
    assert client.get("/documents/T-9/").status_code == 404


@pytest.mark.django_db
def test_rule_X2_without_a_gate_only_auditors_read():
    document = issue(about="nobody.knows:1")
    documents.check_may_read(person("aldo"), document)
    with denied():
        documents.check_may_read(person("rosa"), document)

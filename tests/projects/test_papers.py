"""Papers of an application (rules A-7, X-5): which are needed, several at once, and one that cannot be kept."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from fund.models import Product
from projects import documents
from projects.models import ApplicationDocument, DocumentKind
from tests.projects.reading import read, step_url, text_of
from tests.stories.projects import PDF, budget_of, draft, paper, registered_firm, returned, save
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def heic(name="IMG_0042.HEIC"):
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, format="HEIF")
    return paper(name, out.getvalue())


def sheet():
    out = BytesIO()
    Workbook().save(out)
    return paper("estados.xlsx", out.getvalue())


def names(application):
    found = ApplicationDocument.objects.filter(application=application, removed_on=None)
    return sorted(f"{one.kind}:{one.file.name}" for one in found)


# Which are needed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("cleaner-process", {"tax_certificate", "quotes", "baseline", "financials"}),
        ("audit-upgrade", {"tax_certificate", "audit_plan", "quotes", "baseline", "financials"}),
        ("good-housekeeping", {"tax_certificate", "quotes", "baseline"}),
    ],
)
def test_rule_A7_each_kind_of_loan_needs_its_papers(begun, code, kinds):
    product = Product.objects.filter(code=code).latest("in_force_from")
    assert {kind.value for kind in documents.kinds_for(product)} == kinds
    begun.product = product
    assert {kind.value for kind in documents.required_kinds(begun)} == kinds


def test_rule_A7_an_audit_plan_is_needed_for_that_purpose_whatever_the_loan(begun):
    assert DocumentKind.AUDIT_PLAN not in documents.kinds_for(None)
    assert DocumentKind.AUDIT_PLAN in documents.kinds_for(None, "audit_plan")
    begun.purpose = "audit_plan"
    assert DocumentKind.AUDIT_PLAN in documents.kinds_shown(begun)


def test_rule_A7_the_page_says_which_are_needed(as_, begun):
    save(begun, "budget", budget_of(), person("lupe"))
    page = read(as_("lupe"), step_url(begun, "documents"))
    assert page.count(" needed") == 4
    assert "Take a photo" in page


# Sending them ------------------------------------------------------------------------------------


def test_rule_X5_several_files_and_a_photo_in_one_go(as_, begun):
    sent = {
        "quotes": [paper("uno.pdf"), paper("dos.pdf", PDF + b"2")],
        "baseline-photo": heic(),
        "go": "stay",
    }
    answer = as_("lupe").post(step_url(begun, "documents"), sent)
    assert answer.status_code == 302
    assert names(begun) == ["baseline:IMG_0042.HEIC", "quotes:dos.pdf", "quotes:uno.pdf"]
    assert ApplicationDocument.objects.get(kind="baseline").file.kind == "image/heic"


def test_rule_X5_a_spreadsheet_is_kept(as_, begun):
    as_("lupe").post(step_url(begun, "documents"), {"financials": sheet(), "go": "stay"})
    assert names(begun) == ["financials:estados.xlsx"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (paper("virus.exe", b"MZ" + b"\x00" * 100), "“virus.exe” is not one of the kinds we can keep"),
        (
            paper("carta.docx", b"PK\x03\x04" + b"\x00" * 100),
            "“carta.docx” is not one of the kinds we can keep",
        ),
        (paper("nada.pdf", b""), "“nada.pdf” is empty. Choose the file again."),
    ],
)
def test_rule_X5_a_wrong_file_says_why_and_costs_no_other_its_place(as_, begun, wrong, sentence):
    sent = {"quotes": [wrong, paper("bien.pdf")], "baseline": paper("medidor.pdf", PDF + b"m")}
    page = text_of(as_("lupe").post(step_url(begun, "documents"), sent))
    assert sentence in page
    assert names(begun) == ["baseline:medidor.pdf", "quotes:bien.pdf"]


def test_rule_X5_a_file_too_large_says_what_to_do(as_, begun, settings):
    settings.FILE_MAX_BYTES = 1000
    sent = {"quotes": paper("foto.pdf", PDF + b"x" * 2000), "baseline": paper("medidor.pdf")}
    page = text_of(as_("lupe").post(step_url(begun, "documents"), sent))
    assert "“foto.pdf” is 2.0 kB; a file may have at most 1,000 bytes." in page
    assert names(begun) == ["baseline:medidor.pdf"]


def test_rule_A5_a_chosen_file_goes_up_at_once(as_, begun):
    lupe = as_("lupe")
    answer = lupe.post(step_url(begun, "documents"), {"quotes": paper("uno.pdf")}, headers=HTMX)
    body = answer.content.decode()
    assert 'id="kind-quotes" hx-swap-oob="true"' in body
    assert 'id="kind-baseline"' not in body  # a file that waits in another control stays there
    assert "<html" not in body
    assert "The file is here" in text_of(answer)
    assert reverse("accounts:file-preview", args=[ApplicationDocument.objects.get().file.uid]) in body
    wrong = text_of(lupe.post(step_url(begun, "documents"), {"quotes": paper("x.exe", b"MZ")}, headers=HTMX))
    assert "not one of the kinds we can keep" in wrong
    assert "uno.pdf" in wrong


def test_rule_X5_the_same_photo_twice_is_one_paper(as_, begun):
    lupe = as_("lupe")
    for _click in range(2):
        lupe.post(step_url(begun, "documents"), {"quotes": paper("uno.pdf"), "go": "stay"})
    assert names(begun) == ["quotes:uno.pdf"]


def test_rule_A7_a_returned_file_takes_only_the_papers_that_were_flagged(as_):
    application = returned(fields=("documents.baseline",))
    before = names(application)
    sent = {"quotes": paper("otro.pdf", PDF + b"o"), "baseline-photo": heic(), "go": "stay"}
    as_("lupe").post(step_url(application, "documents"), sent)
    assert set(names(application)) - set(before) == {"baseline:IMG_0042.HEIC"}


def test_rule_X2_another_firms_papers_are_404(as_):
    application = draft(registered_firm())
    document = application.documents.first()
    memo = as_("memo")
    assert memo.post(step_url(application, "documents"), {"quotes": paper()}).status_code == 404
    url = reverse("projects:document-remove", args=[application.uid, document.pk])
    assert memo.post(url).status_code == 404
    for name in ("accounts:file", "accounts:file-preview"):
        assert memo.get(reverse(name, args=[document.file.uid])).status_code == 404


def test_the_page_of_papers_takes_few_queries(as_, django_assert_max_num_queries):
    application = draft(registered_firm())
    for at in range(6):
        documents.add_document(
            application=application, kind="quotes", upload=paper(f"{at}.pdf", PDF + str(at).encode()),
            by=person("lupe"), on=DAY,
        )  # fmt: skip
    lupe = as_("lupe")
    with django_assert_max_num_queries(12):
        lupe.get(step_url(application, "documents"))

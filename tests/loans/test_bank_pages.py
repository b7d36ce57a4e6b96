"""Pages of bank statements (Rule P-2): from the file to posted payments, and every way in which a file is wrong."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.registries import work_of
from fund.models import BankStatement
from loans import bank_posting
from loans.models import BankMatch, Payment
from tests.fund.banking import files
from tests.kept import kept
from tests.stories import banking as story
from tests.stories import loans as loan_story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(40)
NEW = "/bank-statements/new/"
MAP = {
    "columns": "1", "value_on": "Fecha", "credit": "Abono", "debit": "Cargo", "text": "Concepto",
    "reference": "Referencia",
    "delimiter": ",", "decimal_mark": ".", "date_format": "%d/%m/%Y",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(f"{LATER}T18:00:00Z", tick=False), translation.override("en"):
        yield


told, loan = kept(lambda: loan_story.one_paid_out("9000000.00"))


def text(answer):
    return answer.content.decode()


def upload(client, content, name="estado.csv", **more):
    file = SimpleUploadedFile(name, content)
    return client.post(NEW, {"account": story.account().code, "file": file} | more)


def test_rule_P2_from_the_file_to_the_receipt(open_as, loan, django_capture_on_commit_callbacks):
    carmen = open_as("carmen")
    first = files.csv(
        f'{LATER:%d/%m/%Y},SPEI,{loan.reference},,"3,500.50"',
        f"{LATER:%d/%m/%Y},DEPOSITO,,,77.00",
        f"{LATER:%d/%m/%Y},COMISION,,10.00,",
        f'{LATER:%d/%m/%Y},SPEI {loan.firm.legal_name},,,"1,000.00"',
    )
    asked = text(upload(carmen, first))
    assert "Which column is which?" in asked
    assert 'value="Fecha"' in asked, "a guess to be confirmed"
    answer = upload(carmen, first, **MAP)
    statement = BankStatement.objects.get()
    assert answer.url == reverse("loans:bank_statement", args=[statement.pk])
    page = text(carmen.get(answer.url))
    for words in (
        "Matched",
        "Suggested",
        "Unmatched",
        "Money out",
        "its payment reference",
        loan.ref,
        "3,500.50",
        "Post 2 lines",
    ):
        assert words in page
    assert "estado.csv" in text(carmen.get("/bank-statements/"))
    suggested = BankMatch.objects.get(found="suggested")
    carmen.post(reverse("loans:bank_accept", args=[suggested.pk]))
    order = reverse("loans:bank_post", args=[statement.pk])
    confirm = text(carmen.get(order))
    assert "4,500.50" in confirm
    assert "77.00" in confirm
    with django_capture_on_commit_callbacks():
        carmen.post(order)
    assert "Posting: 0 of 3 lines" in text(carmen.get(answer.url))
    assert not Payment.objects.exists()
    assert bank_posting.post_ordered() == 3
    done = text(carmen.get(reverse("loans:bank_progress", args=[statement.pk])))
    assert "2 payments posted" in done
    assert "1 line kept as unmatched money" in done
    assert "hx-trigger" not in done, "nothing more to ask for"
    assert {payment.amount for payment in Payment.objects.all()} == {D("3500.50"), D("1000.00")}
    again = carmen.post(
        NEW, {"account": story.account().code, "file": SimpleUploadedFile("b.csv", first)}, follow=True
    )
    assert "imported before: nothing was added" in text(again)
    assert Payment.objects.count() == 2


def test_unmatched_money_finds_its_loan_on_its_page(open_as, loan):
    carmen = open_as("carmen")
    statement = story.taken_in(story.row(LATER, "3000.00", "DEPOSITO <b>"), on=LATER)
    story.posted(statement, on=LATER)
    assert "3,000.00" in text(carmen.get("/bank-statements/"))
    page = text(carmen.get("/bank-statements/unmatched/"))
    assert "DEPOSITO &lt;b&gt;" in page
    url = reverse("loans:bank_line", args=[BankMatch.objects.get().pk])
    assert "No loan bears" in text(carmen.post(url, {"loan": "L-1999-0001"}))
    shown = text(carmen.post(url, {"loan": loan.numeric_reference, "show": "1"}))
    assert "What this payment will do" in shown
    assert not Payment.objects.exists()
    answer = carmen.post(url, {"loan": loan.ref})
    assert answer.url == reverse("loans:payment", args=[Payment.objects.get().number])
    assert "No money waits" in text(carmen.get("/bank-statements/unmatched/"))


def test_a_line_is_decided_on_its_page(open_as, loan):
    carmen = open_as("carmen")
    statement = story.taken_in(story.row(LATER, "3000.00", "X"), on=LATER)
    (match,) = story.matches(statement)
    url = reverse("loans:bank_line", args=[match.pk])
    assert "Say which loan" in text(carmen.post(url, {"decision": "pay"}))
    assert "Say why" in text(carmen.post(url, {"decision": "ignore", "reason": ""}))
    assert carmen.post(url, {"decision": "ignore", "reason": "Our own transfer"}).status_code == 302
    assert "Our own transfer" in text(carmen.get(url))
    assert carmen.post(url, {"decision": "pay", "loan": loan.reference}).status_code == 302
    story.posted(statement, on=LATER)
    assert 'name="decision"' not in text(carmen.get(url)), "posted: nothing to decide any more"


def test_rule_P2_money_that_went_out_can_only_be_left_out(open_as, loan):
    carmen = open_as("carmen")
    statement = story.taken_in(story.row(LATER, "-10.00", "Commission"), on=LATER)
    (match,) = story.matches(statement)
    url = reverse("loans:bank_line", args=[match.pk])
    page = text(carmen.get(url))
    assert 'value="ignore"' in page
    for offered in ('value="pay"', 'value="hold"', 'name="loan"', "Show what it pays"):
        assert offered not in page
    for refused in ({"decision": "pay", "loan": loan.ref}, {"decision": "ignore", "reason": " "}):
        assert carmen.post(url, refused).status_code == 200
    match.refresh_from_db()
    assert match.loan is None
    assert carmen.post(url, {"decision": "ignore", "reason": "Commission of the bank"}).status_code == 302
    match.refresh_from_db()
    assert (match.decision, match.reason) == ("ignore", "Commission of the bank")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"%PDF-1.7\n", "is not a bank statement"), (b"x," * 3_000_000, "larger than 5"),
     (files.mt940()[:200], "cut off at line"), (files.camt()[:900], "cut off"),
     (files.mt940(currency="USD"), "is in USD"),
     (files.csv('02/03/2026,X,,,"3.500,50"'), "is not an amount"), (files.csv("2026-03-02,X,,,1.00"), "is not a day"),
     ("Fecha,Concepto\nñ,ñ\n".encode("latin-1"), "Say anew which column")],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_on_the_page(open_as, loan, content, sentence):
    carmen = open_as("carmen")
    answer = upload(carmen, content, **MAP)
    assert answer.status_code == 200
    assert sentence in text(answer).replace("\xa0", " ")
    assert not BankStatement.objects.exists()


CUT = files.csv(*files.ROWS, '05/03/2026,"SPEI')
COLUMNS = "Columns of the file"


@pytest.mark.parametrize("described", [False, True])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [(CUT, "damaged or cut off at line 5"), (files.HEAD.encode(), "has no movement in it"), (b"", "is empty"),
     (b"%PDF-1.7\n", "is not a bank"), (files.mt940()[:200], "cut off at line"),
     (files.mt940(closing="1,00"), "closing balance")],
)  # fmt: skip
def test_rule_P2_of_a_file_that_cannot_be_read_no_columns_are_asked(
    open_as, db, described, content, sentence
):
    if described:
        story.described()
    page = text(upload(open_as("carmen"), content))
    assert sentence in page
    assert COLUMNS not in page
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"Fecha;Abono\n02/03/2026;5.00\n", files.csv("2026-03-02,X,,,1.00"), files.csv('02/03/2026,X,,,"3.500,50"')],
)  # fmt: skip
def test_rule_P2_of_a_file_in_another_form_the_columns_are_asked_anew(open_as, db, content):
    story.described()
    page = text(upload(open_as("carmen"), content))
    assert COLUMNS in page
    assert 'value="Fecha"' in page


def test_what_was_said_of_the_columns_stays_when_the_file_is_damaged(open_as, db):
    page = text(upload(open_as("carmen"), CUT, **MAP))
    assert "damaged or cut off" in page
    assert COLUMNS in page


def test_a_form_without_a_file_says_so(open_as, db):
    assert "This field is required" in text(open_as("carmen").post(NEW, {"account": story.account().code}))
    assert open_as("carmen").post(NEW, {"account": "nope"}).status_code == 200


def test_columns_that_name_no_money_are_refused(open_as, loan):
    answer = upload(open_as("carmen"), files.csv(), **(MAP | {"credit": "", "debit": ""}))
    assert "Say which column holds the money" in text(answer)


def test_filters_export_and_set_aside(open_as, loan):
    carmen = open_as("carmen")
    statement = story.taken_in(
        story.row(LATER, "10.00", "=A1"), story.row(LATER, "20.00", "B", reference=loan.reference), on=LATER
    )
    url = reverse("loans:bank_statement", args=[statement.pk])
    for query, rows in (("found=matched", 1), ("found=unmatched", 1), ("stage=ready", 2), ("stage=open", 0),
                        ("stage=posted", 0), ("stage=out", 0), ("q=RF", 1), ("sort=-line__amount", 2)):  # fmt: skip
        assert f"{rows} row" in text(carmen.get(f"{url}?{query}"))
    export = b"".join(carmen.get(f"{url}?export=csv").streaming_content).decode()
    assert "its payment reference" in export
    assert "20.00" in export
    aside = reverse("loans:bank_set_aside", args=[statement.pk])
    assert "wrong file" in text(carmen.get(aside))
    carmen.post(aside)
    assert "was set aside" in text(carmen.get(url))
    assert "No statement yet" in text(carmen.get("/bank-statements/"))


def test_rule_X2_who_reads_and_who_writes(open_as, loan):
    statement = story.taken_in(story.row(LATER, "10.00", "A"), on=LATER)
    (match,) = story.matches(statement)
    read = ["/bank-statements/", "/bank-statements/unmatched/", f"/bank-statements/{statement.pk}/",
            f"/bank-statements/lines/{match.pk}/", f"/bank-statements/{statement.pk}/progress/"]  # fmt: skip
    write = [NEW, f"/bank-statements/{statement.pk}/post/", f"/bank-statements/{statement.pk}/set-aside/"]
    for name, reads, writes in (
        ("carmen", 200, 200),
        ("teresa", 200, 403),
        ("aldo", 200, 403),
        ("rosa", 403, 403),
        ("lupe", 403, 403),
    ):
        client = open_as(name)
        assert {client.get(url).status_code for url in read} == {reads}
        assert {client.get(url).status_code for url in write} == {writes}
    assert (
        open_as("aldo").post(f"/bank-statements/lines/{match.pk}/", {"decision": "hold"}).status_code == 200
    )
    assert BankMatch.objects.get().decided_by is None
    assert open_as("aldo").post(f"/bank-statements/lines/{match.pk}/accept/").status_code == 403
    assert open_as("carmen").get(f"/bank-statements/lines/{match.pk}/accept/").status_code == 405


def test_accepting_what_cannot_be_accepted_says_why(open_as, loan):
    (match,) = story.matches(story.taken_in(story.row(LATER, "10.00", "A"), on=LATER))
    answer = open_as("carmen").post(reverse("loans:bank_accept", args=[match.pk]), follow=True)
    assert "Say which loan it pays" in text(answer)


def test_a_page_of_a_large_statement_takes_few_queries(open_as, loan, django_assert_max_num_queries):
    carmen = open_as("carmen")
    rows = [story.row(LATER, f"{n}.00", f"SPEI {n}", reference=loan.reference) for n in range(1, 120)]
    statement = story.taken_in(*rows, on=LATER)
    with django_assert_max_num_queries(12):
        page = carmen.get(reverse("loans:bank_statement", args=[statement.pk]))
    assert len(page.content) < 150_000
    with django_assert_max_num_queries(12):
        carmen.get("/bank-statements/")


def test_what_waits_is_in_the_cashiers_queue(loan):
    statement = story.taken_in(
        story.row(LATER, "10.00", payer=loan.firm.legal_name), story.row(LATER, "20.00", "?"), on=LATER
    )
    story.posted(statement, on=LATER)
    waiting = {item.queue.code: item.rows for item in work_of(person("carmen"))}
    assert "10.00" in waiting["bank-lines-to-decide"][0].text
    assert "20.00" in waiting["unmatched-money"][0].text
    assert waiting["unmatched-money"][0].url == reverse(
        "loans:bank_line", args=[story.matches(statement)[1].pk]
    )

"""Every list page: search, filter, sort, paging, export; the same number of queries whatever the length."""

import csv
import io
from datetime import date
from decimal import Decimal

import django_filters
import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from moneyed import Money
from openpyxl import load_workbook

from accounts import exports
from accounts.badges import Badge
from accounts.listing import Column, listing
from accounts.models import User

pytestmark = pytest.mark.django_db

COLUMNS = [
    Column("Name", "full_name", sort="full_name", link=lambda user: f"/people/{user.pk}/"),
    Column("E-mail", "email", sort="email"),
    Column("Language", "get_language_display"),
    Column("Length", lambda user: len(user.full_name), numeric=True),
]


class Filters(django_filters.FilterSet):
    class Meta:
        model = User
        fields = ["language"]


def people(count: int) -> None:
    User.objects.bulk_create(
        User(email=f"p{n:04}@example.org", full_name=f"Person {n:04}", language="fr" if n % 2 else "es")
        for n in range(count)
    )


def ask(query: str = "", **kwargs):
    request: HttpRequest = RequestFactory().get(f"/list/?{query}")
    options = {
        "columns": COLUMNS,
        "filterset": Filters,
        "filename": "People of the fund",
        "search": ["full_name", "email"],
        "per_page": 10,
    }
    found = User.objects.filter(email__endswith="@example.org").order_by("full_name")
    return listing(request, found, **(options | kwargs))


def names(page) -> list[str]:
    return [row[0].value for row in page["listing"].rows]


def test_the_first_page_knows_that_there_is_a_next():
    people(25)
    shown = ask()["listing"]
    assert len(shown.rows) == 10
    assert shown.page.has_next
    assert not shown.page.has_previous
    assert shown.total == 25
    assert shown.page.next_url == "?page=2"


def test_the_last_page_has_no_next():
    people(25)
    shown = ask("page=3")["listing"]
    assert [len(shown.rows), shown.page.has_next, shown.page.has_previous] == [5, False, True]


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "99999999999999", "1.5"])
def test_a_page_that_is_no_number_is_the_first_or_empty(page):
    people(3)
    assert ask(f"page={page}")["listing"].page.number >= 1


def test_pages_keep_search_filter_and_order():
    people(45)
    shown = ask("q=person&language=fr&sort=-email&page=2")["listing"]
    for part in ("q=person", "language=fr", "sort=-email", "page=3"):
        assert part in shown.page.next_url


def test_every_word_of_a_search_must_be_somewhere():
    people(12)
    assert names(ask("q=person+0003")) == ["Person 0003"]
    assert names(ask("q=p0003%40example")) == ["Person 0003"]
    assert names(ask("q=person+nobody")) == []


def test_a_filter_narrows_and_says_so():
    people(6)
    page = ask("language=fr")
    assert len(names(page)) == 3
    assert page["listing"].filtered
    assert not ask()["listing"].filtered


def test_sorting_turns_at_the_second_click():
    people(3)
    first = ask("sort=email")["listing"]
    assert first.heads[1].order == "ascending"
    assert first.heads[1].url == "?sort=-email"
    assert names(ask("sort=-email")) == ["Person 0002", "Person 0001", "Person 0000"]


@pytest.mark.parametrize("sort", ["password", "-password", "email__icontains", "pk", "--email", "nothing"])
def test_nobody_sorts_by_what_is_no_column(sort):
    people(3)
    shown = ask(f"sort={sort}")["listing"]
    assert shown.sort == ""
    assert [row[0].value for row in shown.rows] == ["Person 0000", "Person 0001", "Person 0002"]


def test_pages_never_overlap_when_values_repeat():
    people(30)
    User.objects.filter(email__endswith="@example.org").update(full_name="Same")
    seen = [row[1].value for n in (1, 2, 3) for row in ask(f"sort=full_name&page={n}")["listing"].rows]
    assert len(set(seen)) == 30


def test_the_total_is_counted_up_to_a_thousand(monkeypatch):
    monkeypatch.setattr("accounts.listing.COUNTED", 5)
    people(8)
    shown = ask()["listing"]
    assert [shown.total, shown.more_than_total] == [5, True]


@pytest.mark.parametrize("count", [3, 30])
def test_two_queries_whatever_the_length(count, django_assert_num_queries):
    people(count)
    with django_assert_num_queries(2):
        render_to_string("components/listing.html", ask(per_page=50))


def test_the_page_links_and_says_what_an_empty_list_means():
    people(1)
    assert 'href="/people/' in render_to_string(
        "components/listing.html", ask(), request=RequestFactory().get("/list/")
    )
    nothing = render_to_string(
        "components/listing.html", ask("q=nobody"), request=RequestFactory().get("/list/")
    )
    assert "search-x" in nothing or "empty" in nothing


# Exports ------------------------------------------------------------------------------------------


def csv_rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_an_export_holds_every_row_of_the_filter_not_the_page():
    people(25)
    rows = csv_rows(ask("export=csv&language=fr&page=2"))
    assert rows[0] == ["Name", "E-mail", "Language", "Length"]
    assert len(rows) == 1 + 12


def test_an_export_is_a_file_with_a_plain_name():
    response = ask("export=csv")
    assert response["Content-Disposition"] == 'attachment; filename="people-of-the-fund.csv"'


@pytest.mark.parametrize("start", ["=1+1", "+52 477", "-2", "@SUM(A1)", "\tx", "\r=1"])
def test_text_never_runs_as_a_formula(start):
    User.objects.create(email="x@example.org", full_name=start)
    assert csv_rows(ask("export=csv"))[1][0] == f"'{start}"
    sheet = load_workbook(io.BytesIO(b"".join(ask("export=xlsx").streaming_content))).active
    assert str(sheet["A2"].value).startswith("'")
    assert sheet["A2"].data_type == "s"


def test_an_empty_list_exports_its_heading():
    assert csv_rows(ask("export=csv")) == [["Name", "E-mail", "Language", "Length"]]


class Things:
    """A queryset's stand-in whose rows are plain things."""

    def __init__(self, *rows):
        self.rows = rows

    def iterator(self, chunk_size):
        return iter(self.rows)


def test_rule_M1_money_exports_as_figure_and_currency():
    columns = [
        Column("Amount", lambda row: row, numeric=True),
        Column("Hidden", lambda row: 1, exported=False),
    ]
    things = Things(Money("-1234.50", "MXN"), None, Money("5", "USD"))
    rows = csv_rows(exports.export(things, columns=columns, filename="x", kind="csv"))
    assert rows == [["Amount", "Currency"], ["-1234.50", "MXN"], ["", ""], ["5", "USD"]]


def test_numbers_dates_and_states_keep_their_kind():
    columns = [Column("V", lambda row: row)]
    things = Things(Decimal("-3.5"), date(2026, 3, 2), Badge("good", "check", "Approved"), True, None)
    book = load_workbook(
        io.BytesIO(
            b"".join(exports.export(things, columns=columns, filename="x", kind="xlsx").streaming_content)
        )
    )
    values = [cell.value for cell in book.active["A"]]
    assert values[1] == -3.5
    assert values[2].date() == date(2026, 3, 2)
    assert values[3] == "Approved"

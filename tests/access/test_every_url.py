"""X-1, X-2: every address says who may open it, and is opened as every role against a table in review.

The table is tests/access/table.csv. After a change that is meant, write it anew with
`FIPREV_WRITE_TABLE=1 ./test tests/access` and review the difference line by line.
"""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.roles import ROLES
from fund import documents
from tests.access.objects import arguments
from tests.access.walk import Address, addresses
from tests.world import CAST, person

TABLE = Path(__file__).with_name("table.csv")
# One person per role, and three who hold none: the firm's owner, another firm's owner, a stranger.
WHO = {"anonymous": None, "owner": "lupe", "other firm": "memo"} | {
    row.code: next(name for name, (_, _, roles) in CAST.items() if row.code in roles) for row in ROLES
}


# Pages that may take more than twelve queries, each with its reason; however long the lists, they take the same.
MANY_QUERIES = {
    "fund:checks": "runs every check of the books and of the trail",
}


def ours() -> list[Address]:
    return [address for address in addresses() if not address.of_a_library]


def test_every_view_of_ours_says_who_may_open_it():
    silent = [address.name for address in ours() if not address.mark]
    assert not silent, f"without @allow, @signed_in or @public: {silent}"


def test_every_address_has_a_name_of_its_own():
    names = [address.name for address in ours()]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice


def browser_of(name: str | None) -> Client:
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(person(name))
    return client


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer and what it cost."""

    status: int
    kind: str
    queries: int
    weight: int

    @property
    def is_heavy(self) -> bool:
        """A page takes at most 12 queries and 150 kB; a file or an export may take more."""
        return self.kind.startswith("text/html") and (self.queries > 12 or self.weight > 150_000)


class Queries:
    """Counts what a page asks the database, without the cost of writing it all down.

    Not counted is the note of a staff member's last activity, made once a minute (rule X-3), with its savepoint.
    """

    def __init__(self) -> None:
        self.asked = self.notes = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.asked += 1
        self.notes += sql.startswith('UPDATE "django_session"')
        return execute(sql, *rest)

    @property
    def of_the_page(self) -> int:
        return self.asked - 3 * self.notes


def opened(browser: Client, path: str) -> Opened:
    queries = Queries()
    with connection.execute_wrapper(queries):
        answer = browser.get(path)
    weight = 0 if answer.streaming else len(answer.content)
    return Opened(answer.status_code, answer.headers.get("Content-Type", ""), queries.of_the_page, weight)


def settled(browser: Client, path: str) -> Opened:
    """Figures that its first reader had computed and kept count as the next one finds them."""
    answer = opened(browser, path)
    return opened(browser, path) if answer.is_heavy else answer


@pytest.mark.django_db
def test_rule_X2_every_address_as_every_role_answers_as_in_the_table(settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR = False
    sheet = documents.render("<html lang=en><title>A paper</title><p>Words", identifier="paper")
    monkeypatch.setattr(documents, "render", lambda page, identifier: sheet)  # papers are drawn in tests/fund
    known = arguments()
    browsers = {who: browser_of(name) for who, name in WHO.items()}
    rows, heavy = [], []
    for address in ours():
        path = reverse(address.name, kwargs=known[address.name] if address.parameters else {})
        answers = {who: settled(browser, path) for who, browser in browsers.items()}
        rows.append([address.name, address.mark, *(str(answer.status) for answer in answers.values())])
        heavy += [
            f"{address.name} as {who}: {answer}"
            for who, answer in answers.items()
            if answer.is_heavy and address.name not in MANY_QUERIES
        ]
    found = [["address", "opens for", *browsers], *sorted(rows)]
    if os.environ.get("FIPREV_WRITE_TABLE"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with TABLE.open(newline="", encoding="utf-8") as file:
        reviewed = list(csv.reader(file))
    assert [row[0] for row in found] == [row[0] for row in reviewed], "addresses were added or removed"
    wrong = [(new, old) for new, old in zip(found, reviewed, strict=True) if new != old]
    assert not wrong
    assert not heavy, "\n".join(heavy)


def test_rule_X2_the_table_in_review_keeps_strangers_out():
    """What must hold of the table itself, whoever writes it anew."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert "500" not in row.values(), f"{row['address']} breaks"
        if row["opens for"] != "public":
            assert row["anonymous"] in {"302", "405"}, f"{row['address']} opens without signing in"
        if "." in row["opens for"]:  # an address of the staff
            assert row["owner"] in {"403", "404", "405"}, f"{row['address']} opens for a firm"
            assert row["other firm"] in {"403", "404", "405"}, f"{row['address']} opens for a firm"

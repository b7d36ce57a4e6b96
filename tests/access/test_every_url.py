"""X-1, X-2: every address says who may open it, and is opened as every role against a table in review.

The table is tests/access/table.csv. After a change that is meant, write it anew with
`FIPREV_WRITE_TABLE=1 ./test tests/access` and review the difference line by line.
"""

import csv
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import ROLES
from tests.access.objects import arguments
from tests.access.walk import Address, addresses
from tests.world import CAST, person

TABLE = Path(__file__).with_name("table.csv")
# One person per role, and three who hold none: the firm's owner, another firm's owner, a stranger.
WHO = {"anonymous": None, "owner": "lupe", "other firm": "memo"} | {
    row.code: next(name for name, (_, _, roles) in CAST.items() if row.code in roles) for row in ROLES
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


@pytest.mark.django_db
def test_rule_X2_every_address_as_every_role_answers_as_in_the_table(settings):
    settings.STAFF_SECOND_FACTOR = False
    known = arguments()
    browsers = {who: browser_of(name) for who, name in WHO.items()}
    rows = []
    for address in ours():
        path = reverse(address.name, kwargs=known[address.name] if address.parameters else {})
        statuses = [str(browser.get(path).status_code) for browser in browsers.values()]
        rows.append([address.name, address.mark, *statuses])
    found = [["address", "opens for", *browsers], *sorted(rows)]
    if os.environ.get("FIPREV_WRITE_TABLE"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with TABLE.open(newline="", encoding="utf-8") as file:
        reviewed = list(csv.reader(file))
    assert [row[0] for row in found] == [row[0] for row in reviewed], "addresses were added or removed"
    wrong = [(new, old) for new, old in zip(found, reviewed, strict=True) if new != old]
    assert not wrong


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

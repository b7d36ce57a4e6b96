"""Slots, queues, dates and checks: filled downstream, shown upstream, nothing imported."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.template import Context, Template

from accounts import registries
from accounts.models import User
from accounts.registries import DateItem, Finding, QueueRow, Registry
from tests.world import DAY, person

HERE = "tests.accounts.test_registries"


def card(request: object, obj: str) -> str | None:
    return f"<p>{obj}</p>" if obj != "nothing" else None


def staff(user: User) -> "QuerySet[User]":
    return User.objects.filter(full_name__in=["Ada Ibarra", "Rosa Méndez", "Sofía Lara"]).order_by(
        "full_name"
    )


def nobody(user: User) -> "QuerySet[User]":
    return User.objects.none()


def staff_row(user: User) -> QueueRow:
    return QueueRow(user.full_name, f"/people/{user.pk}/", DAY)


def dates(user: User) -> list[DateItem]:
    return [DateItem(date(2026, 4, 2), "later", "/b/"), DateItem(date(2026, 4, 1), "sooner", "/a/")]


def sad(on: date) -> list[Finding]:
    return [Finding("sad", f"test:{on}", "1", "2", "It does not add up.")]


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(registries, "_registry", Registry())


def test_a_slot_shows_the_cards_that_have_something_to_say():
    registries.fill_slot("page.aside", f"{HERE}.card")
    registries.fill_slot("page.aside", f"{HERE}.card")
    page = Template("{% load slots %}{% slot 'page.aside' obj %}")
    assert page.render(Context({"request": None, "obj": "loan"})) == "<p>loan</p>"
    assert page.render(Context({"request": None, "obj": "nothing"})) == ""


def test_a_slot_nobody_filled_is_empty():
    assert Template("{% load slots %}{% slot 'no.such' 1 %}").render(Context({"request": None})) == ""


@pytest.mark.django_db
def test_a_queue_shows_its_first_rows_to_those_who_may():
    registries.register_queue(
        "staff", title="Staff", perm="people.manage", items=f"{HERE}.staff", row=f"{HERE}.staff_row", url="x"
    )
    for name in ("rosa", "sofia"):
        person(name)
    (waiting,) = registries.work_of(person("ada"), shown=2)
    assert [row.text for row in waiting.rows] == ["Ada Ibarra", "Rosa Méndez"]
    assert waiting.more
    assert registries.work_of(person("rosa")) == []


@pytest.mark.django_db
def test_an_empty_queue_is_left_out():
    registries.register_queue(
        "none", title="None", perm="people.manage", items=f"{HERE}.nobody", row=f"{HERE}.staff_row", url="x"
    )
    assert registries.work_of(person("ada")) == []


def test_dates_come_in_order():
    registries.register_dates(f"{HERE}.dates")
    assert [item.title for item in registries.dates_of(AnonymousUser())] == ["sooner", "later"]  # type: ignore[arg-type]


def test_checks_return_findings():
    registries.register_check("sad", f"{HERE}.sad")
    assert registries.check_names() == ["sad"]
    assert [finding.subject for finding in registries.run_checks(DAY)] == [f"test:{DAY}"]

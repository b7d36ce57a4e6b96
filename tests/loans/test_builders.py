"""The short way to an approved application (builders.approved) leaves what the real verbs leave."""

import re

import pytest
from django.apps import apps

from accounts import audit
from accounts.models import AuditEvent
from committee.conditions import NewCondition
from committee.models import Resolution
from fund import capital
from loans import contracts
from tests.loans.builders import approved, money_to_lend
from tests.stories import committee
from tests.world import DAY, everybody, person

pytestmark = pytest.mark.django_db

NOT_WRITTEN = {
    "resolution": {"tally", "quorum", "presence", "rules"},
    "item": {"paper", "quorum"},
}
"""What the short way leaves empty: nobody sat, nobody voted, no paper was frozen."""

NOT_PLAYED = {
    "accounts.StoredFile",
    "committee.Attendance",
    "committee.Ballot",
    "committee.Declaration",
    "committee.Evaluation",
    "committee.Score",
    "fund.IssuedDocument",
    "fund.NumberSeries",
    "projects.ApplicationDocument",
    "projects.ApplicationVersion",
    "projects.BudgetLine",
    "projects.ExpectedBenefit",
}
"""Rows of the long way that the short way has none of: papers, versions, readings, numbers, votes."""


@pytest.fixture(autouse=True)
def _stage(db):
    money_to_lend("30000000.00")
    everybody()
    committee.seated()


def the_long_way():
    permit = NewCondition(text="Permit", due_on=DAY + 2 * committee.NOTICE, proof="A paper")
    return committee.approved_application(conditions=[permit])[0]


def the_short_way(**changes):
    asked = {
        "amount": "400000.00",
        "product": "cleaner-process",
        "term": 36,
        "grace": 6,
        "conditions": ["Permit"],
    }
    return approved(**asked | changes)


def rows(application):
    """All that a loan reads of what happened before it."""
    resolution = Resolution.objects.get(number=application.resolution)
    return {
        "application": application,
        "firm": application.firm,
        "member": application.firm.members.get(),
        "resolution": resolution,
        "item": resolution.item,
        "session": resolution.session,
        "condition": resolution.conditions.get(),
    }


def filled(row):
    """Names of the fields that hold something."""
    return {field.name for field in row._meta.concrete_fields if getattr(row, field.attname)}


def chosen(row):
    """The fields that are one of a few words, among them the state."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.choices}


def shape(text):
    return re.sub(r"[0-9]+", "0", str(text))


def counted():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def grown(build):
    """The application, and the models of which it left rows."""
    before = counted()
    made = build()
    return made, {label for label, number in counted().items() if number > before[label]}


def test_the_short_way_fills_the_fields_that_the_verbs_fill():
    long, short = rows(the_long_way()), rows(the_short_way())
    for name, row in long.items():
        assert filled(row) - filled(short[name]) == NOT_WRITTEN.get(name, set()), name
        assert filled(short[name]) <= filled(row), name


def test_the_short_way_ends_in_the_states_of_the_verbs():
    long, short = rows(the_long_way()), rows(the_short_way())
    for name, row in long.items():
        assert chosen(row) == chosen(short[name]), name
        if hasattr(row, "audit_ref"):
            assert shape(row.audit_ref) == shape(short[name].audit_ref)
    ours, theirs = long["application"], short["application"]
    for field in ("amount", "approved_amount", "term_months", "grace_months", "product_id", "currency"):
        assert getattr(ours, field) == getattr(theirs, field), field
    for field in ("ref", "resolution", "session", "agreement"):
        assert shape(getattr(ours, field)) == shape(getattr(theirs, field)), field
    assert long["resolution"].amount == short["resolution"].amount
    assert long["resolution"].terms.keys() == short["resolution"].terms.keys()


def test_the_short_way_leaves_out_what_it_says_and_nothing_else():
    _long, by_verbs = grown(the_long_way)
    _short, by_rows = grown(the_short_way)
    assert by_rows <= by_verbs
    assert by_verbs - by_rows == NOT_PLAYED


def test_what_the_decision_sets_in_motion_is_the_verb_itself():
    long, short = the_long_way(), the_short_way()
    assert capital.reserved(long.ref) == capital.reserved(short.ref) == [short.approved_amount]
    assert audit.history(short)[0].verb == audit.history(long)[0].verb
    (change,) = short.changes.all()
    last = long.changes.last()
    assert (change.before, change.after, change.by) == (last.before, last.after, last.by)
    letters = AuditEvent.objects.filter(object=short.audit_ref)
    assert letters.count() == 1


def test_the_same_contract_is_drafted_from_both():
    drafts = [
        contracts.draft(application=application, by=person("rosa"), on=DAY + 2 * committee.NOTICE)
        for application in (the_long_way(), the_short_way())
    ]
    ours, theirs = drafts
    assert (ours.principal, ours.terms, ours.cat_pct) == (theirs.principal, theirs.terms, theirs.cat_pct)
    assert filled(ours) == filled(theirs)
    assert ours.contract.facts.keys() == theirs.contract.facts.keys()
    assert [part["text"] for part in ours.conditions] == [part["text"] for part in theirs.conditions]

"""Rows that nothing refers to wait for one another where many verbs share a transaction."""

import pytest
from django.db import transaction

from accounts import audit, notices
from accounts.gathering import AT_ONCE, gathered
from accounts.models import AuditEvent, Notice, User
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def record(count):
    system = User.objects.system()
    for n in range(count):
        audit.record("test.happened", f"test:{n}", by=system, on=DAY)


def recorded():
    return list(
        AuditEvent.objects.filter(verb="test.happened").order_by("pk").values_list("object", flat=True)
    )


def tell(about="test:1"):
    return notices.tell("loan-paid-out", to=person("lupe"), about=about)


def told():
    return set(Notice.objects.filter(kind="loan-paid-out").values_list("about", flat=True))


def test_rows_are_written_by_the_hundred_in_their_order(django_assert_num_queries):
    with django_assert_num_queries(1 + 3), gathered(AuditEvent):  # who wrote them, and the rows
        record(2 * AT_ONCE + 1)
    assert recorded() == [f"test:{n}" for n in range(2 * AT_ONCE + 1)]


def test_only_the_named_tables_wait():
    with gathered(Notice):
        record(1)
        tell()
        assert recorded() == ["test:0"]
        assert told() == set()
    assert told() == {"test:1"}


def test_within_gathering_the_outer_block_writes(django_assert_num_queries):
    system = User.objects.system()
    with django_assert_num_queries(1), gathered(AuditEvent):
        with gathered(AuditEvent), django_assert_num_queries(0):
            audit.record("test.happened", "inner", by=system, on=DAY)
        audit.record("test.happened", "outer", by=system, on=DAY)
    assert recorded() == ["inner", "outer"]


def test_rule_N1_what_was_said_before_is_not_said_again_when_it_is_gathered():
    first = tell()
    with gathered(Notice):
        tell()
        tell()
        tell(about="test:2")
    assert told() == {"test:1", "test:2"}
    assert Notice.objects.filter(kind="loan-paid-out").count() == 2
    assert tell() == first


def test_rows_that_wait_are_not_written_when_what_they_tell_of_is_taken_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), gathered(AuditEvent):
        record(2)
        raise ZeroDivisionError
    assert recorded() == []
    record(1)
    assert recorded() == ["test:0"], "and the next row is written at once"


@pytest.mark.django_db(transaction=True)
def test_rows_do_not_wait_outside_a_transaction():
    with pytest.raises(AssertionError, match="stand or fall"), gathered(AuditEvent):
        record(1)

"""X-4: rows are added, never changed; the chain names the first row that does not fit."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction
from djmoney.money import Money

from accounts import audit
from accounts.models import AuditEvent, Seal, SealedEvent, User
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
TABLES = ["accounts_auditevent", "accounts_seal", "accounts_sealedevent", "accounts_readevent"]


def write(count: int) -> list[AuditEvent]:
    system = User.objects.system()
    for n in range(count):
        audit.record("test.happened", f"test:{n}", by=system, on=DAY, after={"n": n})
    return list(AuditEvent.objects.order_by("-pk")[:count])[::-1]


def tamper(sql: str, *params: object) -> None:
    """What a superuser could do behind the database's refusal."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_row_tells_who_did_what_to_which_object_and_keeps_money_and_dates_as_text():
    rosa = person("rosa")
    audit.record(
        "loan.changed", rosa, by=rosa, on=DAY,
        before={"amount": Money("10.50", "MXN"), "due": date(2026, 1, 31)}, after={"rate": Decimal("12.0")},
    )  # fmt: skip
    event = audit.history(rosa)[0]
    assert (event.person, event.object, event.label) == (
        rosa.email,
        f"accounts.user:{rosa.pk}",
        "Rosa Méndez",
    )
    assert event.before == {"amount": "10.50 MXN", "due": "2026-01-31"}
    assert event.after == {"rate": "12.0"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_rule_X4_the_database_refuses_change_and_deletion(table, verb):
    write(1)
    audit.seal()
    audit.record_read("file", "test:1", by=User.objects.system())
    column = {"accounts_sealedevent": "digest", "accounts_seal": "head"}.get(table, "person")
    with (
        pytest.raises((InternalError, IntegrityError), match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(verb.format(table, column, column))


def test_rule_X4_sealed_rows_verify_and_the_tail_is_reported():
    write(5)
    seal = audit.seal()
    assert seal is not None
    write(2)
    found = audit.verify()
    assert found.broken is None
    assert (found.sealed, found.unsealed) == (SealedEvent.objects.count(), 2)
    assert found.head == seal.head
    assert found.oldest_unsealed is not None


def test_sealing_again_adds_nothing_and_batches_follow_each_other():
    write(7)
    assert audit.seal(limit=4).events == 4  # type: ignore[union-attr]
    while audit.seal(limit=4):
        pass
    assert audit.seal() is None
    positions = list(SealedEvent.objects.values_list("position", flat=True))
    assert positions == list(range(1, AuditEvent.objects.count() + 1))
    assert audit.verify().broken is None


@pytest.mark.parametrize("column", ["person", "verb", "object", "label", "note"])
def test_rule_X4_a_changed_row_is_named(column):
    events = write(4)
    audit.seal()
    tamper(f"UPDATE accounts_auditevent SET {column} = 'x' WHERE id = %s", events[2].pk)
    found = audit.verify()
    assert found.broken is not None
    assert f"event {events[2].pk} " in found.broken
    assert "was changed" in found.broken


def test_rule_X4_a_deleted_row_is_named():
    events = write(4)
    audit.seal()
    tamper("DELETE FROM accounts_auditevent WHERE id = %s", events[1].pk)
    assert f"event {events[1].pk} " in str(audit.verify().broken)


def test_rule_X4_two_rows_that_changed_places_are_found():
    first, second = write(2)
    audit.seal()
    tamper(
        "UPDATE accounts_auditevent a SET after = b.after, label = b.label, object = b.object "
        "FROM accounts_auditevent b WHERE a.id IN (%s, %s) AND b.id IN (%s, %s) AND a.id <> b.id",
        first.pk, second.pk, first.pk, second.pk,
    )  # fmt: skip
    assert f"event {first.pk} " in str(audit.verify().broken)


def test_rule_X4_a_link_taken_out_of_the_chain_is_found():
    write(3)
    audit.seal()
    tamper("DELETE FROM accounts_sealedevent WHERE position = 2")
    assert "position 2 is missing" in str(audit.verify().broken)


def test_rule_X4_a_forged_seal_is_found():
    write(3)
    audit.seal()
    tamper("UPDATE accounts_seal SET head = %s", "f" * 64)
    assert f"seal {Seal.objects.get().pk} " in str(audit.verify().broken)


def test_the_command_exits_with_1_where_the_chain_breaks(capsys):
    events = write(3)
    call_command("seal_trail")
    call_command("verify_trail")
    assert "the chain holds" in capsys.readouterr().out
    tamper("UPDATE accounts_auditevent SET note = 'x' WHERE id = %s", events[0].pk)
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_trail")
    assert stopped.value.code == 1
    assert "BROKEN: event" in capsys.readouterr().out

"""Rows written by plain statements: as the ORM would, once, or together in one statement."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.asking import columns_of, from_row
from accounts.errors import RuleBroken
from accounts.models import AuditEvent, Notice
from accounts.writing import compare_and_set, insert, insert_values, together, update
from fund import chart, ledger
from fund.ledger import Leg
from fund.models import Entry, ExchangeRate, IssuedDocument, LedgerAccount, Line
from loans.models import Posting
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def event(verb="tested.once", **facts):
    return AuditEvent(on=DAY, person="rosa@fiprev.example", verb=verb, object="x:1", label="x", **facts)


def paper(number="C-1", text="{}"):
    return IssuedDocument(
        number=number, kind="receipt", language="es", template="none.html", about="x:1", facts_text=text,
        facts_sha256="0" * 64, issued_on=DAY, issued_by=person("rosa"),
    )  # fmt: skip


NOTICE = {
    "key": "x", "kind": "x", "about": "x:1", "email": "x@fiprev.example", "language": "es", "facts": {},
    "state": "waiting", "not_before": timezone.now(), "message_id": "<x@fiprev>",
}  # fmt: skip


def verbs():
    return set(AuditEvent.objects.filter(object="x:1").values_list("verb", flat=True))


def test_rows_are_kept_as_the_orm_keeps_them():
    after = {"amount": "12.50", "list": [1, None], "accent": "León"}
    (row,) = insert([event(after=after)])
    kept = AuditEvent.objects.get(pk=row.pk)
    columns = [field.attname for field in AuditEvent._meta.concrete_fields]
    assert {name: getattr(kept, name) for name in columns} == {name: getattr(row, name) for name in columns}
    assert kept.after == after and kept.before == {} and kept.note == ""
    assert abs((timezone.now() - kept.at).total_seconds()) < 60, "the moment is set as by save"
    assert not row._state.adding


def test_several_rows_get_their_own_keys_in_order():
    rows = insert([event(f"tested.{n}") for n in range(5)])
    found = AuditEvent.objects.in_bulk([row.pk for row in rows])
    assert [found[row.pk].verb for row in rows] == [f"tested.{n}" for n in range(5)]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert([]) == []


def test_once_leaves_out_what_is_there_and_breaks_no_transaction():
    first = paper()
    assert insert([first], once="number") == [first]
    again, other = paper(text='{"other": 1}'), paper("C-2")
    assert insert([again, other], once="number") == [other]
    assert again.pk is None and other.pk
    assert IssuedDocument.objects.get(number="C-1").facts_text == "{}"


def test_without_once_the_database_refuses_the_second():
    insert([paper()])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([paper()])


def test_an_update_writes_the_named_columns_only():
    lupe = person("lupe")
    name, lupe.full_name, lupe.email = lupe.full_name, "Lupe T.", "not.written@example.mx"
    update(lupe, "full_name")
    kept = person("lupe")
    assert kept.full_name == "Lupe T." != name
    assert kept.email == "lupe@fiprev.example"


def test_a_change_is_made_only_if_the_row_is_as_it_was():
    rosa, notice = person("rosa"), Notice(**NOTICE)
    insert([notice])
    assert compare_and_set(
        notice, "state", "waiting", state="due", released_by=rosa, released_at=timezone.now()
    )
    kept = Notice.objects.get(pk=notice.pk)
    assert (kept.state, kept.released_by) == ("due", rosa)
    assert notice.state == "waiting", "the object is the caller's to change"
    assert not compare_and_set(notice, "state", "waiting", state="sent")
    assert Notice.objects.get(pk=notice.pk).state == "due"


def test_together_sends_nothing_inside_and_gives_keys_at_the_end(django_assert_num_queries):
    lupe = person("lupe")
    rows = [event("tested.a"), event("tested.b")]
    with django_assert_num_queries(1), together(), django_assert_num_queries(0):
        insert(rows[:1])
        lupe.full_name = "Lupe together"
        update(lupe, "full_name")
        insert(rows[1:])
        assert rows[0].pk is None
    assert verbs() == {"tested.a", "tested.b"}
    assert AuditEvent.objects.get(pk=rows[1].pk).verb == "tested.b"
    assert person("lupe").full_name == "Lupe together"


def test_together_within_together_is_sent_with_the_outer_one(django_assert_num_queries):
    with django_assert_num_queries(1), together():
        with together(), django_assert_num_queries(0):
            insert([event("tested.inner")])
        insert([event("tested.outer")])
    assert verbs() == {"tested.inner", "tested.outer"}


def test_together_sends_nothing_when_the_block_raises():
    with pytest.raises(ZeroDivisionError), together():
        insert([event()])
        1 / 0  # noqa: B018
    assert verbs() == set()
    insert([event()])
    assert verbs() == {"tested.once"}, "and the next row goes at once again"


def test_together_is_all_or_nothing_when_the_database_refuses():
    insert([paper()])
    with pytest.raises(IntegrityError, match="fund_issueddocument"), transaction.atomic(), together():
        insert([event("tested.before")])
        insert([paper()])
        insert([event("tested.after")])
    assert verbs() == set()
    insert([event()])
    assert verbs() == {"tested.once"}, "and the connection goes on"


def test_together_with_nothing_to_write_sends_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), together():
        pass


def test_rows_that_are_written_once_have_their_key_at_the_end_too():
    with together():
        first = paper("C-9")
        assert insert([first], once="number") == [first]
        assert first.pk is None
    assert IssuedDocument.objects.get(number="C-9").pk == first.pk


def test_of_a_row_that_was_there_already_the_end_tells():
    insert([paper("C-9")])
    lost = []
    with together():
        insert([paper("C-9"), paper("C-10")], once="number", lost=lost.append)
        assert lost == []
    assert [row.number for row in lost] == ["C-9"]
    assert IssuedDocument.objects.filter(number="C-10").exists()
    insert([paper("C-9")], once="number", lost=lost.append)
    assert len(lost) == 1, "alone, insert gives back what was written"


def test_a_row_names_one_that_has_no_key_yet(django_assert_num_queries):
    """An entry waits, and what refers to it is sent with it; both have their keys at the end."""
    money_to_lend()
    loan, told = story.paid_out(approved("50000.00")), entry_of("x:1")
    with django_assert_num_queries(1), together():
        entry = ledger.post(**told)
        posting = Posting(loan=loan, event="x", round=1, fingerprint="x", entry=entry)
        insert([posting])
        assert (entry.pk, posting.entry_id) == (None, None)
    assert entry.pk == posting.entry_id == Entry.objects.get(source="x:1").pk
    assert Posting.objects.get(pk=posting.pk).entry == entry


def entry_of(source, amount="1.00"):
    legs = [
        Leg(chart.CASH, "MXN", debit=Decimal(amount), tranche=chart.OWN),
        Leg(chart.CAPITAL, "MXN", credit=Decimal(amount), tranche=chart.OWN),
    ]
    return {"source": source, "value_on": DAY, "on": DAY, "legs": legs, "memo": "x", "by": person("carmen")}


def test_rows_refer_to_one_that_is_there_and_to_one_that_waits_in_one_statement(django_assert_num_queries):
    money_to_lend()
    loan, there = story.paid_out(approved("50000.00")), ledger.post(**entry_of("x:1"))
    told = entry_of("x:2")
    with django_assert_num_queries(1), together():
        new = ledger.post(**told)
        postings = [
            Posting(loan=loan, event=f"x{n}", round=1, fingerprint="x", entry=entry)
            for n, entry in enumerate((there, new))
        ]
        insert(postings)
    assert [posting.entry_id for posting in postings] == [there.pk, new.pk]
    assert [Posting.objects.get(pk=posting.pk).entry for posting in postings] == [there, new]


def test_what_belongs_to_a_row_that_was_there_is_left_out_with_it():
    first = ledger.post(**entry_of("x:1"))
    with together():
        again, other = ledger.post(**entry_of("x:1")), ledger.post(**entry_of("x:2"))
    assert again.pk == first.pk != other.pk
    assert again.created_at == first.created_at
    assert [Line.objects.filter(entry=entry).count() for entry in (first, other)] == [2, 2]


def test_rule_L1_a_source_with_other_lines_is_refused_at_the_end_too():
    ledger.post(**entry_of("x:1"))
    with pytest.raises(RuleBroken, match="x:1"), transaction.atomic(), together():
        ledger.post(**entry_of("x:1", "2.00"))
        insert([event("tested.with")])
    assert verbs() == set()


def test_a_row_is_changed_once_by_one_statement():
    lupe = person("lupe")
    with pytest.raises(AssertionError, match="twice"), together():
        update(lupe, "full_name")
        update(lupe, "email")
    with pytest.raises(AssertionError), together():
        update(event(), "verb")


def test_rows_of_a_table_are_written_in_one_way_by_one_statement():
    with pytest.raises(AssertionError, match="two ways"), together():
        insert([paper("C-1")])
        insert([paper("C-2")], once="number")


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=80)
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(note=TEXT, facts=st.dictionaries(TEXT, FACTS, max_size=3), day=st.none() | st.dates())
def test_every_text_fact_and_day_comes_back_as_it_was(note, facts, day):
    row = event(after=facts, note=note)
    row.on = day
    insert([row])
    kept = AuditEvent.objects.get(pk=row.pk)
    assert (kept.after, kept.note, kept.on, kept.at) == (facts, note, day, row.at)


@given(rate=st.decimals("0.00000001", "9999999999", places=8))
def test_every_decimal_comes_back_to_the_last_digit(rate):
    row = ExchangeRate(base="USD", quote="MXN", on=DAY, rate=rate, source="x")
    with transaction.atomic():
        insert([row])
        assert ExchangeRate.objects.get(pk=row.pk).rate == rate
        transaction.set_rollback(True)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\\x41", bytes(range(256))])
def test_bytes_and_moments_come_back(content):
    row = paper()
    row.content, row.sha256, row.rendered_at = content, "0" * 64, timezone.now()
    insert([row])
    kept = IssuedDocument.objects.get(pk=row.pk)
    assert bytes(kept.content) == content
    assert kept.rendered_at == row.rendered_at


def test_a_text_longer_than_its_column_is_refused_as_by_the_orm():
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        insert([event("v" * 81)])
    legs = entry_of("x:long")["legs"]
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        ledger.post(**entry_of("x:long") | {"legs": [replace(leg, party="p" * 61) for leg in legs]})
    assert not Entry.objects.filter(source="x:long").exists()


def test_json_is_written_by_its_own_encoder():
    account = LedgerAccount.objects.get(code=chart.CASH)
    account.names = {"since": DAY, "share": Decimal("0.10")}
    update(account, "names")
    assert LedgerAccount.objects.get(code=chart.CASH).names == {"since": DAY.isoformat(), "share": "0.10"}


def test_a_row_read_by_its_columns_is_the_object_that_the_orm_reads():
    (event_,) = insert([event(after={"list": [1, "León"]})])
    sql = f"SELECT {columns_of(AuditEvent)} FROM accounts_auditevent WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [event_.pk])
        row = cursor.fetchone()
    there, kept = from_row(AuditEvent, row), AuditEvent.objects.get(pk=event_.pk)
    names = [field.attname for field in AuditEvent._meta.concrete_fields]
    assert {name: getattr(there, name) for name in names} == {name: getattr(kept, name) for name in names}
    assert not there._state.adding


def test_values_without_an_object_are_written_as_they_are(django_assert_num_queries):
    names = ("base", "quote", "on", "rate", "source", "recorded_at")
    now = timezone.now()
    rows = [("USD", "MXN", DAY, Decimal("17.25"), "x", now), ("EUR", "MXN", DAY, 19, "x", now)]
    with django_assert_num_queries(1):
        insert_values(ExchangeRate, names, rows)
    assert {rate.base: rate.rate for rate in ExchangeRate.objects.filter(source="x")} == {
        "USD": Decimal("17.25"), "EUR": Decimal(19),
    }  # fmt: skip
    with django_assert_num_queries(0):
        insert_values(ExchangeRate, names, [])

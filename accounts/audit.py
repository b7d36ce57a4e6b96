"""Write the trail, seal it, verify it (X-4). Rows are added in the transaction of what they tell of."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from djmoney.money import Money

from accounts.gathering import write_values
from accounts.models import AuditEvent, ReadEvent, Seal, SealedEvent, User

GENESIS = "0" * 64
ROW = ("at", "on", "person", "verb", "object", "label", "before", "after", "note")
SEALER_LOCK = 0x46_50_52_01  # any constant: one sealer at a time


class TrailEncoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, Money):
            return f"{o.amount} {o.currency.code}"
        if isinstance(o, Model):
            return str(o)
        return super().default(o)


_as_text = TrailEncoder().encode


def record(
    verb: str,
    obj: Model | str,
    *,
    by: User,
    on: date | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Add one row: the person, the verb ("application.submitted"), the object, what it was and what it is now."""
    told = (
        timezone.now(),
        on,
        by.email,
        verb,
        reference(obj),
        str(obj)[:200],
        plain(before),
        plain(after),
        note,
    )
    write_values(AuditEvent, ROW, told)


def record_read(what: str, obj: Model | str, *, by: User) -> None:
    """Log that a person opened something confidential, or signed in; kept apart from the trail."""
    ReadEvent.objects.create(person=by.email, what=what, object=reference(obj))


def reference(obj: Model | str) -> str:
    """The text by which the trail knows an object: its own `audit_ref`, else "app.model:key"."""
    if isinstance(obj, str):
        return obj
    return str(getattr(obj, "audit_ref", None) or f"{obj._meta.label_lower}:{obj.pk}")


def history(obj: Model | str) -> list[AuditEvent]:
    """What was done to the object, newest first."""
    return list(AuditEvent.objects.filter(object=reference(obj)))


def plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as JSON keeps them: dates, decimals and money become text."""
    if not values:
        return {}
    kept: dict[str, Any] = json.loads(_as_text(values))
    return kept


def digest(previous: str, event: AuditEvent) -> str:
    """SHA-256 over the hash before and every column of the row, in one canonical form."""
    row = [
        event.pk, event.at.isoformat(), event.on, event.person, event.verb, event.object,
        event.label, event.before, event.after, event.note,
    ]  # fmt: skip
    text = json.dumps([previous, *row], cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def seal(*, limit: int = 10_000) -> Seal | None:
    """Chain the events not yet sealed; None if there are none or another sealer is at work.

    An event committed late takes its place when it is seen: the chain's order is the order of sealing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return None
    last = SealedEvent.objects.order_by("-position").first()
    waiting = list(
        AuditEvent.objects.extra(  # a NOT EXISTS on a column that is no foreign key
            where=[
                "NOT EXISTS (SELECT 1 FROM accounts_sealedevent s WHERE s.event_id = accounts_auditevent.id)"
            ]
        ).order_by("pk")[:limit]
    )
    if not waiting:
        return None
    head, position = (last.digest, last.position) if last else (GENESIS, 0)
    links = []
    for event in waiting:
        head, position = digest(head, event), position + 1
        links.append(SealedEvent(position=position, event_id=event.pk, digest=head))
    closed = Seal.objects.create(events=len(links), head=head)
    for link in links:
        link.seal = closed
    SealedEvent.objects.bulk_create(links, batch_size=2_000)
    return closed


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken` names the first row that does not fit the chain; `unsealed` counts rows behind the sealer."""

    sealed: int
    unsealed: int
    oldest_unsealed: datetime | None
    head: str
    broken: str | None


def verify() -> Verification:
    """Recompute the whole chain from the rows as they stand now."""
    head, count, broken = GENESIS, 0, None
    for link, event in _links():
        count += 1
        if link.position != count:
            broken = f"position {count} is missing from the chain"
        elif event is None:
            broken = f"event {link.event_id} at position {link.position} is gone"
        elif (expected := digest(head, event)) != link.digest:
            broken = f"event {event.pk} at position {link.position} ({event.verb} {event.object}) was changed"
        else:
            head = expected
            continue
        break
    if broken is None:
        broken = _seal_that_disagrees()
    tail = AuditEvent.objects.exclude(pk__in=SealedEvent.objects.values("event_id")).order_by("at")
    oldest = tail.first()
    return Verification(count, tail.count(), oldest.at if oldest else None, head, broken)


def _links() -> Iterator[tuple[SealedEvent, AuditEvent | None]]:
    step, start = 5_000, 0
    while links := list(SealedEvent.objects.filter(position__gt=start).order_by("position")[:step]):
        events = AuditEvent.objects.in_bulk([link.event_id for link in links])
        for link in links:
            yield link, events.get(link.event_id)
        start = links[-1].position


def _seal_that_disagrees() -> str | None:
    heads = dict(SealedEvent.objects.order_by("position").values_list("digest", "seal_id"))
    for seal_row in Seal.objects.all():
        if heads.get(seal_row.head) != seal_row.pk:
            return f"seal {seal_row.pk} names a head that is not in its batch"
    return None

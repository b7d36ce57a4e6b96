"""The identity file: what the regulation asks of a firm before its money leaves (Rule A-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts import audit, files
from accounts.errors import BadInput, RuleBroken, require
from accounts.formats import semicolon
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.policy import policy_on
from fund.rates import converted
from loans.models import IdentityFile, IdentityPaper, ListCheck, Loan
from projects.models import Firm

WHOLE = Decimal(100)
THRESHOLD_IN = "MXN"
"""The currency of the policy's threshold, Mexico's."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who owns or controls the firm, with the share in percent."""

    name: str
    share_pct: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written down of a firm: who acts for it, with what powers, and who is behind it."""

    representative: str
    position: str
    identification: str
    powers: str
    owners: tuple[Owner, ...]
    consents_on: date


@transaction.atomic
def write(*, firm: Firm, facts: Facts, by: User, on: date) -> IdentityFile:
    """Write down the facts; a change is a new version, which has to be compared with the lists again (G-5)."""
    check_may(by, Perm.CONTRACT_DRAFT)
    firm = Firm.objects.select_for_update(of=("self",)).get(pk=firm.pk)
    check_facts(facts, on)
    latest = current(firm)
    values = {name: value for name, value in asdict(facts).items() if name != "owners"}
    owners = [{"name": owner.name, "share_pct": f"{owner.share_pct:f}"} for owner in facts.owners]
    if latest and latest.owners == owners and all(getattr(latest, name) == values[name] for name in values):
        return latest
    made = IdentityFile.objects.create(
        firm=firm, number=latest.number + 1 if latest else 1, owners=owners, written_by=by, written_on=on, **values
    )  # fmt: skip
    audit.record("identity.written", made, by=by, on=on, after={"version": made.number})
    return made


def check_facts(facts: Facts, on: date) -> None:
    """Raise BadInput beside the field for what cannot be so."""
    for name in ("representative", "position", "identification", "powers"):
        if not getattr(facts, name).strip():
            raise BadInput(name, "", _("This is part of the identity file."))
    if not facts.owners:
        raise BadInput("owners", "", _("Name at least one person who owns or controls the firm."))
    total = sum((owner.share_pct for owner in facts.owners), Decimal(0))
    if any(not 0 < owner.share_pct <= WHOLE for owner in facts.owners) or total > WHOLE:
        raise BadInput("owners", f"{total}", _("Shares are above 0 and add up to at most 100 percent."))
    if facts.consents_on > on:
        raise BadInput("consents_on", facts.consents_on, _("A consent cannot be given in the future."))


@transaction.atomic
def add_paper(*, firm: Firm, kind: str, upload: UploadedFile, by: User, on: date) -> IdentityPaper:
    """Keep a paper of the file; a newer one of its kind stands for it, and both stay kept."""
    check_may(by, Perm.CONTRACT_DRAFT)
    if kind not in IdentityPaper.Kind.values:
        raise BadInput("kind", kind, _("Choose what the paper is."))
    stored = files.store(upload, about=about(firm), by=by, on=on)
    paper = IdentityPaper.objects.create(firm=firm, kind=kind, file=stored, added_by=by, added_on=on)
    audit.record("identity.paper", about(firm), by=by, on=on, after={"kind": kind, "sha256": stored.sha256})
    return paper


@transaction.atomic
def check_lists(*, firm: Firm, lists: str, found: bool, note: str, by: User, on: date) -> ListCheck:
    """A person compared every name of the current version with the lists and says what was found."""
    if not by.may(Perm.CONTRACT_SIGN):
        check_may(by, Perm.CONTRACT_DRAFT)
    identity = current(firm)
    if identity is None:
        raise RuleBroken("A-11", _("Write down who acts for the firm and who owns it first."))
    if not lists.strip():
        raise BadInput("lists", lists, _("Say which lists you looked at."))
    if found and not note.strip():
        raise BadInput("note", note, _("Say what was found."))
    made = ListCheck.objects.create(
        identity=identity, lists=lists.strip(), found=found, note=note.strip(), checked_by=by, checked_on=on
    )
    audit.record("identity.checked", identity, by=by, on=on, after={"found": found, "lists": made.lists})
    return made


def about(firm: Firm) -> str:
    """How the files and the trail name the identity file of a firm."""
    return f"loans.identity:{firm.pk}"


def current(firm: Firm) -> IdentityFile | None:
    """The version that stands."""
    return next(iter(firm.identity_files.all()), None)


def gaps(firm: Firm) -> tuple[str, ...]:
    """What the file still lacks, in words; empty when it is complete."""
    return gaps_of([firm])[firm.pk]


def gaps_of(firms: Iterable[Firm]) -> dict[int, tuple[str, ...]]:
    """The same for every firm of a list, by its key: one query for all."""
    versions = IdentityFile.objects.filter(firm=OuterRef("pk")).order_by("-number", "-checks__pk")
    compared = JSONObject(found="checks__found", note="checks__note")
    papers = IdentityPaper.objects.filter(firm=OuterRef("pk")).order_by()
    rows = Firm.objects.filter(pk__in={firm.pk for firm in firms}).annotate(
        compared=Subquery(versions.values(compared=compared)[:1]),
        kept=ArraySubquery(papers.values("kind")),
    )
    return {pk: _lacking(said, kept) for pk, said, kept in rows.values_list("pk", "compared", "kept")}


def _lacking(compared: Mapping[str, Any] | None, kept: Sequence[str]) -> tuple[str, ...]:
    """`compared` is what the last comparison of the current version found, with empty values before the first."""
    lacking = []
    if compared is None:
        lacking.append(_("who acts for the firm, with what powers, and who owns it"))
    lacking += [str(kind.label).lower() for kind in IdentityPaper.REQUIRED if kind not in kept]
    if compared is None or compared["found"] is None:
        lacking.append(_("the comparison with the lists"))
    elif compared["found"]:
        lacking.append(_("the lists name somebody: %(note)s") % {"note": compared["note"]})
    return tuple(lacking)


def is_asked_for(loan: Loan, on: date) -> bool:
    """Whether the law asked for a file on the day of the contract, as the policy of a day says."""
    return loan.prepared_on >= asked_since(on)


def asked_since(on: date) -> date:
    """The first day of contracts that need a file, as the policy of a day says."""
    return policy_on(on).identity_since


def require_complete(firm: Firm) -> None:
    """Raise RuleBroken A-11 naming everything that the file lacks."""
    lacking = gaps(firm)
    require(
        not lacking, "A-11", _("The identity file lacks: %(gaps)s.") % {"gaps": semicolon().join(lacking)}
    )


def kept_until(firm: Firm, on: date) -> date | None:
    """Rule A-11: so many years after the last loan ended; None while one runs or none was made."""
    loans = list(Loan.objects.filter(firm=firm).exclude(state=Loan.State.CANCELLED))
    ends = [loan.paid_off_on for loan in loans if loan.paid_off_on]
    if not loans or len(ends) < len(loans):
        return None
    last, years = max(ends), policy_on(on).identity_keep_years
    return last.replace(year=last.year + years, day=min(last.day, 28) if last.month == 2 else last.day)


def to_notify(on: date) -> QuerySet[Loan]:
    """Loans above the country's notice threshold, in any currency at the rate of the day (Rule A-11)."""
    policy = policy_on(on)
    asked = Loan.objects.paid_out().filter(prepared_on__gte=policy.identity_since)
    above = Q(pk=None)
    for currency in asked.order_by().values_list("currency", flat=True).distinct():
        above |= Q(currency=currency, principal__gte=_threshold(policy.identity_notice_from, currency, on))
    return asked.filter(above).select_related("firm").order_by("-disbursed_on", "-pk")


def _threshold(amount: Decimal, currency: str, on: date) -> Decimal:
    try:
        return converted(amount, THRESHOLD_IN, currency, on)
    except RuleBroken:  # no rate of that day: rather list all loans of the currency than leave one out
        return Decimal(0)


def read_owners(text: str) -> tuple[Owner, ...]:
    """Owners as typed, one a line: "Guadalupe Torres; 60". Raises BadInput naming the line."""
    owners = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        name, _mark, share = line.rpartition(";")
        try:
            pct = Decimal(share.replace("%", "").replace(",", ".").strip())
        except ArithmeticError:
            pct = Decimal("NaN")
        if not name.strip() or not pct.is_finite():
            message = _(
                "Line %(number)s: write a name, a semicolon and the share, as in “Guadalupe Torres; 60”."
            )
            raise BadInput("owners", line[:80], message % {"number": number})
        owners.append(Owner(name.strip()[:150], pct))
    return tuple(owners)


def owners_text(owners: Sequence[Mapping[str, str]]) -> str:
    """The same back into the field."""
    return "\n".join(f"{owner['name']}; {owner['share_pct']}" for owner in owners)

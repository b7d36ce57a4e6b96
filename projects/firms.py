"""Verbs on firms and on the people who act for them (rule A-1)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from accounts.permissions import Perm
from accounts.writing import insert
from projects.gates import check_may_run_firm, link_of
from projects.models import Firm, FirmMember
from projects.sizes import size_class_of
from projects.taxids import read_tax_id

#: What of a firm may be written by its people; the tax id and the country are what it is.
DETAILS = frozenset(
    {
        "legal_name", "sector", "state", "municipality", "address", "email", "phone", "founded_year",
        "workers", "women_workers", "yearly_sales", "consents_to_name", "bank_account",
    }
)  # fmt: skip


@transaction.atomic
def register_firm(
    *, country: str, tax_id: str, role: str = FirmMember.Role.OWNER, by: User, on: date, **details: Any
) -> Firm:
    """Name a firm by its tax id. The answer is always a firm to fill in at once, known before or not (X-2).

    Naming the same tax id again gives the same firm. The link waits for an owner of the firm or the staff.
    """
    read = read_tax_id(country, tax_id)
    named = _named(country, read.number)
    known = next((firm for firm in named if firm.merged_into_id is None and link_of(by, firm)), None)
    if known is not None:
        return known
    firm = Firm(
        country=country, tax_id=read.number, tax_id_doubtful=read.doubtful, created_by=by, created_on=on
    )
    _write(firm, details, on)
    insert([FirmMember(firm=firm, user=by, role=role, asked_on=on)])
    audit.record("firm.named", firm, by=by, on=on, after={"country": country, "tax_id": read.number})
    record = next((other for other in named if other.confirmed), None)
    if record is not None:
        _tell_owners(record, firm, by)
    return firm


def _named(country: str, number: str) -> list[Firm]:
    """The firm on record with this tax id and every claim to it, with their people."""
    found = Firm.objects.filter(country=country, tax_id=number)
    return list(found.prefetch_related(FirmMember.with_users("members")))


def _tell_owners(record: Firm, claim: Firm, by: User) -> None:
    """The owners of the firm on record hear that somebody says to act for it; the asker hears nothing of it."""
    for link in record.members.all():
        if link.acts and link.role == FirmMember.Role.OWNER:
            tell(
                "firm-link-asked",
                to=link.user,
                about=claim.audit_ref,
                firm=str(record),
                url=reverse("projects:firm", args=[record.pk]),
                person=by.full_name,
                email=by.email,
            )


def record_of(claim: Firm) -> Firm | None:
    """The confirmed firm with the claim's tax id, if there is one."""
    return Firm.objects.of_record().filter(country=claim.country, tax_id=claim.tax_id).first()


@transaction.atomic
def update_firm(*, firm: Firm, data: dict[str, Any], by: User, on: date) -> Firm:
    """Write the firm's details; the size class follows the figures (rule A-2)."""
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    link = link_of(by, firm)
    if not by.may(Perm.APPLICATION_ENTER) and (link is None or link.role == FirmMember.Role.VIEWER):
        raise Denied(_("You may not change this firm's details."))
    workers, women = data.get("workers", firm.workers), data.get("women_workers", firm.women_workers)
    if women is not None and workers is not None and women > workers:
        raise BadInput(
            "women_workers",
            women,
            _("%(women)d women among %(workers)d workers cannot be: type how many of the workers are women.")
            % {"women": women, "workers": workers},
        )
    before = {name: getattr(firm, name) for name in data}
    _write(firm, data, on)
    changed = {name: value for name, value in before.items() if value != getattr(firm, name)}
    if changed:
        audit.record(
            "firm.changed", firm, by=by, on=on, before=changed,
            after={name: getattr(firm, name) for name in changed},
        )  # fmt: skip
    return firm


def _write(firm: Firm, data: dict[str, Any], on: date) -> None:
    assert data.keys() <= DETAILS, f"no details of a firm: {data.keys() - DETAILS}"
    for name, value in data.items():
        setattr(firm, name, value)
    firm.phone = normal_phone(firm.phone)
    firm.size_class = size_class_of(firm, on)
    firm.save()


def normal_phone(text: str) -> str:
    """Digits and a leading plus: two spellings of one number are one number (rule A-9)."""
    plus = "+" if text.strip().startswith("+") else ""
    return plus + re.sub(r"\D", "", text) if text else ""


@transaction.atomic
def confirm_member(*, member: FirmMember, by: User, on: date, role: str = "") -> FirmMember:
    """Confirm that a person acts for the firm. A claim to a firm on record joins it, papers and all.

    By the staff who check applications, or by a confirmed owner of that firm; nobody confirms himself.
    """
    member = _lock_people(member.firm_id)[member.pk]
    claim = member.firm
    record = claim if claim.confirmed else record_of(claim)
    check_may_run_firm(by, record or claim)
    if member.user_id == by.pk:
        raise Denied(_("Nobody confirms himself."))
    require(member.left_on is None, "A-1", _("This request was already turned down or joined."))
    if member.confirmed_on:
        return member
    role = role or member.role
    if record is None:
        claim.confirmed_by, claim.confirmed_on = by, on
        claim.save(update_fields=["confirmed_by", "confirmed_on"])
    elif record != claim:
        member = _join(claim, member, record, on)
    member.role, member.confirmed_by, member.confirmed_on = role, by, on
    member.save()
    _confirm_the_invited(member, on)
    audit.record(
        "firm.member_confirmed", member, by=by, on=on, after={"role": role, "firm": str(member.firm)}
    )
    tell(
        "firm-link-confirmed",
        to=member.user,
        about=member.audit_ref,
        firm=str(member.firm),
        url=reverse("projects:my"),
    )
    return member


def _lock_people(pk: int) -> dict[int, FirmMember]:
    """A firm's links by their keys, each with its person: first the firm's row is locked, then they are."""
    firm = Firm.objects.select_for_update().get(pk=pk)
    links = FirmMember.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    prefetch_related_objects([firm], Prefetch("members", links))
    return {link.pk: link for link in firm.members.all()}


def _confirm_the_invited(member: FirmMember, on: date) -> None:
    """Whom a person invited before being confirmed as owner counts from now on too (rule A-1)."""
    if member.role != FirmMember.Role.OWNER or not _waiting(member.firm):
        return
    taken = member.firm.invitations.filter(invited_by=member.user, accepted_on__isnull=False)
    people = taken.values("accepted_by_id")
    member.firm.members.filter(user__in=people, confirmed_on=None, left_on=None).update(
        confirmed_by=member.user, confirmed_on=on
    )


def _waiting(firm: Firm) -> list[FirmMember]:
    return [link for link in firm.members.all() if link.confirmed_on is None and link.left_on is None]


def _join(claim: Firm, member: FirmMember, record: Firm, on: date) -> FirmMember:
    """Move a claim's applications to the firm on record; the claim stays, marked (rule G-5)."""
    claim.applications.update(firm=record)
    claim.merged_into = record
    claim.save(update_fields=["merged_into"])
    for other in claim.members.filter(left_on=None).exclude(pk=member.pk):
        if not record.members.filter(user=other.user, left_on=None).exists():
            FirmMember.objects.create(firm=record, user=other.user, role=other.role, asked_on=other.asked_on)
        other.left_on = on
        other.save(update_fields=["left_on"])
    member.left_on = on
    member.save(update_fields=["left_on"])
    standing = record.members.filter(user=member.user, left_on=None).first()
    return standing or FirmMember(firm=record, user=member.user, role=member.role, asked_on=member.asked_on)


@transaction.atomic
def refuse_member(*, member: FirmMember, reason: str, by: User, on: date) -> FirmMember:
    """Turn a request down, or end a link; the person loses sight of the firm's papers at once."""
    member = _lock_people(member.firm_id)[member.pk]
    record = member.firm if member.firm.confirmed else record_of(member.firm)
    check_may_run_firm(by, record or member.firm)
    require(reason.strip(), "A-1", _("Say why, in a sentence that the person can read."), field="reason")
    require(member.left_on is None, "A-1", _("This request was already turned down or joined."))
    check_an_owner_stays(member)
    member.left_on = on
    member.save(update_fields=["left_on"])
    audit.record("firm.member_ended", member, by=by, on=on, note=reason)
    tell("firm-link-refused", to=member.user, about=member.audit_ref, firm=member.firm.tax_id, reason=reason)
    return member


def check_an_owner_stays(member: FirmMember) -> None:
    """Raise RuleBroken if this person is the firm's last confirmed owner."""
    if not member.confirmed_on or member.role != FirmMember.Role.OWNER:
        return
    others = member.firm.members.filter(
        role=FirmMember.Role.OWNER, confirmed_on__isnull=False, left_on=None
    ).exclude(pk=member.pk)
    require(others.exists(), "A-1", _("A firm needs an owner: confirm another one first."))


def requests_to(firm: Firm) -> QuerySet[FirmMember]:
    """Who says to act for this firm and waits for its owner: claims to its tax id."""
    return (
        FirmMember.objects.filter(
            firm__country=firm.country, firm__tax_id=firm.tax_id, confirmed_on=None, left_on=None
        )
        .select_related("user", "firm")
        .order_by("pk")
    )


def name_of_party(party: str) -> str | None:
    """The firm that the ledger knows as `firm:7`; None for what is no firm (rule L-1)."""
    kind, _colon, pk = party.partition(":")
    if kind != "firm" or not pk.isdigit():
        return None
    return Firm.objects.filter(pk=pk).values_list("legal_name", flat=True).first()

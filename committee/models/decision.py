"""Ballots, the resolution they lead to, and its conditions (rules C-4, C-8, C-9, C-10)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from committee.models.body import Body, Seat
from committee.models.session import AgendaItem, Session
from fund.fields import money_field


class VoteChoice(models.TextChoices):
    """The words for `committee.voting.Vote`."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstention")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "for": ("good", "thumbs-up"),
            "against": ("bad", "thumbs-down"),
            "abstain": ("neutral", "minus"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class Ballot(models.Model):
    """What one seat voted on one item. Frozen by the database once the vote is closed (rule C-8).

    Cast by the member, or recorded by the secretary in a roll call and then marked so.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ballots")
    vote = models.CharField(max_length=8, choices=VoteChoice)
    by_roll_call = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cast_on = models.DateField()
    cast_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["item", "seat__position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="ballot_once_per_seat", fields=["item", "seat"]),
            models.CheckConstraint(
                name="ballot_of_another_is_a_roll_call",
                condition=Q(by_roll_call=True) | Q(person=models.F("recorded_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.seat.code}"

    @property
    def audit_ref(self) -> str:
        return f"ballot:{self.item.session.code}:{self.item.position}:{self.seat.code}"

    @property
    def badge(self) -> Badge:
        return VoteChoice(self.vote).badge


class OutcomeChoice(models.TextChoices):
    """The words for `committee.voting.Outcome`; an undecided item has no resolution."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    DEFERRED = "deferred", _("Deferred")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "approved": ("good", "circle-check"),
            "rejected": ("bad", "circle-x"),
            "deferred": ("warn", "clock"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Resolutions in the fund's words."""

    def standing(self) -> ResolutionQuerySet:
        return self.filter(withdrawn_on=None)

    def approving(self, reference: str) -> ResolutionQuerySet:
        """Resolutions of a deciding body that approved the matter and still stand (rule C-6)."""
        return self.standing().filter(
            item__reference=reference, outcome=OutcomeChoice.APPROVED, body__decides=True
        )


class Resolution(models.Model):
    """A closed vote, frozen with all it was taken under (rule C-8), numbered without gaps (rule C-9).

    A commission's one is called an agreement (E-4). Withdrawn numbers stay visible. `grounds` are the reasons
    that the firm reads: those of a rejection always.
    """

    number = models.CharField(max_length=24, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="resolutions")
    session = models.ForeignKey(Session, models.PROTECT, related_name="resolutions")
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="resolution")
    outcome = models.CharField(max_length=8, choices=OutcomeChoice)
    decided_on = models.DateField()
    amount = money_field(null=True, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    tally = models.JSONField()
    quorum = models.JSONField()
    presence = models.JSONField()
    recusals = models.JSONField()
    file_version = models.CharField(max_length=80, blank=True)
    paper_hash = models.CharField(max_length=64)
    rules = models.JSONField()
    grounds = models.TextField(blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-decided_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("resolution_withdrawn_by_and_on", "withdrawn_on", "withdrawn_by"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("committee:resolution", args=[self.number])

    @property
    def audit_ref(self) -> str:
        return f"resolution:{self.number}"

    @property
    def badge(self) -> Badge:
        if self.withdrawn_on:
            return Badge("neutral", "undo-2", _("Withdrawn"))
        return OutcomeChoice(self.outcome).badge

    @property
    def reference(self) -> str:
        return self.item.reference


class ConditionKind(models.TextChoices):
    """When a condition works (rule C-10)."""

    PRECEDENT = "precedent", _("Before any money")
    DURING = "during", _("During the loan")
    AFTER = "after", _("Lasting undertaking")


class ConditionOwner(models.TextChoices):
    """Who has to meet it."""

    FIRM = "firm", _("The firm")
    OFFICER = "officer", _("The fund's loan officer")
    BENEFITS = "benefits", _("The fund's benefits officer")
    TREASURER = "treasurer", _("The fund's treasurer")


class ConditionState(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WAIVED = "waived", _("Waived")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "open": ("warn", "circle-dashed"),
            "met": ("good", "circle-check"),
            "waived": ("neutral", "lock-open"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class Condition(models.Model):
    """What an approval asks for (rule C-10): owner, due date, and the proof that ends it."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ConditionKind)
    text = models.TextField()
    owner = models.CharField(max_length=10, choices=ConditionOwner)
    due_on = models.DateField()
    proof = models.CharField(max_length=240)
    state = models.CharField(max_length=8, choices=ConditionState, default=ConditionState.OPEN)
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof_given = models.TextField(blank=True)
    proof_file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_by = models.ForeignKey(Resolution, models.PROTECT, null=True, blank=True, related_name="waivers")

    class Meta:
        ordering: ClassVar[list[str]] = ["resolution", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="condition_number_once", fields=["resolution", "number"]),
            both_or_neither("condition_settled_by_and_on", "settled_on", "settled_by"),
            models.CheckConstraint(
                name="condition_waived_by_a_resolution",
                condition=~Q(state="waived") | Q(waived_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """CT-2026-02-R05-C1: how a waiver's agenda item names it."""
        return f"{self.resolution.number}-C{self.number}"

    @property
    def audit_ref(self) -> str:
        return f"condition:{self.ref}"

    @property
    def badge(self) -> Badge:
        return ConditionState(self.state).badge

    @property
    def waits_for_the_fund(self) -> bool:
        """Whether a proof was sent that nobody of the fund has looked at; a list may know it (`proof_sent`)."""
        if self.state != ConditionState.OPEN:
            return False
        known: bool | None = getattr(self, "proof_sent", None)
        return any(one.state == "sent" for one in self.proofs.all()) if known is None else known

    @property
    def standing(self) -> Badge:
        """The state, and between open and met that its proof is being looked at."""
        return Badge("info", "send", _("Proof sent")) if self.waits_for_the_fund else self.badge

    def is_late(self, on: date) -> bool:
        return self.state == ConditionState.OPEN and self.due_on < on

    def to_dict(self) -> dict[str, Any]:
        """The condition as minutes, letters and contracts print it."""
        return {
            "ref": self.ref,
            "kind": self.kind,
            "text": self.text,
            "owner": self.owner,
            "due_on": self.due_on.isoformat(),
            "proof": self.proof,
        }

"""What was made of each bank line: the loan it pays, who said so, and the payment that came of it (Rule P-2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from accounts.models import User
from fund.models import BankLine
from loans.matching import Finding
from loans.models.loan import Loan
from loans.models.payment import Payment


class BankMatchQuerySet(models.QuerySet["BankMatch"]):
    def standing(self) -> BankMatchQuerySet:
        """Lines of statements that were not set aside."""
        return self.filter(line__live=True)

    def to_decide(self) -> BankMatchQuerySet:
        """Money that came in and of which nobody has said whose it is (Rule P-2)."""
        return self.standing().filter(Q(decision="", payment=None) | Q(payment__reversed_on__isnull=False))

    def ready(self) -> BankMatchQuerySet:
        """Decided and neither posted nor under way."""
        return self.standing().filter(decision__in=["pay", "hold"], queued_on=None, payment=None, held=None)

    def queued(self) -> BankMatchQuerySet:
        """Under way: somebody has ordered the posting, and it has not been done yet."""
        return self.standing().exclude(queued_on=None).filter(payment=None, held=None)

    def unmatched(self) -> BankMatchQuerySet:
        """Unmatched money in the books, a liability until its loan is found (Rule P-2)."""
        return self.standing().exclude(held=None).filter(released=None)


class BankMatch(models.Model):
    """The finding about a line stays; the decision may change until the line is posted."""

    class Found(models.TextChoices):
        MATCHED = Finding.MATCHED.value, _("Matched")
        SUGGESTED = Finding.SUGGESTED.value, _("Suggested")
        UNMATCHED = Finding.UNMATCHED.value, _("Unmatched")
        REPEATED = Finding.REPEATED.value, _("Perhaps known")
        OUTGOING = Finding.OUTGOING.value, _("Money out")

    class Decision(models.TextChoices):
        PAY = "pay", _("Pays a loan")
        HOLD = "hold", _("Keep as unmatched money")
        IGNORE = "ignore", _("Leave out")

    FOUND_BADGES = {
        Found.MATCHED: ("good", "link"),
        Found.SUGGESTED: ("info", "lightbulb"),
        Found.UNMATCHED: ("warn", "circle-question-mark"),
        Found.REPEATED: ("warn", "copy"),
        Found.OUTGOING: ("neutral", "arrow-up-right"),
    }

    line = models.OneToOneField(BankLine, models.PROTECT, related_name="match")
    found = models.CharField(max_length=10, choices=Found)
    why = models.JSONField(default=list)
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="bank_matches")
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    queued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    queued_on = models.DateField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="bank_match")
    held = models.OneToOneField("fund.Entry", models.PROTECT, null=True, related_name="+")
    released = models.OneToOneField("fund.Entry", models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    objects = BankMatchQuerySet.as_manager()

    class Meta:
        ordering = ["line__value_on", "line_id"]
        constraints = [
            both_or_neither("bank_match_decided_by_and_on", "decided_by", "decided_on"),
            both_or_neither("bank_match_queued_by_and_on", "queued_by", "queued_on"),
            models.CheckConstraint(
                name="bank_match_pays_a_loan", condition=~Q(decision="pay") | Q(loan__isnull=False)
            ),
            models.CheckConstraint(
                name="bank_match_left_out_with_a_reason",
                condition=~Q(decision="ignore") | ~Q(reason="") | Q(found="outgoing"),
            ),
            models.CheckConstraint(
                name="bank_match_released_was_held", condition=Q(released=None) | Q(held__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["decision", "queued_on"], name="bank_match_by_decision")]

    def __str__(self) -> str:
        return str(self.line)

    @property
    def audit_ref(self) -> str:
        return f"loans.bankmatch:{self.pk}"

    @property
    def is_posted(self) -> bool:
        """Whether its money is in the books; a reversed payment is not (Rule P-5)."""
        return bool(self.held_id and not self.released_id) or bool(
            self.payment_id and not (self.payment and self.payment.is_reversed)
        )

    @property
    def is_under_way(self) -> bool:
        return self.queued_on is not None and not self.payment_id and not self.held_id

    @property
    def found_badge(self) -> Badge:
        tone, icon = self.FOUND_BADGES[self.Found(self.found)]
        return Badge(tone, icon, self.Found(self.found).label)  # type: ignore[arg-type]

    @property
    def badge(self) -> Badge:
        """Where the line stands, in a word."""
        if self.payment_id and self.payment and self.payment.is_reversed:
            return Badge("warn", "undo-2", str(_("Payment reversed")))
        if self.payment_id:
            return Badge("good", "check", str(_("Posted")))
        if self.held_id and not self.released_id:
            return Badge("warn", "inbox", str(_("Unmatched money")))
        if self.is_under_way:
            return Badge("info", "hourglass", str(_("Being posted")))
        return {
            "pay": Badge("info", "circle-check", str(_("Ready"))),
            "hold": Badge("info", "inbox", str(_("Ready: unmatched"))),
            "ignore": Badge("neutral", "minus", str(_("Left out"))),
        }.get(self.decision, Badge("warn", "circle-alert", str(_("To decide"))))

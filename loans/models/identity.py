"""What the fund must know of a firm before its money leaves, and what secures a loan (rules A-11, D-5, P-10)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field
from loans.models.loan import Loan
from loans.models.posting import Posting


class IdentityFile(models.Model):
    """Rule A-11: who acts for a firm, with what powers, and who owns it. A correction is a new version (G-5)."""

    firm = models.ForeignKey("projects.Firm", models.PROTECT, related_name="identity_files")
    number = models.PositiveSmallIntegerField()
    representative = models.CharField(max_length=150)
    position = models.CharField(max_length=100)
    identification = models.CharField(max_length=100)
    powers = models.CharField(max_length=300)
    owners = models.JSONField(default=list)
    consents_on = models.DateField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["firm", "number"], name="identity_version_once")]

    def __str__(self) -> str:
        return f"{self.firm} · {self.number}"

    @property
    def audit_ref(self) -> str:
        return f"loans.identity:{self.firm_id}"


class IdentityPaper(models.Model):
    """A paper of the identity file; the newest of a kind stands, the others stay kept."""

    class Kind(models.TextChoices):
        POWERS = "powers", _("Deed with the representative's powers")
        IDENTITY = "identity", _("Representative's official identification")
        ADDRESS = "address", _("Proof of the firm's address")
        OWNER = "owner", _("Beneficial owner's identification")
        OTHER = "other", _("Other")

    REQUIRED = (Kind.POWERS, Kind.IDENTITY, Kind.ADDRESS)

    firm = models.ForeignKey("projects.Firm", models.PROTECT, related_name="identity_papers")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        ordering = ["kind", "-pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class ListCheck(models.Model):
    """A person compared the names of a version of the file with the lists of sanctions."""

    identity = models.ForeignKey(IdentityFile, models.PROTECT, related_name="checks")
    lists = models.CharField(max_length=200)
    found = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_on = models.DateField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.identity}: {self.checked_on}"


class Guarantee(models.Model):
    """Rule D-5: a guarantor or a pledge, released when the loan is paid off."""

    class Kind(models.TextChoices):
        GUARANTOR = "guarantor", _("Guarantor")
        PLEDGE = "pledge", _("Pledge of equipment or stock")
        MORTGAGE = "mortgage", _("Mortgage")
        DEPOSIT = "deposit", _("Deposit")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="guarantees")
    kind = models.CharField(max_length=10, choices=Kind)
    giver = models.CharField(max_length=150)
    what = models.CharField(max_length=300)
    value = amount_field()
    paper = models.ForeignKey("accounts.StoredFile", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_on = models.DateField()
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_on = models.DateField(null=True)
    release_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="guarantee_above_zero", condition=Q(value__gt=0)),
            both_or_neither("guarantee_released_by_and_on", "released_by", "released_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.giver}"

    @property
    def audit_ref(self) -> str:
        return f"loans.guarantee:{self.pk}"

    @property
    def money(self) -> Money:
        return Money(self.value, self.loan.currency)

    @property
    def badge(self) -> Badge:
        if self.released_on:
            return Badge("neutral", "lock-open", str(_("Released")))
        return Badge("good", "lock", str(_("In force")))

    def waits_for_release(self, on: date) -> bool:
        """The loan is paid off or cancelled and the guarantee still holds."""
        return self.released_on is None and self.loan.state in (Loan.State.PAID_OFF, Loan.State.CANCELLED)


class InvoiceFolio(models.Model):
    """Rule P-10: the folio under which a charge or a receipt was invoiced (CFDI in Mexico).

    It belongs to the posting: where a replay tells a charge anew, the new one has to be invoiced again.
    """

    posting = models.OneToOneField(Posting, models.PROTECT, related_name="invoice")
    folio = models.CharField(max_length=60, unique=True)
    issued_on = models.DateField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_on = models.DateField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.folio

    @property
    def audit_ref(self) -> str:
        return f"loans.invoice:{self.folio}"

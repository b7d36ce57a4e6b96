"""A firm, and the people who act for it (rule A-1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field


class Size(models.TextChoices):
    """The size classes of rule A-2, in words."""

    MICRO = "micro", _("micro")
    SMALL = "small", _("small")
    MEDIUM = "medium", _("medium")
    LARGE = "large", _("large")


class FirmQuerySet(models.QuerySet["Firm"]):
    def of_record(self) -> FirmQuerySet:
        """Firms that somebody confirmed: one per country and tax id."""
        return self.filter(confirmed_on__isnull=False)

    def of_person(self, user: User) -> FirmQuerySet:
        return self.filter(members__user=user, members__left_on=None, merged_into=None)


class Firm(models.Model):
    """One record per country and tax id, once confirmed.

    Until somebody confirms that its person acts for it, a firm is what that person typed, seen by nobody
    else of the public; several such claims to one tax id may stand side by side, so that the answer to
    naming a tax id is always the same (rules A-1, X-2). Confirming a claim to a firm on record moves the
    claim's applications there and leaves ``merged_into`` behind.
    """

    country = models.CharField(_("country"), max_length=2)
    tax_id = models.CharField(_("tax id"), max_length=20)
    tax_id_doubtful = models.BooleanField(default=False)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    sector = models.ForeignKey("fund.Sector", models.PROTECT, null=True, blank=True, related_name="firms")
    state = models.ForeignKey("fund.AdminUnit", models.PROTECT, null=True, blank=True, related_name="firms")
    municipality = models.CharField(_("municipality"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    women_workers = models.PositiveIntegerField(_("women among them"), null=True, blank=True)
    yearly_sales = amount_field(null=True, blank=True)
    size_class = models.CharField(max_length=6, choices=Size, blank=True)
    consents_to_name = models.BooleanField(default=False)
    bank_account = models.CharField(max_length=34, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_on = models.DateField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="claims")

    objects = FirmQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["legal_name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="firm_once_per_tax_id",
                fields=["country", "tax_id"],
                condition=Q(confirmed_on__isnull=False),
            ),
            both_or_neither("firm_confirmed_by_and_on", "confirmed_by", "confirmed_on"),
            models.CheckConstraint(
                name="firm_merged_only_if_a_claim",
                condition=Q(merged_into=None) | Q(confirmed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="firm_sales_not_negative", condition=Q(yearly_sales=None) | Q(yearly_sales__gte=0)
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["country", "tax_id"], name="firm_by_tax_id"),
            models.Index(fields=["email"], name="firm_by_email"),
            models.Index(fields=["phone"], name="firm_by_phone"),
        ]

    def __str__(self) -> str:
        return self.legal_name or self.tax_id

    @property
    def party(self) -> str:
        """The text by which the ledger knows the firm (rule L-1)."""
        return f"firm:{self.pk}"

    @property
    def audit_ref(self) -> str:
        return f"projects.firm:{self.pk}"

    @property
    def confirmed(self) -> bool:
        return self.confirmed_on is not None

    @property
    def has_confirmed_people(self) -> bool:
        return any(link.confirmed_on and not link.left_on for link in self.members.all())


class FirmMember(models.Model):
    """A person's link to a firm. It opens the firm's papers only once confirmed, except those of the claim."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner or legal representative")
        EDITOR = "editor", _("Works there and may submit")
        VIEWER = "viewer", _("May only look")
        ADVISER = "adviser", _("Adviser: fills in, does not submit")

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="firm_links")
    role = models.CharField(max_length=8, choices=Role, default=Role.OWNER)
    asked_on = models.DateField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="member_once_per_firm", fields=["firm", "user"], condition=Q(left_on=None)
            ),
            both_or_neither("member_confirmed_by_and_on", "confirmed_by", "confirmed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.firm}"

    @property
    def acts(self) -> bool:
        """Whether the person acts for the firm: confirmed, and has not left."""
        return self.confirmed_on is not None and self.left_on is None

    @classmethod
    def with_users(cls, path: str) -> models.Prefetch[str, models.QuerySet[FirmMember], str]:
        """A firm's links, each with its person, in one query."""
        return models.Prefetch(path, cls.objects.select_related("user"))

    @property
    def audit_ref(self) -> str:
        return f"projects.firmmember:{self.pk}"

    @property
    def badge(self) -> Badge:
        if self.left_on:
            return Badge("neutral", "user-x", _("Left"))
        if self.confirmed_on:
            return Badge("good", "user-check", _("Confirmed"))
        return Badge("warn", "hourglass", _("Waiting to be confirmed"))

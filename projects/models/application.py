"""An application for a loan, its budget and its papers (rules A-3 to A-7)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field, money_field
from projects.lifecycle import ENDS, State
from projects.models.firm import Firm, FirmMember


class Purpose(models.TextChoices):
    """What the money is for, in the applicant's words (rule A-3)."""

    HOUSEKEEPING = "housekeeping", _("Better housekeeping: fewer leaks, spills and losses")
    SUBSTITUTION = "substitution", _("Another input: replace a toxic or wasteful material")
    PROCESS = "process", _("Another process or new equipment that pollutes less")
    REUSE = "reuse", _("Recover and use again on site: water, chemicals, heat, material")
    AUDIT_PLAN = "audit_plan", _("Close actions of a voluntary environmental audit (NMX-AA-162)")
    END_OF_PIPE = "end_of_pipe", _("Only treat or carry away what the process already discharges")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> ApplicationQuerySet:
        """The applications of the firms for which this person acts."""
        return self.filter(firm__members__user=user, firm__members__left_on=None)

    def filed(self) -> ApplicationQuerySet:
        """Everything that was ever submitted."""
        return self.exclude(ref=None)

    def in_state(self, *states: str) -> ApplicationQuerySet:
        return self.filter(state__in=states)

    def with_rows(self) -> ApplicationQuerySet:
        """Benefits, budget lines and papers along with the application, for pages that show the whole file."""
        from projects.models.benefit import ExpectedBenefit  # it names this module's class

        return self.prefetch_related(
            models.Prefetch("expected_benefits", ExpectedBenefit.objects.select_related("indicator")),
            "budget_lines",
            models.Prefetch("documents", ApplicationDocument.objects.select_related("file")),
        )

    def with_people(self) -> ApplicationQuerySet:
        """The firm's people along with the application: those whom its gates know and its letters reach."""
        return self.select_related("firm").prefetch_related(FirmMember.with_users("firm__members"))

    def for_page(self) -> ApplicationQuerySet:
        return self.select_related("firm__sector", "firm__state", "product", "officer")


class Application(models.Model):
    """What a firm asks for. A draft may be incomplete; after submission a frozen version says what was asked.

    ``production`` is a year's, in ``production_unit``; ``cost_before`` and ``cost_after`` are what the process
    takes a year in water, chemicals, energy and waste, today and with the measure, in ``currency``.
    ``investment`` is the sum of the budget lines, ``amount`` the loan asked for; both in ``currency``.
    ``officer`` is the loan officer who looks after it.
    ``resolution``, ``agreement``, ``session`` and ``loan`` name later records as text.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(max_length=20, null=True, blank=True, unique=True)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="applications")
    product = models.ForeignKey(
        "fund.Product", models.PROTECT, null=True, blank=True, related_name="applications"
    )
    state = models.CharField(max_length=24, choices=State, default=State.DRAFT, db_index=True)
    state_since = models.DateField()

    purpose = models.CharField(max_length=12, choices=Purpose, blank=True)
    title = models.CharField(max_length=160, blank=True)
    technique = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    change = models.TextField(blank=True)
    audit_plan = models.CharField(max_length=120, blank=True)

    currency = models.CharField(max_length=3, default="MXN")
    production = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    production_unit = models.CharField(max_length=8, blank=True)
    cost_before = amount_field(null=True, blank=True)
    cost_after = amount_field(null=True, blank=True)
    useful_life_years = models.PositiveSmallIntegerField(null=True, blank=True)
    benefit_note = models.TextField(blank=True)

    amount = money_field(null=True, blank=True)
    investment = money_field(null=True, blank=True)
    own_funds = amount_field(null=True, blank=True)
    other_funds = amount_field(null=True, blank=True)
    other_source = models.CharField(max_length=160, blank=True)
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    grace_months = models.PositiveSmallIntegerField(null=True, blank=True)

    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_on = models.DateField()
    from_paper = models.BooleanField(default=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_applications"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_on = models.DateField(null=True, blank=True)
    returned_from = models.CharField(max_length=24, choices=State, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    approved_amount = money_field(null=True, blank=True)
    agreement = models.CharField(max_length=30, blank=True)
    session = models.CharField(max_length=30, blank=True)
    resolution = models.CharField(max_length=30, blank=True)
    loan = models.CharField(max_length=30, blank=True)
    commissioned_on = models.DateField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("application_submitted_by_and_on", "submitted_by", "submitted_on"),
            both_or_neither("application_number_and_date", "ref", "submitted_on"),
            models.CheckConstraint(
                name="application_only_drafts_lack_a_number",
                condition=Q(ref__isnull=False) | Q(state__in=["draft", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="application_amount_positive", condition=Q(amount=None) | Q(amount__gt=0)
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "state_since"], name="application_by_state"),
        ]

    def __str__(self) -> str:
        return self.ref or self.title or str(_("draft"))

    def get_absolute_url(self) -> str:
        return reverse("projects:application", args=[self.uid])

    @property
    def audit_ref(self) -> str:
        return f"projects.application:{self.pk}"

    @property
    def about(self) -> str:
        """The object text of its files and notices."""
        return f"projects.application:{self.pk}"

    @property
    def badge(self) -> Badge:
        return State(self.state).badge

    def load_benefits(self) -> None:
        """Read the expected benefits with their indicators in one go, for a page that shows doubts about them."""
        from projects.models.benefit import ExpectedBenefit  # it names this module's class

        rows = ExpectedBenefit.objects.select_related("indicator")
        models.prefetch_related_objects([self], models.Prefetch("expected_benefits", rows))

    @property
    def papers(self) -> list[ApplicationDocument]:
        """The papers that the file has now, without those taken out."""
        return [document for document in self.documents.all() if document.removed_on is None]

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_editable(self) -> bool:
        """Whether the firm may change anything: all of a draft, what was flagged of a returned file (A-7)."""
        return self.state in (State.DRAFT, State.RETURNED)

    @property
    def is_over(self) -> bool:
        return self.state in ENDS


class BudgetLine(models.Model):
    """One line of what the measure costs; the lines sum to the investment."""

    class Kind(models.TextChoices):
        EQUIPMENT = "equipment", _("Equipment")
        WORKS = "works", _("Works and installation")
        ENGINEERING = "engineering", _("Engineering and start-up")
        TRAINING = "training", _("Training")
        MATERIAL = "material", _("First supplies")
        OTHER = "other", _("Other")

    application = models.ForeignKey(Application, models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.EQUIPMENT)
    concept = models.CharField(max_length=160)
    amount = amount_field()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="budget_line_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.concept


class DocumentKind(models.TextChoices):
    """What the papers are. Which of them a submission needs is said by ``projects.documents``."""

    TAX_CERTIFICATE = "tax_certificate", _("Tax status certificate")
    REPRESENTATIVE = "representative", _("Powers or identity of the representative")
    QUOTES = "quotes", _("Quotes for the investment")
    BASELINE = "baseline", _("Proof of the baseline: bills, meter readings, laboratory sheets")
    FINANCIALS = "financials", _("Financial statements or tax return of the last year")
    AUDIT_PLAN = "audit_plan", _("Action plan of the environmental audit")
    PAPER_FORM = "paper_form", _("Signed paper form")
    OTHER = "other", _("Anything else that helps")


class ApplicationDocument(models.Model):
    """An uploaded paper of the file. A removed one stays kept, marked: somebody may have relied on it (G-5)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=16, choices=DocumentKind)
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_on = models.DateField()
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file}"

"""The dated rubric, and what the evaluators say of an application under it (rules E-1, E-2)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.labels import label
from committee import scoring


class RubricQuerySet(models.QuerySet["Rubric"]):
    def on(self, day: date) -> Rubric | None:
        """The rubric in force that day (rule E-2)."""
        return self.filter(since__lte=day).order_by("-since", "-version").first()


class Rubric(models.Model):
    """Criteria with weights that sum to 100, in force from a day."""

    version = models.PositiveSmallIntegerField(unique=True)
    since = models.DateField()
    spread_limit = models.PositiveSmallIntegerField(default=2)

    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "version"]

    def __str__(self) -> str:
        return f"{self.version} ({self.since})"

    @property
    def audit_ref(self) -> str:
        return f"rubric:{self.version}"

    def weights(self) -> dict[str, int]:
        return {criterion.code: criterion.weight for criterion in self.criteria.all()}


class Criterion(models.Model):
    """One question of the rubric; `hints` say what 0 and 5 points look like."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="criteria")
    code = models.SlugField(max_length=20)
    names = models.JSONField()
    hints = models.JSONField(default=dict)
    weight = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["rubric", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="criterion_once_in_a_rubric", fields=["rubric", "code"]),
        ]

    def __str__(self) -> str:
        return label(self.names)


class EvaluatorRole(models.TextChoices):
    TECHNICAL = "technical", _("Technical reading")
    FINANCIAL = "financial", _("Financial reading")
    THIRD = "third", _("Third reading")


class EvaluationState(models.TextChoices):
    """Life of one reading: nothing opens before the declaration (rule E-1)."""

    ASSIGNED = "assigned", _("Declaration awaited")
    OPEN = "open", _("Being read")
    FINISHED = "finished", _("Finished")
    CONFLICT = "conflict", _("Closed by a conflict")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "assigned": ("warn", "shield-question-mark"),
            "open": ("info", "book-open"),
            "finished": ("good", "circle-check"),
            "conflict": ("bad", "shield-alert"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class Opinion(models.TextChoices):
    """What an evaluator proposes to the commission (rule E-4)."""

    APPROVE = "approve", _("Approve")
    CONDITIONS = "conditions", _("Approve with conditions")
    MORE = "more", _("Ask for more")
    REJECT = "reject", _("Reject")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "approve": ("good", "circle-check"),
            "conditions": ("good", "list-checks"),
            "more": ("warn", "circle-question-mark"),
            "reject": ("bad", "circle-x"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class Evaluation(models.Model):
    """One person's reading of one application under one rubric. `round` 2 is the review of rule A-10."""

    application = models.ForeignKey("projects.Application", models.PROTECT, related_name="evaluations")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=10, choices=EvaluatorRole)
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluations")
    state = models.CharField(max_length=10, choices=EvaluationState, default=EvaluationState.ASSIGNED)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_on = models.DateField()
    declared_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    proposal = models.CharField(max_length=10, choices=Opinion, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["application", "round", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="evaluation_two_different_people",
                fields=["application", "round", "evaluator"],
            ),
            models.UniqueConstraint(
                name="evaluation_one_reader_per_role",
                fields=["application", "round", "role"],
                condition=~Q(state="conflict"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.ref} · {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("committee:evaluation", args=[self.pk])

    @property
    def audit_ref(self) -> str:
        return f"evaluation:{self.pk}"

    @property
    def matter(self) -> str:
        return f"application:{self.application.ref}"

    @property
    def badge(self) -> Badge:
        return EvaluationState(self.state).badge

    @property
    def proposal_badge(self) -> Badge | None:
        return Opinion(self.proposal).badge if self.proposal else None


class Score(models.Model):
    """Points for one criterion with their reason, both mandatory (rule E-2)."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    reason = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["evaluation", "criterion__position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="score_once_per_criterion", fields=["evaluation", "criterion"]),
            models.CheckConstraint(
                name="score_from_0_to_5",
                condition=Q(value__gte=scoring.LOWEST, value__lte=scoring.HIGHEST),
            ),
            models.CheckConstraint(name="score_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.criterion.code}: {self.value}"


class JointNote(models.Model):
    """What the evaluators say together about criteria on which they were far apart (rule E-2)."""

    application = models.ForeignKey("projects.Application", models.PROTECT, related_name="joint_notes")
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.application.ref}: {self.text[:40]}"

    @property
    def audit_ref(self) -> str:
        return f"joint-note:{self.pk}"

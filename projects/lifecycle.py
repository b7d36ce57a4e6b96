"""The states of an application and the moves between them: one table (rule A-8).

Only the verbs of ``projects.applications``, ``projects.completeness`` and ``projects.milestones`` move;
the committee and the loans call those.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned to the firm")
    COMPLETE = "complete", _("Complete")
    EVALUATING = "evaluating", _("Being evaluated")
    RECOMMENDED = "recommended", _("Recommended")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended")
    ON_AGENDA = "on_agenda", _("On the committee's agenda")
    APPROVED = "approved", _("Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("Approved with conditions")
    DEFERRED = "deferred", _("Deferred")
    REJECTED = "rejected", _("Rejected")
    REVIEW_REQUESTED = "review_requested", _("Review requested")
    CONTRACTED = "contracted", _("Contracted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")

    @property
    def badge(self) -> Badge:
        tone, icon = _LOOKS[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


_LOOKS = {
    "draft": ("neutral", "pencil"),
    "submitted": ("info", "send"),
    "returned": ("warn", "undo-2"),
    "complete": ("info", "clipboard-check"),
    "evaluating": ("info", "search"),
    "recommended": ("info", "thumbs-up"),
    "not_recommended": ("warn", "thumbs-down"),
    "on_agenda": ("info", "calendar"),
    "approved": ("good", "circle-check"),
    "approved_with_conditions": ("good", "list-checks"),
    "deferred": ("warn", "clock"),
    "rejected": ("bad", "circle-x"),
    "review_requested": ("warn", "rotate-ccw"),
    "contracted": ("good", "handshake"),
    "withdrawn": ("neutral", "log-out"),
    "lapsed": ("neutral", "hourglass"),
}

APPROVALS = frozenset({State.APPROVED, State.APPROVED_WITH_CONDITIONS})

#: States in which the firm may still take its application back.
UNDECIDED = frozenset(
    {
        State.DRAFT,
        State.SUBMITTED,
        State.RETURNED,
        State.COMPLETE,
        State.EVALUATING,
        State.RECOMMENDED,
        State.NOT_RECOMMENDED,
        State.ON_AGENDA,
        State.DEFERRED,
        State.REVIEW_REQUESTED,
    }
)

#: Nothing more happens here.
ENDS = frozenset({State.CONTRACTED, State.WITHDRAWN, State.LAPSED})

_WORK: frozenset[tuple[str, str]] = frozenset(
    {
        (State.DRAFT, State.SUBMITTED),
        (State.SUBMITTED, State.COMPLETE),
        (State.SUBMITTED, State.RETURNED),
        (State.RETURNED, State.SUBMITTED),
        (State.RETURNED, State.EVALUATING),
        (State.COMPLETE, State.EVALUATING),
        (State.EVALUATING, State.RETURNED),
        (State.EVALUATING, State.RECOMMENDED),
        (State.EVALUATING, State.NOT_RECOMMENDED),
        (State.RECOMMENDED, State.ON_AGENDA),
        (State.NOT_RECOMMENDED, State.ON_AGENDA),
        (State.DEFERRED, State.ON_AGENDA),
        (State.REJECTED, State.REVIEW_REQUESTED),
        (State.REVIEW_REQUESTED, State.EVALUATING),
        (State.APPROVED, State.CONTRACTED),
        (State.APPROVED_WITH_CONDITIONS, State.CONTRACTED),
        (State.APPROVED, State.LAPSED),
        (State.APPROVED_WITH_CONDITIONS, State.LAPSED),
    }
)
_DECISIONS: frozenset[tuple[str, str]] = frozenset(
    (State.ON_AGENDA, outcome)
    for outcome in (State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.DEFERRED, State.REJECTED)
)
_WITHDRAWALS: frozenset[tuple[str, str]] = frozenset(
    (state, State.WITHDRAWN) for state in UNDECIDED | APPROVALS
)

#: Every allowed (from, to). A pair that is not here is refused, whoever asks.
MOVES: frozenset[tuple[str, str]] = _WORK | _DECISIONS | _WITHDRAWALS

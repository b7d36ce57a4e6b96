"""Firms, applications, their history, and what the measures promised and gave."""

from projects.models.application import (
    Application,
    ApplicationDocument,
    BudgetLine,
    DocumentKind,
    Purpose,
)
from projects.models.benefit import (
    Evidence,
    ExpectedBenefit,
    Grade,
    Measurement,
    MeasurementEdit,
    MeasurementState,
)
from projects.models.checklist import CheckedPoint, ChecklistItem
from projects.models.draft import FieldSave, Handover, Invitation, KeptText
from projects.models.firm import Firm, FirmMember, Size
from projects.models.history import ApplicationVersion, FieldReturn, StateChange
from projects.models.indicator import CountingRule, Indicator, IndicatorSource, Target
from projects.models.privacy import Consent, PrivacyRequest
from projects.models.talk import Message, MessageFile, ReadMark

__all__ = [
    "Application",
    "ApplicationDocument",
    "ApplicationVersion",
    "BudgetLine",
    "CheckedPoint",
    "ChecklistItem",
    "Consent",
    "CountingRule",
    "DocumentKind",
    "Evidence",
    "ExpectedBenefit",
    "FieldReturn",
    "FieldSave",
    "Firm",
    "FirmMember",
    "Grade",
    "Handover",
    "Indicator",
    "IndicatorSource",
    "Invitation",
    "KeptText",
    "Measurement",
    "MeasurementEdit",
    "MeasurementState",
    "Message",
    "MessageFile",
    "PrivacyRequest",
    "Purpose",
    "ReadMark",
    "Size",
    "StateChange",
    "Target",
]

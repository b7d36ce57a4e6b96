"""Policy in force on a day: one attribute for each bracketed value of the regulation (Rule G-1)."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, require
from accounts.models import User
from accounts.once import forget, once_per_request
from accounts.permissions import Perm, check_may
from fund.models import PolicyVersion, Product


@dataclass(frozen=True, slots=True)
class Policy:
    """The regulation's bracketed values, with their defaults. Shares and rates are fractions of one unless `_pct`."""

    # Applications.
    completeness_days: int = 5
    loan_share_max: Decimal = Decimal("0.80")
    exposure_max_usd: Decimal = Decimal("50000.00")
    exposure_share_max: Decimal = Decimal("0.05")
    sector_warning_share: Decimal = Decimal("0.75")
    yearly_rate_max: Decimal = Decimal("0.60")
    lapse_days: int = 90
    review_days: int = 15
    identity_keep_years: int = 10
    identity_since: date = date(2013, 7, 17)
    identity_notice_from: Decimal = Decimal("181589.70")
    # The committee and its evaluators.
    third_reading_spread: Decimal = Decimal("2")
    notice_days: int = 7
    papers_days: int = 5
    delegation_final: Decimal = Decimal("0")
    delegation_ratified: Decimal = Decimal("0")
    written_days: int = 10
    # Payments, arrears and VAT.
    late_rate_multiple: Decimal = Decimal("1.5")
    late_grace_days: int = 3
    provision_rates: tuple[Decimal, ...] = (
        Decimal("0"),
        Decimal("0.05"),
        Decimal("0.20"),
        Decimal("0.50"),
        Decimal("1"),
    )
    vat_on_interest: bool = True
    # Capital.
    reserve_share: Decimal = Decimal("0.05")
    line_service_days: int = 90
    projection_years: int = 10
    # Rates, benefits, reports, notices, access.
    rate_lookback_days: int = 5
    benefit_years_max: int = 5
    small_group_min: int = 3
    reminder_before: tuple[int, ...] = (14, 7, 1)
    reminder_after: tuple[int, ...] = (3, 15, 30, 60)
    staff_task_days: int = 5
    idle_minutes: int = 30
    seal_seconds: int = 60
    file_max_mb: int = 15
    draft_keep_months: int = 12
    draft_warning_days: int = 30
    privacy_days: int = 20
    rubric_weights: dict[str, int] = field(
        default_factory=lambda: {
            "benefit": 30,
            "technical": 20,
            "baseline": 10,
            "repayment": 25,
            "people": 15,
        }
    )

    @property
    def reminder_offsets(self) -> tuple[int, ...]:
        """Days from the due date on which an instalment is spoken of: before below zero, then 0, then after (N-2)."""
        return (*(-days for days in self.reminder_before), 0, *self.reminder_after)

    def values(self) -> dict[str, Any]:
        """The policy as JSON keeps it: decimals as text."""
        return {name: _to_json(value) for name, value in asdict(self).items()}


DEFAULT = Policy()


def policy_on(day: date) -> Policy:
    """The policy in force on a day; before the first version, the regulation's defaults."""
    version = version_on(day)
    return from_values(version.values) if version else DEFAULT


@once_per_request
def version_on(day: date) -> PolicyVersion | None:
    """The version that ruled on a day; a later record for the same day stands for an earlier one."""
    return PolicyVersion.objects.filter(in_force_from__lte=day).order_by("-in_force_from", "-pk").first()


def from_values(values: dict[str, Any]) -> Policy:
    """A policy from stored values; a value that a version lacks has the regulation's default."""
    known = {item.name: getattr(DEFAULT, item.name) for item in fields(Policy)}
    return Policy(**{name: _from_json(value, known[name]) for name, value in values.items() if name in known})


def products_on(day: date) -> "QuerySet[Product]":
    """The products that the fund offers on a day, each in the version in force."""
    return Product.objects.in_force(day).order_by("code")


def currencies_offered(day: date) -> set[str]:
    """The currencies that somebody may ask the fund for on a day."""
    return set(Product.objects.in_force(day).order_by().values_list("currency", flat=True))


@transaction.atomic
def change_policy(
    *, changes: dict[str, Any], in_force_from: date, note: str, by: User, on: date
) -> PolicyVersion:
    """Put a new version in force from a day, today or later; the versions before stay as they are (G-1, G-5)."""
    check_may(by, Perm.POLICY_EDIT)
    require(
        in_force_from >= on,
        "G-5",
        _("A policy is in force from today or a later day."),
        field="in_force_from",
    )
    require(note.strip(), "G-5", _("Say why the policy changes."), field="note")
    before = policy_on(in_force_from).values()
    after = from_values(before | checked(changes)).values()
    require(after != before, "G-5", _("Nothing was changed."))
    version = PolicyVersion.objects.create(
        in_force_from=in_force_from, values=after, note=note.strip(), by=by
    )
    forget()
    differing = {name for name in after if after[name] != before.get(name)}
    audit.record(
        "policy.changed", version, by=by, on=on, note=note,
        before={name: before.get(name) for name in differing}, after={name: after[name] for name in differing},
    )  # fmt: skip
    return version


def checked(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as JSON; raises BadInput for a name or a value that no policy has."""
    known = {item.name: getattr(DEFAULT, item.name) for item in fields(Policy)}
    for name, value in changes.items():
        if name not in known:
            raise BadInput(name, value, _("“%(name)s” is no setting of the policy.") % {"name": name})
        try:
            typed = _from_json(_to_json(value), known[name])
        except (ValueError, TypeError, InvalidOperation):
            raise BadInput(name, value, _("“%(value)s” does not fit here.") % {"value": value}) from None
        if isinstance(typed, int | Decimal) and typed < 0:
            raise BadInput(name, value, _("“%(value)s” is below zero.") % {"value": value})
        if name.endswith(("_share", "_share_max")) and typed > 1:
            raise BadInput(name, value, _("A share is between 0 and 1, not %(value)s.") % {"value": value})
    return {name: _to_json(value) for name, value in changes.items()}


def _to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_to_json(item) for item in value]
    return value


def _from_json(value: Any, default: Any) -> Any:
    """The stored value in the type of the default."""
    if isinstance(default, bool):
        return bool(value)
    if isinstance(default, date):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if isinstance(default, tuple):
        return tuple(_from_json(item, default[0]) for item in value)
    if isinstance(default, dict):
        return {str(key): int(weight) for key, weight in value.items()}
    if isinstance(default, int):
        return int(value)
    return Decimal(str(value))

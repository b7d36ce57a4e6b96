"""The size rule of a country on a day, from its dated profile, applied to a firm (rules A-2, G-4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.once import once_per_request
from fund.models import CountryProfile, Sector
from projects.sizing import Activity, SizeRule, Sizing, size_of

if TYPE_CHECKING:
    from projects.models import Firm


def profile_on(country: str, day: date) -> CountryProfile | None:
    """The country's profile in force on a day; None for a country where the fund does not lend."""
    return next((profile for profile in _profiles(country) if profile.in_force_from <= day), None)


@once_per_request
def _profiles(country: str) -> list[CountryProfile]:
    """Every version of a country's profile, the newest first."""
    return list(CountryProfile.objects.filter(country=country).order_by("-in_force_from"))


def size_rule_on(country: str, day: date) -> SizeRule | None:
    profile = profile_on(country, day)
    if profile is None:
        return None
    return SizeRule.from_dict(country, profile.currency, {**profile.size_rule, **_index_of(profile, day)})


def _index_of(profile: CountryProfile, day: date) -> dict[str, object]:
    """The unit of account of the day's year (UF, UVT, UIT), or the last one known before it."""
    values = profile.units.get(profile.size_rule.get("index_name", ""), {})
    known = [int(year) for year in values if int(year) <= day.year]
    if not known:
        return {}
    return {"index_value": values[str(max(known))], "index_year": max(known)}


def currency_of(country: str, day: date) -> str:
    """What a firm of the country earns and asks for; the home country's where the fund does not lend."""
    profile = profile_on(country, day)
    return profile.currency if profile else "MXN"


def sizing(
    *, country: str, sector: Sector | None, workers: int | None, sales: Decimal | None, on: date
) -> Sizing | None:
    """Rule A-2 for figures as typed; None while one of them is missing."""
    rule = size_rule_on(country, on)
    if rule is None or sector is None or workers is None or sales is None:
        return None
    return size_of(rule, activity=Activity(sector.kind), workers=workers, sales=sales)


def sizing_of(firm: Firm, on: date) -> Sizing | None:
    """The firm's size class with its arithmetic."""
    return sizing(
        country=firm.country, sector=firm.sector, workers=firm.workers, sales=firm.yearly_sales, on=on
    )


def size_class_of(firm: Firm, on: date) -> str:
    """The code of the class, empty while the figures are missing."""
    found = sizing_of(firm, on)
    return found.size.value if found else ""

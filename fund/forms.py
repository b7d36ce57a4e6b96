"""Form fields that read figures as people write them, used by every app's forms (Rules M-1, A-5)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.errors import BadInput
from accounts.formats import number_text
from fund.parsing import parse_decimal

MOST = Decimal("9999999999999.99")


class FigureField(forms.CharField):
    """A number typed in any of the three languages' ways; the cleaned value is a Decimal, or None if left empty.

    Shows a stored value in the reader's language. Refusals name what was typed and what would be right.
    """

    decimals = 2

    def __init__(
        self,
        *,
        decimals: int | None = None,
        least: Decimal | int | None = 0,
        most: Decimal | int | None = None,
        above_zero: bool = False,
        unit: str | Promise = "",
        **options: Any,
    ) -> None:
        options.setdefault("max_length", 40)
        self.decimals = self.decimals if decimals is None else decimals
        self.least, self.most, self.above_zero, self.unit = least, most, above_zero, unit
        self.suffix = unit  # shown beside the input
        options.setdefault("widget", forms.TextInput())
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal" if self.decimals else "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """A stored number in the reader's language; what a person typed stays as it was typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        return number_text(value, self.places_of(value)) if isinstance(value, Decimal) else value

    def places_of(self, value: Decimal) -> int | None:
        return None if self.decimals > 2 else self.decimals

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        text = str(super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            return parse_decimal(text, field="", decimals=self.decimals)
        except BadInput as problem:
            raise ValidationError(problem.message, code="unreadable") from None

    def validate(self, value: Any) -> None:
        if value is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return
        shown = {"value": self.shown(value)}
        if self.above_zero and value <= 0:
            raise ValidationError(_("%(value)s must be above zero.") % shown, code="not_positive")
        if self.least is not None and value < self.least:
            if self.least == 0:
                raise ValidationError(_("%(value)s is below zero.") % shown, code="negative")
            shown["least"] = self.shown(Decimal(self.least))
            raise ValidationError(_("%(value)s is less than the least, %(least)s.") % shown, code="too_small")
        most = MOST if self.most is None else Decimal(self.most)
        if value > most:
            shown["most"] = self.shown(most)
            raise ValidationError(_("%(value)s is more than the most, %(most)s.") % shown, code="too_large")

    def run_validators(self, value: Any) -> None:
        """The length of the text was checked while it was text; a number has none."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def shown(self, value: Decimal) -> str:
        return f"{number_text(value, self.places_of(value))} {self.unit}".strip()


class AmountField(FigureField):
    """An amount of money with the currency's decimals: "1.234,56", "1,234.56", "1 234,56" and "$1234.5" alike."""

    def __init__(self, *, currency: str = "", **options: Any) -> None:
        options.setdefault("decimals", 0 if currency == "CLP" else 2)
        options.setdefault("unit", currency)
        super().__init__(**options)


class CountField(FigureField):
    """A whole number of people or things; the cleaned value is an int, or None if left empty."""

    decimals = 0

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned)


class RateField(FigureField):
    """A rate or share in percent, with up to six decimals."""

    decimals = 6

    def __init__(self, **options: Any) -> None:
        options.setdefault("most", 1000)
        options.setdefault("unit", "%")
        super().__init__(**options)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar; typed day-month-year is understood too."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d/%m/%Y"]

"""What the steps' forms share: labels from the field table, drafts that may stay incomplete, locked fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from djmoney.money import Money

from projects import merging
from projects.examples import Example, example_for
from projects.fields import BY_KEY, Kind, Step
from projects.lifecycle import State
from projects.models import Application
from projects.returns import open_fields, open_returns
from projects.saving import marks_of

#: The hidden field in which a page remembers what it showed.
REMEMBERED = "was"
#: A choice between one's own value and another's: "choose-<field>", "mine:<mark>" or "theirs:<mark>".
CHOICE = "choose-"
#: The code of an error that goes away by typing on; it is told by the step's button, not while one types.
INCOMPLETE = "incomplete"


class DraftForm(forms.Form):
    """A form whose required fields are only marked: an incomplete draft may be saved (rule A-5)."""

    use_required_attribute = False
    #: Whether the page saves the fields of this form as one leaves them.
    autosaves: ClassVar[bool] = False
    #: What the page says beside a field that others changed too.
    clashes: Mapping[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        self.clashes = {}
        super().__init__(*args, **options)

    def full_clean(self) -> None:
        marked = [field for field in self.fields.values() if field.required]
        for field in marked:
            field.required = False
        super().full_clean()
        for field in marked:
            field.required = True

    def incomplete(self, name: str, text: str) -> None:
        """Refuse what is only begun."""
        self.add_error(name, ValidationError(text, code=INCOMPLETE))

    def hush(self) -> None:
        """Forget the errors of what is only begun: the person is still typing."""
        for name, errors in list(self.errors.items()):
            errors.data = [error for error in errors.as_data() if error.code != INCOMPLETE]
            if not errors.data:
                del self.errors[name]


class StepForm(DraftForm):
    """One step of an application: initial values from the file, only what is open may be changed (rule A-7)."""

    step: ClassVar[Step]
    autosaves = True
    #: The name under which rows are saved; empty where the step has none.
    rows_name: ClassVar[str] = ""
    rows: Any = None

    def __init__(self, *args: Any, application: Application, on: date, **options: Any) -> None:
        self.application, self.on = application, on
        self.marks = marks_of(application, self.step)
        super().__init__(*args, **options)
        self.open = open_fields(application)
        self.flags = open_returns(application)
        self.example: Example = example_for(application.firm.sector)
        self.build()
        for name, field in self.fields.items():
            entry = BY_KEY.get(f"{self.step}.{name}")
            if entry is None:
                continue
            field.label = str(entry.label)
            field.required = entry.required(application)
            field.disabled = entry.key not in self.open
            if entry.kind is not Kind.FILES:
                self.initial.setdefault(name, _bare(entry.value_of(application)))
        if application.state == State.RETURNED:
            self._keep_only_what_was_returned()

    def _keep_only_what_was_returned(self) -> None:
        for name in [name for name in self.fields if f"{self.step}.{self.key_of(name)}" not in self.open]:
            del self.fields[name]

    def key_of(self, name: str) -> str:
        """The field of the table that an input belongs to; a unit belongs to its figure."""
        return name

    def build(self) -> None:
        """Choices, units and hints that depend on the application."""

    def hint(self, name: str, text: str) -> None:
        self.fields[name].help_text = text

    def to_save(self) -> Mapping[str, Any]:
        """What the step can take of the page: the open fields that could be read."""
        return {
            name: value for name, value in self.cleaned_data.items() if f"{self.step}.{name}" in self.open
        }

    # What others wrote meanwhile ------------------------------------------------------------------

    @property
    def remembered(self) -> str:
        return merging.packed(self.marks)

    def shown_marks(self) -> dict[str, str]:
        """The marks of the values that this page had shown when it was opened."""
        return merging.unpacked(self.data.get(REMEMBERED, ""))

    def chosen(self, answer: str) -> dict[str, str]:
        """The fields in which the person chose "mine" or "theirs", each with the mark of the other's value."""
        found = {}
        for key, value in self.data.items():
            said, _colon, mark = str(value).partition(":")
            if key.startswith(CHOICE) and said == answer:
                found[key.removeprefix(CHOICE)] = mark
        return found

    # What could not be taken ----------------------------------------------------------------------

    def all_forms(self) -> Iterator[forms.BaseForm]:
        yield self
        if self.rows is not None:
            yield self.rows.management_form
            yield from self.rows

    @property
    def shows_rows(self) -> bool:
        """A returned file shows rows only where they were returned, or were sent by a page that showed them."""
        if self.rows is None:
            return False
        return bool(self.rows.is_bound or f"{self.step}.{self.rows_name}" in self.open)

    def shown_forms(self) -> Iterator[forms.BaseForm]:
        """Those whose fields stand on the page."""
        return self.all_forms() if self.shows_rows else iter([self])

    def unsaved(self, saved: frozenset[str]) -> dict[str, str]:
        """What the page holds and the file does not, by the name of the input, as it was typed."""
        troubled = {name for name in self.fields if name in self.errors or name in self.clashes} - saved
        texts = {name: self.data[name] for name in troubled if name in self.data}
        rows = self.rows
        if rows is not None and rows.is_bound and (not self.rows_ready() or self.rows_name in self.clashes):
            texts |= {key: text for key, text in self.data.items() if key.startswith(f"{rows.prefix}-")}
        return texts

    def rows_ready(self) -> bool:
        """Whether the rows of the page were sent and can be saved."""
        return bool(self.rows.is_bound and self.rows.is_valid())

    def as_sent(self, typed: Mapping[str, str], marks: Mapping[str, str]) -> QueryDict:
        """The page as a browser would send it, with what was typed and kept in its fields."""
        data = QueryDict(mutable=True)
        for form in self.all_forms():
            for field in form:
                value = field.value()
                if isinstance(field.field, forms.BooleanField):
                    value = "on" if value else None
                if value is not None:
                    data[field.html_name] = str(value)
        for name, text in typed.items():
            data[name] = text
        data[REMEMBERED] = merging.packed({**self.marks, **marks})
        return data


def _bare(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def example_text(text: str) -> str:
    """An example as the hints write it; the text is escaped."""
    return format_html("<em>{}</em> {}", _("Example:"), text)

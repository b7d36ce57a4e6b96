"""Forms of evaluations, sessions, votes and bodies."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Perm, holders
from committee.conditions import NewCondition
from committee.models import AgendaItem, Body, Criterion, Seat
from committee.models.body import ReasonClass
from committee.models.decision import ConditionKind, ConditionOwner
from committee.models.evaluation import Opinion
from committee.models.session import ItemKind
from fund.forms import AmountField, DayField
from projects.forms.documents import ACCEPTED
from projects.models import Application


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReasonForm(forms.Form):
    """One sentence that goes into the record."""

    reason = forms.CharField(label=_("Reason"), widget=text_area())


class EmptyForm(forms.Form):
    """A confirmation without a question."""


class AssignForm(forms.Form):
    technical = forms.ModelChoiceField(label=_("Technical reading"), queryset=User.objects.none())
    financial = forms.ModelChoiceField(
        label=_("Financial reading"),
        queryset=User.objects.none(),
        help_text=_("Somebody else than the technical reader (rule E-1)."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = holders(Perm.EVALUATION_WRITE, on).order_by("full_name")
        for name in ("technical", "financial"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]


class EvaluatorForm(forms.Form):
    evaluator = forms.ModelChoiceField(label=_("Evaluator"), queryset=User.objects.none())

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluator"].queryset = holders(  # type: ignore[attr-defined]
            Perm.EVALUATION_WRITE, on
        ).order_by("full_name")


class DeclareForm(forms.Form):
    """No conflict, or a conflict with its class (rules E-1, C-5); the yearly declaration too if it is due."""

    conflict = forms.TypedChoiceField(
        label=_("Do you have an interest in this case?"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason_class = forms.ChoiceField(
        label=_("If yes: of which class"),
        choices=[("", "—"), *ReasonClass.choices],
        required=False,
        help_text=_("Only the class is written into the minutes."),
    )
    reason = forms.CharField(
        label=_("If yes: in a sentence, for the fund's file"), required=False, widget=text_area(2)
    )
    interests = forms.CharField(
        label=_("Your yearly declaration"),
        help_text=_(
            "Firms and institutions in which you or your family have a part; leave empty if there are none."
        ),
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, yearly: bool = False, of_firm: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not yearly:
            del self.fields["interests"]
        self.fields["conflict"].choices = [  # type: ignore[attr-defined]
            (
                "no",
                _("No. I have no part in this firm, its owners, suppliers or competitors.")
                if of_firm
                else _("No. Neither I nor my family have a part in this matter."),
            ),
            ("yes", _("Yes. I step back: its file closes to me.")),
        ]


class InterestForm(forms.Form):
    reason_class = forms.ChoiceField(label=_("Class of the interest"), choices=ReasonClass.choices)
    reason = forms.CharField(
        label=_("In a sentence, for the fund's file"), required=False, widget=text_area(2)
    )


class ScoreForm(forms.Form):
    """One line of points and one of reasons per criterion of the rubric (rule E-2)."""

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"value_{criterion.code}"] = forms.TypedChoiceField(
                label=_("Points"),
                choices=[(n, str(n)) for n in range(6)],
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect(attrs={"class": "points"}),
            )
            self.fields[f"reason_{criterion.code}"] = forms.CharField(
                label=_("Reason"), required=False, widget=text_area(2)
            )

    def rows(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"value_{one.code}"], self[f"reason_{one.code}"]) for one in self.criteria]

    def scores(self) -> dict[str, tuple[int, str]]:
        """What was filled in: points with or without their reason, which the verb then asks for."""
        found = {}
        for one in self.criteria:
            value, reason = self.cleaned_data[f"value_{one.code}"], self.cleaned_data[f"reason_{one.code}"]
            if value is not None:
                found[one.code] = (value, reason)
        return found


class FinishForm(forms.Form):
    proposal = forms.ChoiceField(label=_("I propose to"), choices=Opinion.choices, widget=forms.RadioSelect)
    opinion = forms.CharField(label=_("Summary of my reading"), widget=text_area(4))


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Text"), widget=text_area(3))


class PlanForm(forms.Form):
    body = forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.all(), empty_label=None)
    held_on = DayField(label=_("Day"))
    begins_at = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="10:00"
    )
    place = forms.CharField(label=_("Place, or how people join"), max_length=200)


class ApplicationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.ref} · {obj.firm} · {obj.title}"


class AddApplicationForm(forms.Form):
    application = ApplicationChoice(
        label=_("Application"), queryset=Application.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, ready: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].queryset = ready  # type: ignore[attr-defined]


class AddItemForm(forms.Form):
    """A matter that no app puts up by itself: its paper is the text typed here."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[pair for pair in ItemKind.choices if pair[0] != ItemKind.APPLICATION]
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=40,
        help_text=_("What it is about: a loan, a condition, a contribution."),
    )
    title = forms.CharField(label=_("Title"), max_length=240)
    summary = forms.CharField(label=_("Paper"), widget=text_area(5))


class AttendanceForm(forms.Form):
    """Who of a seat is here: one select per seat keeps the secretary's hands free."""

    seat = forms.ModelChoiceField(queryset=Seat.objects.all())
    person = forms.ModelChoiceField(queryset=User.objects.all())
    remote = forms.BooleanField(required=False)
    present = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")


class ConditionForm(forms.Form):
    """One condition of an approval (rule C-10); an empty row is no condition."""

    kind = forms.ChoiceField(label=_("When"), choices=ConditionKind.choices)
    text = forms.CharField(label=_("What"), widget=text_area(2), required=False)
    owner = forms.ChoiceField(label=_("Whose"), choices=ConditionOwner.choices)
    due_on = DayField(label=_("Due"), required=False)
    proof = forms.CharField(label=_("Proof"), max_length=240, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("text"):
            if not data.get("due_on"):
                self.add_error("due_on", _("A condition has a due date (rule C-10)."))
            if not data.get("proof"):
                self.add_error("proof", _("Say which proof ends the condition."))
        return data

    def drafted(self) -> NewCondition | None:
        data = self.cleaned_data
        return NewCondition(**data) if data.get("text") else None


ConditionFormSet = forms.formset_factory(ConditionForm, extra=3, max_num=12)


class CloseForm(forms.Form):
    """Amount of an approval and the reasons; the count itself is not typed by anybody."""

    amount = AmountField(label=_("Amount approved"), above_zero=True)
    grounds = forms.CharField(
        label=_("Reasons"), required=False, max_length=2000, widget=text_area(3),
        help_text=_("The firm reads them in its letter. A rejection needs them; an approval may have some."),
    )  # fmt: skip

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item.kind != ItemKind.APPLICATION:
            self.fields["grounds"].help_text = _("They stand in the resolution.")
        if item.amount is None:
            del self.fields["amount"]
            return
        self.fields["amount"].suffix = item.amount.currency.code  # type: ignore[attr-defined]
        self.fields["amount"].initial = item.amount.amount
        self.fields["amount"].help_text = _(
            "At most what was asked for. Counts only if the item is approved."
        )

    def amount_of(self) -> Decimal | None:
        found: Decimal | None = self.cleaned_data.get("amount")
        return found


class MeetForm(forms.Form):
    proof = forms.CharField(label=_("What proves it"), widget=text_area(2))


class ProofForm(forms.Form):
    """What a firm sends to end a condition: a paper, or a sentence that says where it can be seen."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The paper or a photo of it"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Anything to say about it"), required=False, max_length=1000, widget=text_area(2)
    )


class AppointForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.filter(is_active=True, grants__isnull=False).distinct().order_by("full_name"),
    )
    alternate = forms.BooleanField(label=_("As alternate"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("Last day"), required=False)


class EndForm(forms.Form):
    last_day = DayField(label=_("Last day"))

"""The policy in force and its versions, with the products on offer (Rules G-1, S-1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.formats import day_text
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow
from fund import policy as verbs
from fund.confirming import ConfirmedForm, confirmation
from fund.forms import DayField
from fund.models import ExchangeRate, Fund, PolicyVersion, Product, VatRate
from fund.policy import policy_on, version_on
from fund.settings_of import GROUPS, Setting, setting_fields, shown_groups


@allow(Perm.STAFF_HOME)
def policy(request: SignedRequest) -> HttpResponse:
    """What holds today, since when, and what the fund offers."""
    day = today()
    context = {
        "today": day,
        "groups": shown_groups(policy_on(day)),
        "version": version_on(day),
        "coming": PolicyVersion.objects.filter(in_force_from__gt=day).order_by("in_force_from"),
        "products": Product.objects.in_force(day).order_by("code"),
        "vat": VatRate.objects.filter(country="MX"),
        "fund_record": Fund.objects.select_related("administrator").first(),
        "may_edit": request.user.may(Perm.POLICY_EDIT),
        "last_rate": ExchangeRate.objects.first(),
    }
    return render(request, "fund/policy.html", context)


class PolicyForm(ConfirmedForm):
    """One field for each setting of the policy, filled with what will be in force."""

    in_force_from = DayField(label=gettext_lazy("In force from"))
    note = forms.CharField(label=gettext_lazy("Why"), max_length=300)

    def __init__(self, *args: Any, current: verbs.Policy, **options: Any) -> None:
        super().__init__(*args, **options)
        self.current = current
        self.fields |= setting_fields(current)

    def changes(self) -> dict[str, Any]:
        """The settings whose value is another one now."""
        found = {}
        for setting in (setting for group in GROUPS for setting in group.settings):
            value = setting.stored(self.cleaned_data.get(setting.name))
            if value is not None and value != getattr(self.current, setting.name):
                found[setting.name] = value
        return found


@allow(Perm.POLICY_EDIT)
def change(request: SignedRequest) -> HttpResponse:
    """A new version of the policy: what changes is shown before it is kept."""
    form = PolicyForm(request.POST or None, current=policy_on(today()), initial={"in_force_from": today()})
    if form.is_valid():
        changes = form.changes()
        since, note = form.cleaned_data["in_force_from"], form.cleaned_data["note"]
        if not changes:
            form.add_error(None, _("Nothing was changed."))
        elif not form.is_confirmed:
            return confirmation(request, form, **_changes_in_words(form.current, changes, since))
        elif attempt(
            form,
            lambda: verbs.change_policy(
                changes=changes, in_force_from=since, note=note, by=request.user, on=today()
            ),
        ):
            messages.success(request, _("The policy changes on %(day)s.") % {"day": day_text(since)})
            return redirect("fund:policy")
    return render(request, "fund/policy_change.html", {"form": form.to_edit(), "groups": _form_groups(form)})


def _form_groups(form: PolicyForm) -> list[tuple[Any, list[Any]]]:
    return [(group.title, [form[setting.name] for setting in group.settings]) for group in GROUPS]


def _changes_in_words(current: verbs.Policy, changes: dict[str, Any], since: Any) -> dict[str, Any]:
    known: dict[str, Setting] = {setting.name: setting for group in GROUPS for setting in group.settings}
    facts = [
        (
            known[name].label,
            _("%(before)s, from then on %(after)s")
            % {"before": known[name].text(getattr(current, name)), "after": known[name].text(value)},
        )
        for name, value in changes.items()
    ]
    return {
        "title": _("Change the policy?"),
        "facts": [(_("In force from"), day_text(since, long=True)), *facts],
        "warning": _("Decisions taken before that day keep the rules they were taken under."),
        "submit": _("Change the policy"),
        "cancel_url": reverse("fund:policy"),
    }

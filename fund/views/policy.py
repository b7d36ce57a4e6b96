"""The policy in force, its versions, and the products on offer (Rules G-1, S-1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.formats import day_text
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow
from fund import policy as verbs
from fund import products
from fund.confirming import ConfirmedForm, confirmation
from fund.forms import AmountField, CountField, DayField, RateField
from fund.models import ExchangeRate, Fund, PolicyVersion, Product, VatRate
from fund.policy import policy_on, version_on
from fund.settings_of import GROUPS, Setting, setting_fields, shown_groups
from loans.arithmetic import schedule
from loans.arithmetic.terms import Terms


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


@allow(Perm.STAFF_HOME)
def product(request: SignedRequest, code: str) -> HttpResponse:
    """A product with its terms, an example, and its versions."""
    versions = list(Product.objects.filter(code=code).select_related("by"))
    if not versions:
        raise Http404
    found = next((version for version in versions if version.in_force_from <= today()), versions[-1])
    terms = example_of(found)
    rows = schedule.schedule(terms)
    context = {
        "product": found, "versions": versions, "terms": terms, "rows": rows, "totals": totals_of(rows),
        "may_edit": request.user.may(Perm.PRODUCT_EDIT), "today": today(),
    }  # fmt: skip
    return render(request, "fund/product.html", context)


def example_of(product: Product) -> Terms:
    """The largest loan of a product on its usual term, paid out on its first day or today."""
    day = max(product.in_force_from, min(today(), product.in_force_until or today()))
    return products.terms_for(product, principal=product.amount_max, disbursed_on=day)


def totals_of(rows: Any) -> dict[str, Any]:
    """The columns of a schedule summed."""
    return {
        name: sum(getattr(row, name) for row in rows)
        for name in ("principal", "interest", "vat", "fees", "total")
    }


class ProductForm(ConfirmedForm):
    """The terms that a new version may change."""

    in_force_from = DayField(label=gettext_lazy("In force from"))
    amount_min = AmountField(label=gettext_lazy("Smallest amount"), above_zero=True)
    amount_max = AmountField(label=gettext_lazy("Largest amount"), above_zero=True)
    annual_rate_pct = RateField(label=gettext_lazy("Yearly rate"))
    amortization = forms.ChoiceField(label=gettext_lazy("Repayment"), choices=Product.Amortizations)
    day_count = forms.ChoiceField(label=gettext_lazy("Day count"), choices=Product.DayCounts)
    holiday_rule = forms.ChoiceField(label=gettext_lazy("Holiday rule"), choices=Product.HolidayRules)
    term_min = CountField(label=gettext_lazy("Shortest term"), unit=gettext_lazy("months"), least=1, most=360)
    term_default = CountField(
        label=gettext_lazy("Usual term"), unit=gettext_lazy("months"), least=1, most=360
    )
    term_max = CountField(label=gettext_lazy("Longest term"), unit=gettext_lazy("months"), least=1, most=360)
    grace_default = CountField(
        label=gettext_lazy("Usual grace on principal"), unit=gettext_lazy("months"), most=120
    )
    grace_max = CountField(
        label=gettext_lazy("Longest grace on principal"), unit=gettext_lazy("months"), most=120
    )
    opening_fee_pct = RateField(label=gettext_lazy("Opening fee"), most=99)


@allow(Perm.PRODUCT_EDIT)
def product_change(request: SignedRequest, code: str) -> HttpResponse:
    """A new version of a product: an instalment under the new terms is shown before it is kept."""
    latest = Product.objects.filter(code=code).order_by("-in_force_from", "-pk").first()
    if latest is None:
        raise Http404
    names = [name for name in ProductForm.base_fields if hasattr(latest, name) and name != "in_force_from"]
    initial = {name: getattr(latest, name) for name in names} | {"in_force_from": today()}
    form = ProductForm(request.POST or None, initial=initial)
    if form.is_valid():
        since = form.cleaned_data["in_force_from"]
        changes = {
            name: form.cleaned_data[name]
            for name in names
            if form.cleaned_data[name] != getattr(latest, name)
        }
        if not form.is_confirmed:
            if attempt(form, lambda: products.check_terms(initial | changes)):
                return confirmation(request, form, **_terms_in_words(form, latest, changes))
        elif attempt(
            form,
            lambda: products.change_product(
                product=latest, changes=changes, in_force_from=since, by=request.user, on=today()
            ),
        ):
            messages.success(request, _("The new terms hold from %(day)s.") % {"day": day_text(since)})
            return redirect("fund:product", code)
    return render(request, "fund/product_change.html", {"form": form.to_edit(), "product": latest})


def _terms_in_words(form: ProductForm, latest: Product, changes: dict[str, Any]) -> dict[str, Any]:
    facts = [
        (
            form.fields[name].label,
            _("%(before)s, from then on %(after)s")
            % {"before": _shown(form, name, getattr(latest, name)), "after": _shown(form, name, value)},
        )
        for name, value in changes.items()
    ]
    return {
        "title": _("Offer new terms?"),
        "text": latest,
        "facts": [(_("In force from"), day_text(form.cleaned_data["in_force_from"], long=True)), *facts],
        "warning": _("Loans that exist keep their own terms."),
        "submit": _("Offer the new terms"),
        "cancel_url": reverse("fund:product", args=[latest.code]),
    }


def _shown(form: ProductForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if choices := dict(getattr(field, "choices", ())):
        return str(choices.get(value, value))
    return f"{field.prepare_value(value)} {getattr(field, 'unit', '')}".strip()

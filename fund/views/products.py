"""What the fund offers: the products, their versions, new terms with a sample before they hold (Rule S-1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.badges import Badge
from accounts.clock import today
from accounts.formats import day_text, number_text
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow
from fund import products as verbs
from fund.models import Product
from fund.product_forms import NewProductForm, ProductForm, filled
from loans.arithmetic import schedule
from loans.arithmetic.cat import cat
from loans.arithmetic.schedule import Row
from loans.arithmetic.terms import Terms


@dataclass(frozen=True, slots=True)
class Sample:
    """The largest loan of a product on its usual term: what the treasurer looks at before it is offered."""

    terms: Terms
    rows: tuple[Row, ...]

    @property
    def totals(self) -> dict[str, Any]:
        """The columns of the schedule summed."""
        names = ("principal", "interest", "vat", "fees", "total")
        return {name: sum(getattr(row, name) for row in self.rows) for name in names}

    @property
    def to_pay(self) -> Any:
        return self.totals["total"] + self.terms.opening_fee + self.terms.opening_fee_vat

    @property
    def cat_pct(self) -> Any:
        return cat(self.terms, self.rows).pct


def sample_of(product: Product) -> Sample:
    """Paid out on the product's first day, or today if that has come."""
    day = max(product.in_force_from, min(today(), product.in_force_until or today()))
    terms = verbs.terms_for(product, principal=product.amount_max, disbursed_on=day)
    return Sample(terms, schedule.schedule(terms))


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its state on a day and what it changed."""

    product: Product
    badge: Badge
    changed: tuple[str, ...]


def history(versions: list[Product], day: date) -> list[Version]:
    """Newest first, each with the words for what differs from the one before it."""
    holds = next((version for version in versions if version.in_force_from <= day), None)
    found = []
    for place, version in enumerate(versions):
        older = versions[place + 1] if place + 1 < len(versions) else None
        words = tuple(_words(name) for name in verbs.differing(older, version)) if older else ()
        found.append(Version(version, _badge(version, holds, day), words))
    return found


def _badge(version: Product, holds: Product | None, day: date) -> Badge:
    if version.in_force_from > day:
        return Badge("info", "calendar-clock", _("Coming"))
    if version == holds and (version.in_force_until is None or version.in_force_until >= day):
        return Badge("good", "circle-check", _("In force"))
    return Badge("neutral", "archive", _("No longer offered"))


def _words(name: str) -> str:
    """A term's label as the form shows it."""
    if name in ("names", "summaries"):
        return str(_("name") if name == "names" else _("description"))
    field = ProductForm.base_fields.get(name)
    return str(field.label).lower() if field else name


@allow(Perm.STAFF_HOME)
def products(request: SignedRequest) -> HttpResponse:
    """Every product with the version that holds, also those that are coming or no longer offered."""
    day = today()
    listed: dict[str, list[Product]] = {}
    for version in Product.objects.all():
        listed.setdefault(version.code, []).append(version)
    rows = [_row(versions, day) for versions in listed.values()]
    context = {"rows": rows, "may_edit": request.user.may(Perm.PRODUCT_EDIT)}
    return render(request, "fund/products.html", context)


def _row(versions: list[Product], day: date) -> dict[str, Any]:
    shown = next((version for version in versions if version.in_force_from <= day), versions[-1])
    holds = shown if shown.in_force_from <= day else None
    return {"product": shown, "badge": _badge(shown, holds, day), "versions": len(versions)}


def versions_of(code: str) -> QuerySet[Product]:
    found = Product.objects.filter(code=code).select_related("by")
    if not found:
        raise Http404
    return found


@allow(Perm.STAFF_HOME)
def product(request: SignedRequest, code: str) -> HttpResponse:
    """A product with its terms, an example, and its versions."""
    versions = list(versions_of(code))
    found = next((version for version in versions if version.in_force_from <= today()), versions[-1])
    context = {
        "product": found, "versions": history(versions, today()), "sample": sample_of(found),
        "may_edit": request.user.may(Perm.PRODUCT_EDIT),
    }  # fmt: skip
    return render(request, "fund/product.html", context)


@allow(Perm.PRODUCT_EDIT)
def product_change(request: SignedRequest, code: str) -> HttpResponse:
    """A new version of a product: a sample schedule under the new terms is shown before they are kept."""
    latest = versions_of(code)[0]
    initial = filled(latest) | {"in_force_from": max(today(), latest.in_force_from)}
    form = ProductForm(request.POST or None, initial=initial, currency=latest.currency)
    if form.is_valid():
        since, changes = form.cleaned_data["in_force_from"], form.terms()
        if form.is_confirmed:
            made = attempt(
                form,
                lambda: verbs.change_product(
                    product=latest, changes=changes, in_force_from=since, by=request.user, on=today()
                ),
            )
            if made:
                messages.success(request, _("The new terms hold from %(day)s.") % {"day": day_text(since)})
                return redirect("fund:product", code)
        elif version := attempt(form, lambda: _revised(latest, changes, since)):
            return _preview(request, form, version, latest)
    return render(request, "fund/product_change.html", {"form": form.to_edit(), "product": latest})


def _revised(latest: Product, changes: dict[str, Any], since: date) -> Product:
    verbs.check_from(since, today())
    version, differing = verbs.revised(latest, changes, since)
    verbs.require(differing, "G-5", _("Nothing was changed."))
    verbs.check_terms(version)
    return version


@allow(Perm.PRODUCT_EDIT)
def product_new(request: SignedRequest) -> HttpResponse:
    """A product that is offered for the first time, with a sample schedule before it is."""
    form = NewProductForm(request.POST or None, initial={"in_force_from": today()})
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("code", "purpose", "currency", "in_force_from")}
        if form.is_confirmed:
            made = attempt(
                form,
                lambda: verbs.offer_product(values=form.terms(), by=request.user, on=today(), **asked),
            )
            if made:
                messages.success(
                    request,
                    _("“%(product)s” is offered from %(day)s.")
                    % {"product": made, "day": day_text(made.in_force_from)},
                )
                return redirect("fund:product", made.code)
        elif version := attempt(form, lambda: _drafted(form.terms(), asked)):
            return _preview(request, form, version, None)
    return render(request, "fund/product_change.html", {"form": form.to_edit(), "product": None})


def _drafted(values: dict[str, Any], asked: dict[str, Any]) -> Product:
    verbs.check_from(asked["in_force_from"], today())
    version = verbs.drafted(values=values, **asked)
    verbs.check_terms(version)
    return version


def _preview(
    request: SignedRequest, form: ProductForm, version: Product, before: Product | None
) -> HttpResponse:
    """What will hold, before it does: the changes in words and a sample schedule."""
    context = {
        "version": version, "before": before, "sample": sample_of(version),
        "old": sample_of(before) if before else None,
        "changes": _in_words(form, before, version) if before else [],
        "form": form.to_confirm(),
        "back": reverse("fund:product", args=[before.code]) if before else reverse("fund:products"),
    }  # fmt: skip
    return render(request, "fund/product_preview.html", context)


def _in_words(form: ProductForm, before: Product, after: Product) -> list[tuple[str, str, str]]:
    """Each term that changes: its label, what it was, what it will be."""
    found = []
    for name in verbs.differing(before, after):
        if name in ("names", "summaries"):
            prefix = "name" if name == "names" else "summary"
            old, new = getattr(before, name), getattr(after, name)
            found += [
                (str(form.fields[f"{prefix}_{language}"].label), old.get(language, ""), new.get(language, ""))
                for language in verbs.LANGUAGES
                if old.get(language, "") != new.get(language, "")
            ]
        elif name in form.fields:
            old, new = _shown(form, name, getattr(before, name)), _shown(form, name, getattr(after, name))
            found.append((str(form.fields[name].label), old, new))
    return found


def _shown(form: ProductForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if value is None or value == "":
        return _("none")
    if choices := dict(getattr(field, "choices", ())):
        return str(choices.get(value, value))
    if isinstance(value, date):
        return day_text(value)
    unit = getattr(field, "unit", "")
    text = number_text(value) if hasattr(field, "decimals") else str(value)
    return f"{text} {unit}".strip()

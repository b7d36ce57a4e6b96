"""The tags that pages are made of."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from moneyed import Money

from accounts.badges import Badge
from accounts.templatetags import ui


def show(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template("{% load ui labels %}" + source).render(Context(context))


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in show('{% icon "droplet" %}')
    assert "visually-hidden" not in show('{% icon "droplet" %}')
    assert '<span class="visually-hidden">Water</span>' in show('{% icon "droplet" "Water" %}')


def named_in(folder: str, suffix: str, pattern: str) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / folder).rglob(f"*.{suffix}")]
    return {name for text in texts for name in re.findall(pattern, text)}


def test_every_icon_that_a_page_or_a_badge_names_is_drawn():
    named = named_in("templates", "html", r"""icon[ =]["']([a-z0-9-]+)["']""")
    for app in ("accounts", "fund", "projects", "committee", "loans", "reports"):
        named |= named_in(app, "py", r"""\("(?:good|warn|bad|neutral|info)", "([a-z0-9-]+)"\)""")
    assert len(named) > 80
    for name in named:
        assert "<svg" in ui.icon(name)


def test_an_icon_that_the_set_does_not_know_is_a_mistake_of_ours():
    with pytest.raises(KeyError, match="no-such-icon"):
        ui.icon("no-such-icon")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% money m %}", "1,234.50"),
        ('{% money amount "USD" %}', "99.90"),
        ('{% quantity amount "m³" %}', "99.9"),
        ("{% percent amount 0 %}", "100"),
        ('{% day d "long" %}', "2\N{NO-BREAK SPACE}March\N{NO-BREAK SPACE}2026"),
        ("{% number amount 1 %}", "99.9"),
    ],
)
def test_figures(source, text):
    html = show(source, m=Money("1234.5", "MXN"), amount=Decimal("99.90"), d=date(2026, 3, 2))
    assert text in html


@pytest.mark.parametrize(
    "tag", ['money x "MXN"', 'quantity x "t"', "percent x", "day x", "moment x", "number x", "shown x"]
)
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_a_dash(tag, nothing):
    assert "–" in show(f"{{% {tag} %}}", x=nothing)


def test_a_zero_is_a_figure_and_no_dash():
    assert "0.00" in show("{% money x %}", x=Money(0, "MXN"))
    assert ">0<" in show("{% shown x %}", x=0)


def test_a_negative_amount_is_marked_and_has_a_real_minus():
    html = show("{% money x %}", x=Money("-5", "MXN"))
    assert "negative" in html
    assert "−5.00" in html


def test_what_somebody_typed_never_becomes_markup():
    assert "<script>" not in show("{% quantity 1 x %}{% shown x %}", x="<script>")


def test_shown_picks_the_form_by_the_kind_of_value():
    assert show("{% shown x %}", x=True) == "Yes"
    assert "status tone-good" in show("{% shown x %}", x=Badge("good", "check", "Approved"))
    assert 'datetime="2026-03-02"' in show("{% shown x %}", x=date(2026, 3, 2))
    assert "MXN" in show("{% shown x %}", x=Money(1, "MXN"))


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [(1, 4, "25.00"), (9, 4, "100.00"), (-1, 4, "0.00"), (1, 0, "0"), (None, 4, "0")],
)
def test_a_meter_stays_between_empty_and_full(part, whole, width):
    assert ui.share(part, whole) == width


def test_data_labels_follow_the_reader():
    names = {"es": "Agua", "en": "Water", "fr": "Eau"}
    with translation.override("fr"):
        assert Template("{% load labels %}{{ n|label }}").render(Context({"n": names})) == "Eau"


class Loan(forms.Form):
    amount = forms.DecimalField(label="Amount", help_text="In pesos")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)
    agreed = forms.BooleanField(label="Agreed")


def test_a_field_carries_label_hint_and_error_together():
    html = Loan({"amount": "x"})["amount"].as_field_group()
    assert '<label for="id_amount">Amount' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html


def test_what_may_be_left_out_says_so():
    with translation.override("en"):
        assert "(optional)" in Loan()["note"].as_field_group()
        assert "(optional)" not in Loan()["amount"].as_field_group()


def test_choices_are_a_fieldset_and_a_box_stands_before_its_words():
    assert "<legend>Kind" in Loan()["kind"].as_field_group()
    tick = Loan()["agreed"].as_field_group()
    assert tick.index("checkbox") < tick.index("Agreed")


def test_the_summary_of_errors_leads_to_each_field():
    form = Loan({"amount": "x", "agreed": "on"})
    form.is_valid()
    form.add_error(None, "Not today")
    html = show('{% include "components/error_summary.html" with form=form only %}', form=form)
    assert "Not today" in html
    assert 'href="#id_amount"' in html
    assert 'href="#id_kind_0"' in html
    assert "id_note" not in html


def test_no_summary_without_errors():
    assert "error-summary" not in show(
        '{% include "components/error_summary.html" with form=form only %}', form=Loan()
    )


def test_a_form_inside_only_still_has_its_token():
    request = RequestFactory().get("/")
    template = Template('{% include "components/form.html" with form=form submit="Go" only %}')
    html = template.render(RequestContext(request, {"form": Loan()}))
    assert "csrfmiddlewaretoken" in html
    assert request.META["CSRF_COOKIE"]
    assert isinstance(HttpResponse(html), HttpResponse)


@pytest.mark.parametrize(
    ("path", "url", "here"),
    [
        ("/loans/", "/loans/", True),
        ("/loans/L-1/", "/loans/", True),
        ("/loans/", "/", False),
        ("/", "/", True),
        ("/people/", "/loans/", False),
    ],
)
def test_the_navigation_knows_where_it_is(path, url, here):
    context = RequestContext(RequestFactory().get(path))
    assert ui.is_here(context, url) is here


def test_the_title_is_also_the_heading():
    with translation.override("en"):
        template = Template('{% extends "base.html" %}{% block title %}Loans & more{% endblock %}')
        html = template.render(RequestContext(RequestFactory().get("/")))
    assert "<h1>Loans & more</h1>" in html
    assert "<title>Loans & more – Fiprev</title>" in html


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Payment L-2025-0001-P014", 'Payment <span class="nowrap">L-2025-0001-P014</span>'),
        ("F-2026-0006 · A pump", '<span class="nowrap">F-2026-0006</span>\N{NO-BREAK SPACE}· A pump'),
        ("Condition CT-2026-02-R04-C1", 'Condition <span class="nowrap">CT-2026-02-R04-C1</span>'),
        ("Wastewater, pre-treated", "Wastewater, pre-treated"),
        ("{{ typed }}", '&lt;b&gt; <span class="nowrap">L-2026-0001</span>'),
    ],
)
def test_a_heading_breaks_no_number_and_escapes_what_was_typed(title, heading):
    template = Template('{% extends "base.html" %}{% block title %}' + title + "{% endblock %}")
    html = template.render(RequestContext(RequestFactory().get("/"), {"typed": "<b> L-2026-0001"}))
    assert f"<h1>{heading}</h1>" in html
    assert "nowrap" not in html.split("</title>")[0]


@pytest.mark.parametrize(
    ("language", "label", "written"),
    [
        ("en", "Telephone", "Telephone:"),
        ("es", "Teléfono", "Teléfono:"),
        ("fr", "Téléphone", "Téléphone\N{NO-BREAK SPACE}:"),
        ("fr", "Que fait l’entreprise ?", "Que fait l’entreprise ?"),
        ("en", "What does the firm do?", "What does the firm do?"),
        ("fr", "Ce qui est écrit ici est vrai.", "Ce qui est écrit ici est vrai."),
    ],
)
def test_a_label_stands_before_what_it_speaks_of_as_each_language_writes_it(language, label, written):
    with translation.override(language):
        shown = Template("{% load ui %}{{ label|colon }} x{% colon %} y{% semicolon %}z").render(
            Context({"label": label})
        )
    narrow = "\N{NO-BREAK SPACE}" if language == "fr" else ""
    assert shown == f"{written} x{narrow}: y{narrow}; z"

"""Charts as SVG: one specification for page and PDF, drawn once and kept by its hash (Rule R-5).

Every chart is readable in grey: series differ in lightness, and what is declared but not proven is hatched.
The drawing library must never be used in a process that forks afterwards: call `svg` from a request or a
task, not at import time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from reports.models import Chart

#: Raised when the drawing changes, so that kept charts are drawn anew.
DRAWING = 5
FONT = "DejaVu Sans"
INK, LINE = "#23424a", "#d5dfdf"
DEEP, MIDDLE, LIGHT, HATCH = "#1f6b74", "#58a67c", "#b5d8c4", "#c9c2a5"
LOCALES = {"es": "es-MX", "en": "en-US", "fr": "fr-FR"}


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar: its name and its colour."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a series in a category."""

    category: str
    series: str
    value: Decimal


def bars(
    *,
    title: str,
    unit: str,
    series: Sequence[Series],
    points: Sequence[Point],
    targets: Mapping[str, Decimal] | None = None,
    target_name: str = "",
) -> dict[str, Any]:
    """Stacked bars per category in the given order, with a line across a bar where a target was set."""
    import altair as alt

    rows = [
        {"category": point.category, "series": point.series, "value": float(point.value), "order": at}
        for at, point in enumerate(points)
    ]
    order = list(dict.fromkeys([*(point.category for point in points), *(targets or {})]))
    x = alt.X(
        "category:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, domainColor=LINE, ticks=False)
    )
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[item.name for item in series], range=[item.colour for item in series]),
        legend=alt.Legend(title=None, orient="top") if len(series) > 1 else None,
    )
    chart: Any = (
        alt.Chart(alt.Data(values=rows), title=title)
        .mark_bar(stroke="white", strokeWidth=1, cornerRadius=2)
        .encode(
            x=x,
            y=alt.Y("value:Q", title=unit or None, axis=alt.Axis(gridColor=LINE, domain=False, tickCount=5)),
            color=colour,
            order=alt.Order("order:Q"),
        )
    )
    if targets:
        marks = [
            {"category": name, "value": float(value), "what": target_name} for name, value in targets.items()
        ]
        chart = alt.layer(chart, _target_marks(alt, marks, order))
    return _dressed(chart, width=520, height=220)


def _target_marks(alt: Any, marks: Sequence[Mapping[str, Any]], order: Sequence[str]) -> Any:
    return (
        alt.Chart(alt.Data(values=list(marks)))
        .mark_tick(thickness=3, size=34, color=INK)
        .encode(x=alt.X("category:N", sort=list(order)), y=alt.Y("value:Q"))
    )


def ranking(*, title: str, unit: str, points: Sequence[Point]) -> dict[str, Any]:
    """Bars lying down, one per category, the longest first: shares by sector or by state."""
    import altair as alt

    rows = [{"category": point.category, "value": float(point.value)} for point in points]
    chart = (
        alt.Chart(alt.Data(values=rows), title=title)
        .mark_bar(color=DEEP, cornerRadius=2, height={"band": 0.7})
        .encode(
            y=alt.Y(
                "category:N", sort="-x", title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=220)
            ),
            x=alt.X("value:Q", title=unit or None, axis=alt.Axis(gridColor=LINE, domain=False, tickCount=5)),
        )
    )
    return _dressed(chart, width=400, height=max(60, 26 * len(rows)))


def _dressed(chart: Any, *, width: int, height: int) -> dict[str, Any]:
    dressed = (
        chart.properties(width=width, height=height)
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12, titleFontWeight="normal"
        )
        .configure_legend(labelColor=INK, labelFontSize=12)
        .configure_title(color=INK, fontSize=14, anchor="start", offset=12)
    )
    spec: dict[str, Any] = dressed.to_dict()
    return spec


def key_of(spec: Mapping[str, Any], language: str) -> str:
    """The hash under which a chart is kept: equal specifications are one drawing per language."""
    text = json.dumps([DRAWING, language, spec], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def svg(spec: Mapping[str, Any], *, language: str | None = None) -> SafeString:
    """The chart as inline SVG, drawn at the first call and kept."""
    wanted = (language or get_language() or "en").split("-")[0]
    key = key_of(spec, wanted)
    found: str | None = cache.get(f"chart:{key}")
    if found is None:
        found = _kept_or_drawn(spec, wanted, key)
        cache.set(f"chart:{key}", found, None)
    return _safe(found)


def _kept_or_drawn(spec: Mapping[str, Any], language: str, key: str) -> str:
    kept = Chart.objects.filter(pk=key).first()
    if kept is not None:
        return kept.svg
    drawn = _draw(spec, language, key)
    with transaction.atomic():
        Chart.objects.bulk_create([Chart(key=key, svg=drawn)], ignore_conflicts=True)
    return drawn


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 - drawn by us from our own figures


def _draw(spec: Mapping[str, Any], language: str, key: str) -> str:
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(
        dict(spec),
        allowed_base_urls=[],
        format_locale=LOCALES.get(language, "en-US"),  # type: ignore[arg-type]
    )
    return _hatched(_named(str(drawn), _title(spec)), f"h{key[:8]}")


def _title(spec: Mapping[str, Any]) -> str:
    """The chart's own, or that of its first layer where a target lies over the bars."""
    layers = [spec, *spec.get("layer", ())]
    return next((str(layer["title"]) for layer in layers if layer.get("title")), "")


def _named(drawn: str, title: str) -> str:
    """One picture with a name in the page's language; the library's own labels of its parts are English only.

    The figures stand in the table beside the chart.
    """
    drawn = re.sub(r' (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"', "", drawn)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def _hatched(drawn: str, name: str) -> str:
    """Give what is declared but not proven a pattern, so that it differs in grey print too (Rule R-5)."""
    if f'fill="{HATCH}"' not in drawn:
        return drawn
    pattern = (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="#f3f0e4"/>'
        f'<rect width="2" height="6" fill="#8d845f"/></pattern></defs>'
    )
    head = re.match(r"<svg[^>]*>", drawn)
    assert head is not None
    body = drawn[head.end() :].replace(f'fill="{HATCH}"', f'fill="url(#{name})"')
    return f"{head.group(0)}{pattern}{body}"

"""A language that nobody speaks: every text of the catalogue stands in brackets, so what lacks them is not in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names
from django.apps import apps
from django.db import models
from django.utils import translation

from accounts.formats import SIZES
from projects.benefits import UNITS

OPEN, CLOSE = "⟦", "⟧"
SPOKEN = {"title", "placeholder", "aria-label", "alt", "data-label", "label", "aria-description"}
SILENT = {"script", "style", "svg", "template", "code"}
WORD = re.compile(r"[^\W\d_]{3,}")

#: What is no language's word: signs, names of formats, units and institutions, the switch of languages.
NO_WORDS = {
    "fiprev", "pdf", "csv", "xlsx", "sha", "mxn", "usd", "clp", "cop", "pen", "rfc", "rut", "nit", "ruc", "nmx", "dof",
    "iva", "cat", "español", "english", "français", "kwh", "ics", "jpeg", "png", "heic", "scian", "lgeepa", "qr",
    "excel", "iris", "gri", "eur", "cad", "http", "https", "localhost", "testserver", "calendar", "uid",
}  # fmt: skip


def bracketed(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}" if text.strip() else text


def speak(monkeypatch: Any) -> None:
    """From here on, everything that goes through the catalogue comes back in brackets."""
    monkeypatch.setattr(translation._trans, "gettext", bracketed)
    monkeypatch.setattr(translation._trans, "pgettext", lambda _context, text: bracketed(text))
    monkeypatch.setattr(
        translation._trans, "ngettext", lambda one, many, n: bracketed(one if n == 1 else many)
    )
    monkeypatch.setattr(
        translation._trans, "npgettext", lambda _context, one, many, n: bracketed(one if n == 1 else many)
    )


#: Reference data that stay in files, with their labels in three languages.
DATA = sorted(Path(__file__).parents[2].glob("*/data/*.json"))


class Heard(HTMLParser):
    """The texts of a page, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        spoken = SPOKEN | ({"value"} if tag == "button" else set())
        self.texts.extend(value for name, value in attributes if name in spoken and value and tag != "button")
        self.texts.extend(value for name, value in attributes if tag == "button" and name in SPOKEN and value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data.strip())


def outside(text: str) -> str:
    """What of a text stands in no bracket."""
    depth, left = 0, []
    for letter in text:
        if letter == OPEN:
            depth += 1
            left.append(" ")
        elif letter == CLOSE:
            depth = max(0, depth - 1)
        elif not depth:
            left.append(letter)
    return "".join(left)


def strangers(html: str, known: set[str]) -> list[str]:
    """Texts with a word that is neither of the catalogue nor of the data."""
    heard = Heard()
    heard.feed(html)
    page = "\x00".join(heard.texts)  # a bracket may open in one element and close in another
    found = []
    for text in outside(page).split("\x00"):
        if any(word.lower() not in known for word in WORD.findall(text)):
            found.append(" ".join(text.split())[:80])
    return found


def words(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from words([*value.keys(), *value.values()])
        elif isinstance(value, list | tuple):
            yield from words(value)
        elif value is not None:
            yield from (word.lower() for word in WORD.findall(str(value)))


def of_the_data() -> set[str]:
    """Every word that stands in a row: names, titles, labels of reference data; and months and days of calendars."""
    known = set(NO_WORDS)
    known.update(words([unit.names for unit in UNITS.values()]))
    known.update(words([list(names) for _least, *names in SIZES]))
    for file in DATA:
        known.update(words([json.loads(file.read_text(encoding="utf-8"))]))
    for model in apps.get_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)
            and not field.choices
        ]
        if columns:
            for row in model._default_manager.values_list(*columns)[:2_000]:
                known.update(words(row))
    for width in ("wide", "abbreviated"):
        for names in (get_month_names(width, locale="en"), get_day_names(width, locale="en")):
            known.update(words(names.values()))
    return known

"""The catalogues of the three languages, without the system's gettext: found, written, compiled, compared.

English is the source. Strings come from the apps' code and from the templates, which Django's own template lexer
turns into code first, so that trimmed, plural and context mean here what they mean in a page.
"""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from fiprev.typography import french

APPS = ("accounts", "fund", "projects", "committee", "loans", "reports", "fiprev")
LANGUAGES = ("es", "fr")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)[^{}]*\}")
HEADERS_KEPT = ("Project-Id-Version:", "Language:", "Plural-Forms:", "MIME-Version:", "Content-")


def root() -> Path:
    return Path(settings.BASE_DIR)


def po_file(language: str) -> Path:
    return root() / "locale" / language / "LC_MESSAGES" / "django.po"


def source() -> Catalog:
    """Every string of the system that a person may read, with the files it stands in."""
    found = Catalog(project="Fiprev", version="1", charset="utf-8")
    for path, code in _code():
        for _line, text, comments, context in extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS, comment_tags=("Translators",)
        ):
            if text and text != ("", ""):
                found.add(text, locations=[(path, 0)], auto_comments=comments, context=context)
    return found


def _code() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for file in sorted((root() / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(root())), file.read_text(encoding="utf-8")
    for file in sorted((root() / "templates").rglob("*.*")):
        if file.suffix in {".html", ".txt", ".xml"}:
            name = str(file.relative_to(root()))
            lines = templatize(file.read_text(encoding="utf-8"), origin=name).splitlines()
            yield name, "\n".join(line.lstrip() for line in lines)  # a page's indentation is not code's


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="Fiprev", version="1", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str) -> int:
    """Bring the catalogue up to date with the source; returns how many strings still want a translation."""
    catalogue = read(language)
    catalogue.update(source(), no_fuzzy_matching=True)
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=100, ignore_obsolete=True, include_lineno=False, sort_output=True)
    path.write_text("\n".join(_without_dates(text.getvalue().decode())) + "\n", encoding="utf-8")
    return sum(1 for message in catalogue if message.id and not _complete(message))


def _without_dates(text: str) -> Iterator[str]:
    """Only the headers that mean something: dates and tool names would change with every run."""
    head = True
    for number, line in enumerate(text.strip("\n").split("\n")):
        if head and line.startswith("#") and not line.startswith("#:"):
            continue
        if head and line.startswith('"') and not line[1:].startswith(HEADERS_KEPT):
            continue
        head = head and bool(line or not number)
        yield line


def compile_all() -> list[str]:
    """Write the .mo of every language whose .po is newer; returns the languages written."""
    written = []
    for language in LANGUAGES:
        po = po_file(language)
        mo = po.with_suffix(".mo")
        if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
            continue
        fresh = mo.with_suffix(f".{os.getpid()}.new")  # two processes may compile at once
        with fresh.open("wb") as file:
            write_mo(file, _printed(language))
        fresh.replace(mo)
        written.append(language)
    return written


def _printed(language: str) -> Catalog:
    """The catalogue as it is read: French gets the spaces and apostrophes of print."""
    catalogue = read(language)
    for message in catalogue if language == "fr" else ():
        if isinstance(message.string, str) and message.id:
            message.string = french(message.string)
        elif isinstance(message.string, tuple | list):
            message.string = tuple(french(str(form or "")) for form in message.string)
    return catalogue


@dataclass(frozen=True, slots=True)
class Flaw:
    language: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.text!r}"


def flaws() -> Iterator[Flaw]:
    """What keeps a catalogue from being complete: each string of the source, in each language."""
    wanted = {(message.context, message.id): message for message in source() if message.id}
    for language in LANGUAGES:
        there = {(message.context, message.id): message for message in read(language) if message.id}
        for key, message in wanted.items():
            if key not in there:
                yield Flaw(language, "not extracted", _first(message))
            elif what := _flaw(there[key]):
                yield Flaw(language, what, _first(message))
        for key in there.keys() - wanted.keys():
            yield Flaw(language, "no longer in the source", _first(there[key]))


def _flaw(message: Message) -> str:
    if message.fuzzy:
        return "fuzzy"
    if not _complete(message):
        return "untranslated"
    asked = _placeholders(message.id)
    if isinstance(message.string, tuple):  # one form may leave out a count that it spells
        if (
            any(not _placeholders(form) <= asked for form in message.string)
            or _placeholders(message.string) != asked
        ):
            return "placeholders differ"
    elif _placeholders(message.string) != asked:
        return "placeholders differ"
    return ""


def _complete(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(forms) and all(forms)


def _placeholders(text: str | tuple[str, ...] | list[str] | None) -> set[str]:
    texts = (text,) if isinstance(text, str) else text or ()
    return {match.group(0) for one in texts for match in PLACEHOLDER.finditer(one)}


def _first(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])

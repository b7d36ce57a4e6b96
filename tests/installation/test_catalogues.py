"""The catalogues without the system's gettext: what is found, what counts as complete, what is written."""

import gettext
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from fiprev import catalogues

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
A = _("Plain")
B = gettext_lazy("Joined " "in two")
C = ngettext("%(n)s loan", "%(n)s loans", 2)
D = pgettext("month", "May")
E = _(f"never {A}")
"""
PAGE = """{% load i18n %}
{% translate "In a page" %} {% trans "A share of 80%" %} {% translate "May" context "verb" %}
    {% blocktranslate trimmed with who=user.name %}
        Dear {{ who }},
        good day
    {% endblocktranslate %}
{% blocktranslate count n=items|length %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}
{% include "x.html" with title=_("As an argument") only %}{{ _("As a variable") }}
{% comment %}{% translate "Not read" %}{% endcomment %}
"""


@pytest.fixture
def house(tmp_path: Path, settings) -> Path:
    """A small house of its own."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "fund").mkdir()
    (tmp_path / "fund" / "words.py").write_text(CODE)
    (tmp_path / "fund" / "migrations").mkdir()
    (tmp_path / "fund" / "migrations" / "0001.py").write_text('_("Not of a migration")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def found() -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in catalogues.source() if message.id}


def translate(house: Path, language: str, pairs: dict[str, str]) -> None:
    """What a translator does: fill in the msgstr after each msgid."""
    path = catalogues.po_file(language)
    text = path.read_text()
    for source, target in pairs.items():
        head = f'msgid "{source}"\nmsgstr ""'
        assert head in text, source
        text = text.replace(head, f'msgid "{source}"\nmsgstr "{target}"')
    path.write_text(text)


def said(step: str, code: int = 0) -> str:
    out = StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("messages", step, stdout=out, stderr=out)
        assert ended.value.code == code
    else:
        call_command("messages", step, stdout=out, stderr=out)
    return out.getvalue()


def test_strings_of_code_and_pages_are_found_with_plural_and_context(house):
    assert found() == {
        (None, "Plain"),
        (None, "Joined in two"),
        (None, ("%(n)s loan", "%(n)s loans")),
        ("month", "May"),
        (None, "In a page"),
        (None, "A share of 80%%"),
        ("verb", "May"),
        (None, "Dear %(who)s, good day"),
        (None, ("%(n)s file", "%(n)s files")),
        (None, "As an argument"),
        (None, "As a variable"),
    }


def test_what_is_found_is_what_a_page_looks_up(house):
    """The same text by Django at run time: trimmed, with its placeholder."""
    from django.template import Context, Template
    from django.utils import translation

    with translation.override("en"):
        text = Template(
            PAGE.replace('{% include "x.html" with title=_("As an argument") only %}', "")
        ).render(Context({"items": [1], "user": {"name": "Lupe"}}))
    assert "Dear Lupe, good day" in text
    assert "1 file" in text


def test_extract_keeps_translations_and_is_the_same_when_run_again(house):
    said("extract")
    translate(house, "es", {"Plain": "Llano"})
    before = catalogues.po_file("es").read_text()
    said("extract")
    assert catalogues.po_file("es").read_text() == before
    assert 'msgstr "Llano"' in before
    assert "POT-Creation-Date" not in before
    assert ":8" not in before  # no line numbers: a moved line changes no catalogue


def test_check_names_what_is_missing_and_fails(house):
    assert "es: not extracted: 'Plain'" in said("check", 1)
    said("extract")
    text = said("check", 1)
    assert "es: untranslated: 'Plain'" in text
    assert "fr: untranslated: '%(n)s loan'" in text


def test_check_sees_a_changed_placeholder(house):
    said("extract")
    translate(house, "es", {"Dear %(who)s, good day": "Hola %(quien)s", "Plain": "Llano"})
    text = said("check", 1)
    assert "es: placeholders differ: 'Dear %(who)s, good day'" in text
    assert "es: untranslated: 'Plain'" not in text


def test_check_sees_a_fuzzy_string_and_one_that_has_gone(house):
    said("extract")
    path = catalogues.po_file("fr")
    path.write_text(
        path.read_text().replace('msgid "Plain"\nmsgstr ""', '#, fuzzy\nmsgid "Plain"\nmsgstr "Simple"')
    )
    (house / "templates" / "page.html").write_text("")
    text = said("check", 1)
    assert "fr: fuzzy: 'Plain'" in text
    assert "fr: no longer in the source: 'In a page'" in text
    said("extract")
    assert "In a page" not in path.read_text()


def complete(language: str) -> None:
    catalogue = catalogues.read(language)
    for message in catalogue:
        if message.id and not message.pluralizable:
            message.string = message.id
        elif message.id:
            message.string = tuple(message.id[-1] for _ in range(catalogue.num_plurals))
    from babel.messages.pofile import write_po

    with catalogues.po_file(language).open("wb") as file:
        write_po(file, catalogue)


def test_a_complete_catalogue_is_compiled_and_read_by_the_standard_library(house):
    said("extract")
    for language in catalogues.LANGUAGES:
        complete(language)
    assert "complete: es, fr" in said("check")
    assert said("compile") == "es: compiled\nfr: compiled\n"
    assert said("compile") == ""  # nothing has changed
    with catalogues.po_file("es").with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Plain") == "Plain"
    assert read.ngettext("%(n)s loan", "%(n)s loans", 2) == "%(n)s loans"
    assert read.pgettext("month", "May") == "May"


def test_the_catalogues_of_the_house_are_complete():
    flaws = [str(flaw) for flaw in catalogues.flaws()]
    assert flaws[:20] == []

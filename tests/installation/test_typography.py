"""French typography: what a translator types and what a reader sees."""

import gettext
import json

import pytest
from babel.messages.pofile import read_po, write_po

from fiprev import catalogues
from fiprev.typography import french

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Est-ce rentable ?", f"Est-ce rentable{NBSP}?"),
        ("Le prêt « %(ref)s » est soldé ;", f"Le prêt «{NBSP}%(ref)s{NBSP}» est soldé{NBSP};"),
        ("taux : %(rate)s %%", f"taux{NBSP}: %(rate)s{NBSP}%%"),
        ("{{ n }} % du prêt", f"{{{{ n }}}}{NBSP}% du prêt"),
        ("%(a)s %(b)s", "%(a)s %(b)s"),
        ("jusqu'à l'échéance", "jusqu’à l’échéance"),
        ("l'%(kind)s", "l’%(kind)s"),
        ("à 10:30, voir http://x.y/?a=1", "à 10:30, voir http://x.y/?a=1"),
        ("date_format: '%d/%m/%Y'", "date_format: '%d/%m/%Y'"),
    ],
)
def test_french_is_printed_with_its_spaces_and_apostrophes(typed, printed):
    assert french(typed) == printed
    assert french(printed) == printed


def test_the_french_catalogue_is_compiled_with_them_and_the_spanish_as_it_was_typed(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    for language in catalogues.LANGUAGES:
        file = catalogues.po_file(language)
        file.parent.mkdir(parents=True)
        with file.open("wb") as stream:
            write_po(stream, _typed(language))
    catalogues.compile_all()
    french_words, spanish = (_read(language) for language in ("fr", "es"))
    assert french_words.gettext("Ready?") == f"L’essai{NBSP}?"
    assert french_words.ngettext("%(n)s loan:", "%(n)s loans:", 2) == f"%(n)s prêts{NBSP}:"
    assert spanish.gettext("Ready?") == "L'essai ?"


def _typed(language: str):
    from io import BytesIO

    head = f'msgid ""\nmsgstr "Language: {language}\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    body = (
        '\nmsgid "Ready?"\nmsgstr "L\'essai ?"\n'
        '\nmsgid "%(n)s loan:"\nmsgid_plural "%(n)s loans:"\nmsgstr[0] "%(n)s prêt :"\nmsgstr[1] "%(n)s prêts :"\n'
    )
    return read_po(BytesIO((head + body).encode()), locale=language)


def _read(language: str) -> gettext.GNUTranslations:
    with catalogues.po_file(language).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_the_labels_of_the_data_have_them_too():
    rows = catalogues.root() / "projects" / "data"
    for file in rows.glob("*.json"):
        for text in _french_of(json.loads(file.read_text())):
            assert text == french(text), file.name
    assert (rows / "indicators.csv").read_text() == french_columns(rows / "indicators.csv")


def _french_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "fr" and isinstance(inner, str) else _french_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _french_of(inner)


def french_columns(path) -> str:
    import csv
    from io import StringIO

    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or []), list(reader)
    out = StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: french(text) if name.endswith("_fr") else text for name, text in row.items()})
    return out.getvalue()

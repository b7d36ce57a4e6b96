"""Rule A-6: unusual figures are said in the reader's language, figures included."""

import pytest
from django.utils import translation

from projects.forms_benefits import VerifyForm
from projects.plausibility import sentences

NBSP = "\N{NO-BREAK SPACE}"
WARNINGS = [
    {
        "code": "after-outside",
        "figures": {"value": "1.96", "unit": "m3", "per": "t", "low": "5", "high": "40"},
    },
    {"code": "exceptional-cut", "figures": {"share": "93.0", "limit": "90.00"}},
    {"code": "beyond-promise", "figures": {"times": "2.1"}},
]


@pytest.mark.parametrize(
    ("language", "figures"), [("fr", ("1,96", "93", "2,1")), ("es", ("1.96", "93", "2.1"))]
)
def test_rule_A6_figures_have_the_decimal_mark_of_the_language(language, figures):
    with translation.override(language):
        said = sentences(WARNINGS)
    for sentence, figure in zip(said, figures, strict=True):
        assert figure in sentence
    assert "m³/t" in said[0]
    assert "90.00" not in said[1]


def test_rule_B4_the_grades_are_offered_in_the_readers_language(catalogues):
    shown = {}
    for language in ("en", "es", "fr"):
        with translation.override(language):
            shown[language] = [text for _grade, text in VerifyForm().fields["grade"].choices]
    assert shown["en"][0] == "V1 · declared by the firm"
    assert len({texts[0] for texts in shown.values()}) == 3
    assert all(text.startswith(f"V{n} · ") for texts in shown.values() for n, text in enumerate(texts, 1))

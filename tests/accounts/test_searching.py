"""Searching finds words whatever their accents and capitals, in the languages of the pages."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from accounts.searching import found, plain

LATIN = st.text(
    st.characters(max_codepoint=0x17F, exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40
)


def in_the_database(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT fiprev_plain(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("León", "leon"),
        ("CURTIDURÍA", "curtiduria"),
        ("Ñandú", "nandu"),
        ("Évaluée à Québec", "evaluee a quebec"),
        ("Señalización única", "senalizacion unica"),
        ("plain", "plain"),
        ("", ""),
    ],
)
@pytest.mark.django_db
def test_both_sides_fold_the_same(text, folded):
    assert plain(text) == in_the_database(text) == folded


class Folding(TestCase):
    @given(LATIN)
    def test_python_and_the_database_agree_on_western_letters(self, text):
        for (
            odd
        ) in "İıſ":  # letters whose small form differs between the two; no language of the pages has them
            text = text.replace(odd, "")
        assert plain(text) == in_the_database(text)

    @given(LATIN)
    def test_folding_twice_is_folding_once(self, text):
        assert plain(plain(text)) == plain(text)


@pytest.fixture
def people(db):
    for name in ("Rocío Peña", "Rocio Pena", "Zoé Lefèvre", "100% Piel"):
        User.objects.create_user(f"{abs(hash(name))}@example.org", full_name=name)
    return User.objects.filter(email__endswith="@example.org").order_by("pk")


def names(people, query):
    return [user.full_name for user in found(people, query, ["full_name", "email"])]


def test_a_search_without_accents_finds_the_name_with_them(people):
    assert names(people, "rocio pena") == names(people, "ROCÍO peña") == ["Rocío Peña", "Rocio Pena"]
    assert names(people, "lefevre") == ["Zoé Lefèvre"]


def test_every_word_must_stand_somewhere(people):
    assert names(people, "rocio lefevre") == []
    assert names(people, "peña example") == ["Rocío Peña", "Rocio Pena"]


def test_signs_of_patterns_are_letters_like_others(people):
    assert names(people, "100%") == ["100% Piel"]
    assert names(people, "_") == []


def test_an_empty_search_finds_everything(people):
    assert len(names(people, "  ")) == 4
    assert len(found(people, "rocio", [])) == 4

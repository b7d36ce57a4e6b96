"""Search that does not mind accents or capitals: "cromo leon" finds "León"; in every language of the pages.

The database's own `fiprev_plain(text)` folds both sides the same way; it needs no extension of PostgreSQL, so it
works with the server that comes along. As a lookup: ``legal_name__plain__contains=plain("León")``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import CharField, Q, QuerySet, TextField, Transform

#: Words of one search; more add nothing but work for the database.
WORDS_MOST = 8


def plain(text: str) -> str:
    """The text in small letters without marks: "Curtiduría Ñandú" -> "curtiduria nandu"."""
    parted = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in parted if not "\u0300" <= letter <= "\u036f")


class Plain(Transform):
    """`fiprev_plain(column)`, the same folding in the database."""

    lookup_name = "plain"
    function = "fiprev_plain"
    output_field: ClassVar[Any] = TextField()


for kind in (CharField, TextField):
    kind.register_lookup(Plain)


def found(queryset: QuerySet[Any], query: str, fields: Sequence[str]) -> QuerySet[Any]:
    """Rows in which every word of the search stands in some of the fields, whatever its accents."""
    for word in plain(query).split()[:WORDS_MOST] if fields else []:
        queryset = queryset.filter(reduce(or_, (Q(**{f"{name}__plain__contains": word}) for name in fields)))
    return queryset

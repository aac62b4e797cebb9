"""Finding people by the beginnings of the words of their name, through one index (docs/decisions/0034)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func, TextField, Value

_PARTS, _DROPPED = ".,-/()", "'`’\\"  # what parts words, and what is left out: MA'RIFAH is one word
MOST_WORDS, LONGEST_WORD = 5, 200  # Postgres takes words of 2046 bytes, and no longer ones


class NameWords(Func):
    """The words of a name, in small letters. The index is made of this very expression."""

    template = (
        "array_to_tsvector(array_remove(string_to_array("
        f"translate(lower(%(expressions)s), '{_PARTS}{_DROPPED.replace(chr(39), chr(39) * 2)}', "
        f"'{' ' * len(_PARTS)}'), ' '), ''))"
    )
    output_field = SearchVectorField()


class _Query(Func):
    template = "%(expressions)s::tsquery"
    output_field = TextField()


class _Holds(Func):
    template, arg_joiner = "%(expressions)s", " @@ "
    output_field = BooleanField()


def words_of(typed: str) -> list[str]:
    parted = re.sub(f"[{re.escape(_PARTS)}]", " ", typed.lower())
    words = re.sub(f"[{re.escape(_DROPPED)}]", "", parted).split()
    return [word[:LONGEST_WORD] for word in words[:MOST_WORDS]]


def holds_words(words: Iterable[str], *, field: str, begun: bool = True) -> Any:
    """Whether the name holds all these words, or words that begin so."""
    asked = " & ".join(f"'{word}'{':*' if begun else ''}" for word in words)
    return _Holds(NameWords(F(field)), _Query(Value(asked)))

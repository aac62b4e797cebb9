"""Reading ease of Indonesian text (ux.md 3.3): 206.835 - 1.015 words a sentence - 84.6 x 0.6 syllables a word."""

from __future__ import annotations

import re
from html import unescape


def text_of_main(html: str) -> str:
    """What stands in the main part, one line a block; choices of a list and hidden words left out."""
    main = re.search(r"<main.*?</main>", html, re.S)
    body = main[0] if main else html
    body = re.sub(r"<(select|script|style)\b.*?</\1>", "", body, flags=re.S)
    body = re.sub(r"<(?:span|strong|b|a)(?! class=\"door)\b[^>]*>|</(?:b)>", " ", body)
    body = re.sub(r"</(?:strong|span|a)>(?=[\s.,]*[a-z])", " ", body)
    return unescape(re.sub(r"<[^>]+>", "\n", body))


def measure(text: str) -> tuple[float, int]:
    """Reading ease and number of words."""
    sentences = [_words(part) for part in re.split(r"[.!?:]\s|[\n]", text)]
    sentences = [found for found in sentences if any(not word.isdigit() for word in found)]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 100.0, 0
    per_sentence, per_word = len(words) / len(sentences), sum(map(_syllables, words)) / len(words)
    return 206.835 - 1.015 * per_sentence - 84.6 * 0.6 * per_word, len(words)


def _words(part: str) -> list[str]:
    return [word for raw in part.split() if (word := re.sub(r"[^0-9A-Za-z*-]", "", raw)).strip("-*")]


def _syllables(word: str) -> int:
    word = word.lower()
    if re.search(r"[0-9*]", word):
        return 2  # read as "angka"
    word = re.sub(r"(?:ai|au|oi)$", "a", word)
    return max(1, len(re.findall(r"[aeiou]", word)))

"""Which function reads the cells of which content."""

from __future__ import annotations

from functools import lru_cache

from recipients.importing.lists import cells, words
from recipients.importing.lists.kinds import Content
from recipients.models import Programme

MOST_WORDS = 4096  # different spellings kept in mind


def readers() -> dict[Content, cells.Read]:
    return {
        Content.NAME: cells.name,
        Content.TEXT: cells.free_text,
        Content.DAY: lru_cache(MOST_WORDS)(cells.day),
        Content.MONEY: lru_cache(MOST_WORDS)(cells.money),
        Content.PERIOD: lru_cache(MOST_WORDS)(cells.period),
        Content.PROGRAMME: lru_cache(MOST_WORDS)(cells.word(_programmes())),
        Content.STATE: lru_cache(MOST_WORDS)(cells.word(words.ENROLMENT_STATES)),
        Content.PAYOUT_STATE: lru_cache(MOST_WORDS)(cells.word(words.PAYOUT_STATES)),
        Content.FLAG: lru_cache(MOST_WORDS)(cells.word(words.FLAG_KINDS)),
        Content.CARD_MASKED: cells.card_masked,
        Content.REGION_CODE: cells.region_code,
        Content.BPS_CODE: cells.bps_code,
    }


def _programmes() -> dict[str, str]:
    """Every spelling of a programme that exists here -> its id as text."""
    known = {code: (str(pk), name) for pk, code, name in Programme.objects.values_list("pk", "code", "name")}
    table = {word: known[code][0] for word, code in words.PROGRAMME_WORDS.items() if code in known}
    for code, (pk, name) in known.items():
        table |= {words.plain(code): pk, words.plain(name): pk}
    return table

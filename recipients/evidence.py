"""Photos and papers of a proposal stand with the case they came from; the app that keeps them says how to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from recipients.models import UpdateProposal
from recipients.packs import Evidence

Source = Callable[[list[UpdateProposal]], Iterable[Evidence]]
_sources: list[Source] = []


def add_source(source: Source) -> Source:
    """Called once by an app above, when it is ready."""
    _sources.append(source)
    return source


def gather(proposals: list[UpdateProposal]) -> Iterator[Evidence]:
    for source in _sources:
        yield from source(proposals)

"""How often a PIN may be typed wrongly, on whichever page it is asked for."""

from __future__ import annotations

from django.http import HttpRequest

from bansos.common import limits

HOUR_S = 3600
MOST_PINS = 5  # wrong ones an hour, per number and address: a neighbour's tries do not shut the owner out
MOST_PINS_OF_A_NUMBER = 30  # wrong ones an hour, from wherever
MOST_NUMBERS = 60  # wrong ones, per address and hour


def may_try(request: HttpRequest, number: str) -> bool:
    """Count a try before it is made; the narrow limit first, so that what it refuses does not use up the wider ones."""
    return all(
        limits.hit(name, key, most=most, within_s=HOUR_S) for name, key, most in _tries(request, number)
    )


def was_right(request: HttpRequest, number: str) -> None:
    for name, key, _most in _tries(request, number):
        limits.give_back(name, key, within_s=HOUR_S)


def _tries(request: HttpRequest, number: str) -> list[tuple[str, str, int]]:
    number, address = number.upper(), limits.client_address(request)
    return [
        ("pin", f"{number}|{address}", MOST_PINS),
        ("pin-number", number, MOST_PINS_OF_A_NUMBER),
        ("pin-address", address, MOST_NUMBERS),
    ]

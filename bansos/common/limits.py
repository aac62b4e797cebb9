"""How often somebody may try: atomic counters in Redis, with a small one of our own while Redis is away.

A key never holds an address or a NIK, only its keyed hash. Counting happens before the try, in one step on the
server, so that sixty tries at once get no more than the limit. Without Redis each process counts for itself: looser
by the number of processes, but neither an open door nor an outage.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry

from bansos.common import vault

logger = logging.getLogger(__name__)

_PREFIX = "bansos:limit:"
_TIMEOUT_S = 0.3
_PAUSE_S = 5.0  # after a failure Redis is left alone for so long: no request waits twice for a dead server
_MOST_KEPT = 20_000
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 or redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""
_COUNT_ONCE = """
local seen = redis.call('GET', KEYS[2])
if seen then return tonumber(seen) end
local n = redis.call('INCR', KEYS[1])
if n == 1 or redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
redis.call('SET', KEYS[2], n, 'EX', math.max(1, redis.call('TTL', KEYS[1])))
return n
"""
_GIVE_BACK = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end return 0"


class _OwnCounter:
    """Counters of this process, bounded in number."""

    def __init__(self) -> None:
        self._lock, self._marks = threading.Lock(), threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def add(self, key: str, by: int, within_s: int) -> int:
        now = time.monotonic()
        with self._lock:
            count, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + within_s
            self._make_room(now)
            self._counts[key] = (max(0, count + by), ends)
            return self._counts[key][0]

    def add_once(self, key: str, mark: str, within_s: int) -> int:
        """As `add` of one, but the same mark is counted once and keeps its place."""
        with self._marks:
            place, ends = self._counts.get(mark, (0, 0.0))
            if ends > time.monotonic():
                return place
            place = self.add(key, 1, within_s)
            self._counts[mark] = (place, self._counts[key][1])
            return place

    def _make_room(self, now: float) -> None:
        if len(self._counts) < _MOST_KEPT:
            return
        self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > now}
        for key in list(self._counts)[: max(0, len(self._counts) - _MOST_KEPT + 1)]:
            del self._counts[key]


_own = _OwnCounter()
_down_until = 0.0


def hit(name: str, key: str, *, most: int, within_s: int, once: str = "") -> bool:
    """Count one try of `key`; False when it is beyond `most` within the window that its first try opened.

    Tries with the same `once` are one try, and get the answer that the first of them got.
    """
    stored = _stored(name, key)
    if not once:
        return _count(_COUNT, stored, 1, within_s) <= most
    mark = _stored(f"{name}-once", f"{key}|{once}")
    return _ask(_COUNT_ONCE, [stored, mark], within_s, lambda: _own.add_once(stored, mark, within_s)) <= most


def give_back(name: str, key: str, *, within_s: int) -> None:
    """A try that succeeded does not count against its owner."""
    _count(_GIVE_BACK, _stored(name, key), -1, within_s)


def _stored(name: str, key: str) -> str:
    return f"{_PREFIX}{name}:{vault.blind_index(b'limit|' + name.encode(), key).hex()}"


def _count(script: str, stored: str, by: int, within_s: int) -> int:
    return _ask(script, [stored], within_s, lambda: _own.add(stored, by, within_s))


def _ask(script: str, keys: list[str], within_s: int, own: Callable[[], int]) -> int:
    """What Redis counts, or our own counter while it is away."""
    global _down_until
    if time.monotonic() >= _down_until:
        try:
            return int(_client().eval(script, len(keys), *keys, within_s))
        except redis.RedisError as error:
            _down_until = time.monotonic() + _PAUSE_S
            logger.warning(
                "limits: Redis does not answer (%s), counting in this process", type(error).__name__
            )
    return own()


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_TIMEOUT_S,
        socket_connect_timeout=_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def client_address(request: HttpRequest) -> str:
    """Who asks: the peer, or what our own proxies say of it. A header that a stranger sent is not believed.

    An IPv6 customer owns a /64, so that is what counts.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(named) >= settings.TRUSTED_PROXIES:
            return _network(named[-settings.TRUSTED_PROXIES].strip()) or _network(peer) or peer
    return _network(peer) or peer


def _network(text: str) -> str:
    """The address in one spelling, or nothing when it is not one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)

import threading

import pytest
import redis
from django.test import RequestFactory

from bansos.common import limits


def test_sixty_tries_at_once_get_exactly_the_limit():
    barrier, allowed = threading.Barrier(60), []

    def attempt():
        barrier.wait(timeout=30)
        allowed.append(limits.hit("pin", "SGH-26-4K7Q-2", most=5, within_s=60))

    threads = [threading.Thread(target=attempt) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(allowed), sum(allowed)) == (60, 5)


def test_keys_and_names_count_apart():
    assert limits.hit("a", "x", most=1, within_s=60)
    assert not limits.hit("a", "x", most=1, within_s=60)
    assert limits.hit("a", "y", most=1, within_s=60)
    assert limits.hit("b", "x", most=1, within_s=60)


def test_a_try_given_back_does_not_count():
    for _ in range(5):
        assert limits.hit("code", "x", most=1, within_s=60)
        limits.give_back("code", "x", within_s=60)


def test_giving_back_what_was_never_counted_makes_no_credit():
    limits.give_back("code", "x", within_s=60)

    assert limits.hit("code", "x", most=1, within_s=60)
    assert not limits.hit("code", "x", most=1, within_s=60)


def test_the_server_holds_hashes_that_lapse():
    limits.hit("file-nik", "5203992708759001", most=3, within_s=60)
    (stored,) = limits._client().keys(f"{limits._PREFIX}*")

    assert b"5203992708759001" not in stored
    assert 0 < limits._client().ttl(stored) <= 60


@pytest.fixture
def _no_redis(monkeypatch):
    def refuse():
        raise redis.ConnectionError

    monkeypatch.setattr(limits, "_client", refuse)
    monkeypatch.setattr(limits, "_own", limits._OwnCounter())


@pytest.mark.usefixtures("_no_redis")
def test_without_redis_the_process_counts_itself():
    assert [limits.hit("a", "x", most=2, within_s=60) for _ in range(4)] == [True, True, False, False]
    limits.give_back("a", "x", within_s=60)
    limits.give_back("a", "x", within_s=60)
    limits.give_back("a", "x", within_s=60)
    assert limits.hit("a", "x", most=2, within_s=60)


def test_the_own_counter_stays_small(monkeypatch):
    monkeypatch.setattr(limits, "_MOST_KEPT", 10)
    own = limits._OwnCounter()
    for number in range(1000):
        own.add(str(number), 1, 60)

    assert len(own._counts) <= 11


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "1.2.3.4", "10.0.0.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, ", ".join(["6.6.6.6"] * 50) + ", 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.9"),
        (1, "rubbish", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "::ffff:1.2.3.4", "1.2.3.4"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_only_our_own_proxies_name_the_client(settings, proxies, header, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=header)

    assert limits.client_address(request) == expected


def _counts_a_press_once():
    first = limits.hit("file", "x", most=1, within_s=60, once="a")
    other = limits.hit("file", "x", most=1, within_s=60, once="b")
    return [first, other] + [limits.hit("file", "x", most=1, within_s=60, once=press) for press in "ab"]


def test_the_same_press_counts_once_and_keeps_its_answer():
    assert _counts_a_press_once() == [True, False, True, False]


@pytest.mark.usefixtures("_no_redis")
def test_the_same_press_counts_once_also_without_redis():
    assert _counts_a_press_once() == [True, False, True, False]

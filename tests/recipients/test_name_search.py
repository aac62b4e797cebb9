"""Names are found by an index, the nearest first, and as the published release has them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from recipients.family_page import with_head_tokens
from recipients.models import Family, WelfareSnapshot
from recipients.models.names import holds_words, words_of
from tests.factories.registry import make_family, make_member, make_release

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    families = list(with_head_tokens(Family.objects.all(), typed).values_list("pk", flat=True))
    names = WelfareSnapshot.objects.filter(family__in=families).head_names()
    return [names[pk] for pk in families]


def test_the_name_as_typed_comes_first_then_whole_words_then_beginnings():
    release = make_release()
    for name in ("HJ. SITI AMINAHWATI", "INAQ SITI AMINAH", "SITI AMINAH", "AMINAH SITI", "SITI RAHMAH"):
        make_family(release=release, head_name=name)

    assert found("siti aminah") == ["SITI AMINAH", "AMINAH SITI", "INAQ SITI AMINAH", "HJ. SITI AMINAHWATI"]


@pytest.mark.parametrize("name", ["H.AHMAD MA'RUF", "H. AHMAD  MARUF", "AHMAD-MARUF", "ahmad maruf, s.pd"])
def test_dots_dashes_and_apostrophes_hide_nobody(name):
    make_family(release=make_release(), head_name=name)

    assert found("ahmad ma'ruf") == found("AHMAD MARUF") == [name]


def test_a_word_of_any_length_finds_nobody_or_somebody_and_never_an_error():
    make_family(release=make_release(), head_name="SITI")

    assert found("a" * 3000) == []


def test_a_release_that_waits_to_be_published_changes_nobodys_name_yet():
    now = make_release()
    waiting = make_release("2026-Q2", date(2026, 4, 23), publish=False)
    family = make_family(release=now, head_name="LALU LAMA")
    WelfareSnapshot.objects.filter(family=family).update(until_release=waiting)
    WelfareSnapshot.objects.create(
        family=family, from_release=waiting, row_key=2, village=family.village, head_name="LALU BARU"
    )

    assert (len(found("lama")), len(found("baru"))) == (1, 0)


def test_a_name_is_looked_up_in_its_index():
    make_family(release=make_release())
    named = WelfareSnapshot.objects.filter(holds_words(words_of("siti aminah"), field="head_name"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")

        plan = named.order_by().explain()

    assert "snapshot_by_name" in plan


def test_a_nik_is_looked_up_by_its_person_and_no_membership_of_anybody_else_is_read():
    release = make_release()
    make_member(make_family(release=release), release=release, nik="5203991508900001")
    found = Family.objects.with_member_nik("5203991508900001")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

        plan = found.explain()

    assert found.get()
    assert "Index Cond: (person_id = (InitPlan" in plan
    assert "Seq Scan on recipients_familymembership" not in plan

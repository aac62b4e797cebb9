"""Number and PIN tell how a case ended. The office's words, which may name data, need the code of the letter."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from objections import codes, services
from objections.enums import Kind, State
from objections.models import Objection
from tests.factories import registry
from tests.objections.steps import decide, send, text_of

pytestmark = pytest.mark.django_db

WORDS = "Desil keluarga 6, listrik 2.200 watt, dan adik Anda Amaq Nurdin punya mobil."
LOCKED = "Ketik kode dari surat itu"


def refused(client, checker, head, **about) -> Objection:
    """Whoever holds a copy of the family card filed, and reads the status with the number and PIN they got."""
    number, pin = send(client)
    case = Objection.objects.get()
    services.match(objection=case, now=timezone.now())
    Objection.objects.update(**about)
    case.refresh_from_db()
    decide(case, State.REJECTED, by=checker, head=head, now=timezone.now(), answer=WORDS)
    client.post("/status/", {"number": number, "pin": pin})
    return case


def read(client) -> str:
    page = text_of(client.get("/status/sanggahan/"))
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def open_with_code(client, family, by) -> str:
    code = codes.make_letter_codes(families=[family], by=by, today=timezone.localdate())[family.pk]
    return text_of(client.post("/kode/", {"code": code}, follow=True))


def test_number_and_pin_tell_the_outcome_and_none_of_the_offices_words(client, world, checker, head):
    refused(client, checker, head)

    page = read(client)

    assert "tidak disetujui" in page
    assert LOCKED in page
    for said in ("2.200", "Nurdin", "Desil keluarga", "desil"):
        assert said not in page


def test_the_code_of_the_familys_letter_opens_them(client, world, checker, head):
    refused(client, checker, head)

    family_page = open_with_code(client, world.family, head)

    assert "Kembali ke sanggahan Anda" in family_page
    assert WORDS in read(client)


def test_the_code_of_another_family_does_not(client, world, checker, head):
    refused(client, checker, head)
    other = registry.make_family(release=world.release, village=world.village, decile=3)
    registry.make_member(other, release=world.release, born=date(1980, 1, 1), name="INAQ LAIN", relation=1)

    open_with_code(client, other, head)

    assert WORDS not in read(client)


def test_an_unknown_person_reads_the_same_page(client, world, checker, head):
    """Else the page would tell whether the NIK was found."""
    case = refused(client, checker, head)
    known = read(client)
    Objection.objects.filter(pk=case.pk).update(family=None)

    assert read(client) == known


def test_a_report_reads_the_same_however_it_ended(client, world, checker, head):
    case = refused(client, checker, head, kind=Kind.WELL_OFF, family=None)
    pages = set()
    for outcome in (State.REJECTED, State.UPHELD_HERE, State.UPHELD_TO_CENTRE):
        Objection.objects.filter(pk=case.pk).update(state=outcome, proposed_outcome=outcome)
        pages.add(read(client))

    assert len(pages) == 1
    page = pages.pop()
    assert "Laporan Anda sudah kami periksa" in page
    assert "disetujui" not in page
    assert WORDS not in page


def test_what_is_asked_of_the_citizen_names_no_decile(filing, checker):
    case = services.file(form=filing(), now=timezone.now())

    with pytest.raises(services.MoveRefused, match="Jangan tulis desil"):
        services.ask_for_completion(
            objection=case, by=checker, now=timezone.now(), asked="Desil Anda 6, bawa slip gaji."
        )

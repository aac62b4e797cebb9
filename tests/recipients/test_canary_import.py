"""Numbers of a delivery are found nowhere in plain: not in tables, sealed files, the Redis server or the log."""

import logging
from datetime import date
from pathlib import Path

import pytest

from tests import everything
from tests.factories.registry import make_village
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, receive

CARD, NIK = "5203991201809777", "5203995205809778"
REFUSED_CARD, GROUPED = "5203991201809779", "5203 9912 0180 9780"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _village(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    make_village()


def forms(*numbers):
    """As text, and as the hexadecimal form in which the database prints bytes."""
    return [form for number in numbers for form in (number, number.encode().hex())]


def test_numbers_of_a_delivery_stand_nowhere_in_plain(caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    rows = [
        family_row(nomor_kartu_keluarga=CARD),
        family_row(nomor_kartu_keluarga=REFUSED_CARD, desil_nasional="99"),
        family_row(nama_anggota_keluarga=f"AMAQ {CARD}"),
        family_row(desil_nasional=GROUPED, alamat=f"RT {GROUPED}"),
    ]
    members = [member_row(CARD, nomor_induk_kependudukan=NIK)]

    deliver(as_csv(rows), as_csv(members))
    receive(as_csv([rows[0] | {"desil_nasional": "7"}]), label="2026-Q2", as_of=date(2026, 4, 20))

    kept = b"".join(path.read_bytes() for path in Path(tmp_path).iterdir())
    told = "\n".join([everything.tables(), everything.redis(), caplog.text])
    numbers = forms(CARD, NIK, REFUSED_CARD, GROUPED)
    assert [number for number in numbers if number in told] == []
    assert [number for number in numbers if number.encode() in kept] == []


def test_the_search_would_find_a_number_in_plain():
    """The gate itself, with the protection off: a batch that keeps a file name as it came."""
    batch = receive(as_csv([family_row()]))
    type(batch).objects.filter(pk=batch.pk).update(family_file_name=CARD)

    assert CARD in everything.tables()

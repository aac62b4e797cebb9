"""Refused rows are mended before approval: what was fixed is what is applied, and nobody approves it unseen."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bansos.common import jobs, vault
from bansos.common.models import Job
from recipients import receipt_files, receipt_paper, services
from recipients.enums import BatchState, FileKind, FixKind, GuardCode
from recipients.importing import layouts
from recipients.models import (
    Family,
    FamilyCardNumber,
    FamilyMembership,
    FixedCell,
    ImportBatch,
    ImportFix,
    ImportRow,
    PersonNik,
    WelfareSnapshot,
)
from recipients.services.fixes import Typed
from tests import everything
from tests.factories.registry import make_card_no, make_nik, make_village
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, people, receive

pytestmark = pytest.mark.django_db(transaction=True)
FLOOR = "jenis_lantai_terluas"
FAMILY, MEMBER = FileKind.FAMILY, FileKind.MEMBER


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    make_village()


def clerk():
    return get_user_model().objects.get_or_create(username="pembetul")[0]


def said(**more):
    return {"reason": "dicek dengan kartu keluarga", "by": clerk(), "now": timezone.now()} | more


def cells(batch, code, *typed, file=FAMILY, **more):
    return services.fix_cells(
        batch=batch, file=file, code=code, cells=[Typed(*one) for one in typed], **said(**more)
    )


def alike(batch, kind, code, *, file=FAMILY, **more):
    return services.fix_alike(batch=batch, file=file, kind=kind, code=code, **said(**more))


def again(batch):
    services.check_again(batch=batch, by=clerk(), now=timezone.now())
    return worked(batch, BatchState.PREVIEWED)


def worked(batch, *states):
    def is_there():
        batch.refresh_from_db()
        return batch.state in states

    jobs.work_until(is_there, wait_s=60)
    return batch


def applied(batch):
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)
    return worked(batch, BatchState.APPLIED, BatchState.DECIDED)


def refused(batch):
    return sorted(batch.refused_rows.values_list("file", "line", "column", "code"))


def test_the_fixed_number_is_the_one_that_is_applied():
    right = make_card_no()
    batch = receive(as_csv([family_row(), family_row(**{layouts.CARD_NO: right[:15]})]))

    cells(batch, "NUMBER_LENGTH", (3, layouts.CARD_NO, f" {right[:6]} {right[6:]} "))
    again(batch)

    assert refused(batch) == []
    assert (batch.counts["accepted"], batch.counts["families_new"]) == (2, 2)
    applied(batch)
    assert FamilyCardNumber.objects.filter(index=index_of(right)).exists()


def index_of(card_no):
    return vault.blind_index(vault.CARD_NO, card_no)


def test_a_withdrawn_fix_leaves_the_row_refused_as_before():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    before = refused(batch)
    fix = cells(batch, "CODE_RANGE", (3, FLOOR, "3"))
    again(batch)

    services.withdraw_fix(fix=fix, by=clerk(), now=timezone.now())
    with pytest.raises(services.ImportRefused, match="belum diperiksa"):
        applied(batch)
    again(batch)

    assert refused(batch) == before
    assert batch.counts["accepted"] == 1


def test_the_same_fixes_give_the_same_rows_however_often_they_are_checked():
    rows = [family_row(**{FLOOR: "77"}), family_row(**{FLOOR: "keramik"}), family_row()]
    batch = receive(as_csv(rows))
    cells(batch, "CODE_RANGE", (2, FLOOR, "3"))
    again(batch)
    first = staged(batch)

    ImportBatch.objects.filter(pk=batch.pk).update(checked_with="")  # as though it had not been checked
    again(batch)

    assert staged(batch) == first
    assert [line for line, *_rest in first] == [2, 3, 4]


def staged(batch):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, row_key, number_index::text, floor_type, head_name FROM staging_{batch.pk}_family ORDER BY 1"
        )
        return cursor.fetchall()


def test_one_content_is_mapped_in_every_row_that_has_it_and_in_no_other():
    rows = [family_row(**{FLOOR: floor}) for floor in ("granit", "granit", "beton", "2")]
    batch = receive(as_csv(rows))

    alike(batch, FixKind.MAP, "CODE_RANGE", column=FLOOR, written="granit", value="4")
    again(batch)
    applied(batch)

    assert sorted(WelfareSnapshot.objects.values_list("floor_type", flat=True)) == [2, 4, 4]
    assert [row.value for row in batch.refused_rows.all()] == ["beton"]


def test_an_unknown_village_is_named_once_for_the_whole_file():
    rows = [family_row(**{layouts.VILLAGE_NAME: "KESYIK"}) for _ in range(3)]
    village = make_village()
    batch = receive(as_csv([family_row(), *rows]))
    written = batch.refused_rows.first().value

    alike(
        batch,
        FixKind.MAP,
        "VILLAGE_UNKNOWN",
        column=layouts.VILLAGE_NAME,
        written=written,
        value=village.code,
    )
    again(batch)

    assert batch.counts["accepted"] == 4


def test_a_wrong_day_is_left_blank_and_swapped_numbers_change_places():
    family, nik = family_row(), make_nik_of_a_woman()
    rows = [
        member_row(family[layouts.CARD_NO], **{layouts.BIRTH_DATE: "1980-13-45"}),
        member_row(family[layouts.CARD_NO], **{layouts.NIK: family[layouts.CARD_NO], layouts.CARD_NO: nik}),
    ]
    batch = receive(as_csv([family]), as_csv(rows))
    assert {code for _f, _l, _c, code in refused(batch)} == {"DATE", "NUMBERS_SWAPPED"}

    alike(batch, FixKind.BLANK, "DATE", file=MEMBER, column=layouts.BIRTH_DATE)
    alike(batch, FixKind.SWAP, "NUMBERS_SWAPPED", file=MEMBER)
    again(batch)
    for guard in batch.guards.unanswered():
        services.answer_guard(guard=guard, by=people()[1], why="dicek dengan surat", now=timezone.now())
    applied(batch)

    assert refused(batch) == []
    assert PersonNik.objects.count() == 2


def test_a_file_with_swapped_columns_is_held_and_one_fix_rights_it_men_too_and_no_row_that_was_right():
    family, other = family_row(), family_row()
    wife, husband, right = (
        member_row(family[layouts.CARD_NO], **{layouts.NIK: make_nik_of_a_woman()}),
        member_row(family[layouts.CARD_NO]),
        member_row(other[layouts.CARD_NO]),
    )
    more = [member_row(other[layouts.CARD_NO], **{layouts.NIK: make_nik_of_a_woman()}) for _ in range(2)]
    swapped = [
        row | {layouts.NIK: row[layouts.CARD_NO], layouts.CARD_NO: row[layouts.NIK]}
        for row in (wife, husband, *more)
    ]
    batch = receive(as_csv([family, other]), as_csv([*swapped, right]))
    assert GuardCode.NUMBERS_SWAPPED in [guard.code for guard in batch.guards.all()]
    assert Counter(code for *_place, code in refused(batch)) == {
        "NUMBERS_SWAPPED": 3,
        "MEMBER_WITHOUT_FAMILY": 1,
    }

    alike(batch, FixKind.SWAP, "NUMBERS_SWAPPED", file=MEMBER)
    again(batch)

    assert refused(batch) == []
    assert not batch.guards.filter(code=GuardCode.NUMBERS_SWAPPED).exists()
    applied(batch)
    assert FamilyMembership.objects.count() == 5
    assert (
        Family.objects.with_member_nik(husband[layouts.NIK]).get()
        == Family.objects.with_card_no(family[layouts.CARD_NO]).get()
    )
    following = receive(
        as_csv([family, other]),
        as_csv([wife, husband, *more, right]),
        label="2026-Q2",
        as_of=date(2026, 4, 20),
    )
    assert (following.counts["members_new"], following.counts["members_missing"]) == (0, 0)


def make_nik_of_a_woman():
    nik = make_nik(date(1980, 5, 12))
    return nik[:6] + "52" + nik[8:]


def test_of_two_rows_of_one_card_a_person_picks_one():
    row = family_row(desil_nasional="3")
    batch = receive(as_csv([row, row | {layouts.HEAD_NAME: "LAIN"}, family_row()]))

    cells(batch, "DUPLICATE_CARD", (3, ""))
    again(batch)

    assert refused(batch) == [(FAMILY, 3, "", "LEFT_OUT")]
    applied(batch)
    assert sorted(WelfareSnapshot.objects.values_list("head_name", flat=True)) == ["AMAQ SAHRUN"] * 2


def test_nobody_writes_a_decile():
    batch = receive(as_csv([family_row(), family_row(desil_nasional="11")]))

    with pytest.raises(services.FixRefused, match="tidak bisa diperbaiki di sini"):
        cells(batch, "CODE_RANGE", (3, layouts.DECILE, "4"))
    for kind, more in ((FixKind.BLANK, {}), (FixKind.MAP, {"written": "11", "value": "4"})):
        with pytest.raises(services.FixRefused):
            alike(batch, kind, "CODE_RANGE", column=layouts.DECILE, **more)
    assert not ImportFix.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ((3, FLOOR, "12"), "angka 1 sampai 9"),
        ((2, FLOOR, "3"), "tidak bisa diperbaiki"),
        ((3, layouts.HEAD_NAME, "X"), "tidak bisa diperbaiki"),
    ],
)
def test_a_fix_that_is_no_fix_is_refused_whole(typed, told):
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))

    with pytest.raises(services.FixRefused, match=told):
        cells(batch, "CODE_RANGE", (3, FLOOR, "3"), typed)

    assert not ImportFix.objects.exists()


def test_who_fixed_does_not_approve_and_nobody_approves_a_fix_unseen():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"}), family_row(desil_nasional="11")]))
    seen = services.seen_as(batch)
    cells(batch, "CODE_RANGE", (3, FLOOR, "3"), by=people()[1])
    again(batch)

    with pytest.raises(services.ImportRefused, match="ikut memperbaiki"):
        services.approve_import(batch=batch, by=people()[1], now=timezone.now())
    boss = get_user_model().objects.create(username="kepala")
    with pytest.raises(services.ImportRefused, match="berubah sesudah Anda membukanya"):
        services.approve_import(batch=batch, by=boss, now=timezone.now(), seen=seen)

    seen = services.seen_as(batch)
    services.accept_refusals(batch=batch, file=FAMILY, code="CODE_RANGE", **said())  # a note is looked at too
    with pytest.raises(services.ImportRefused, match="berubah sesudah"):
        services.approve_import(batch=batch, by=boss, now=timezone.now(), seen=seen)
    services.approve_import(batch=batch, by=boss, now=timezone.now(), seen=services.seen_as(batch))


def test_after_approval_nothing_is_fixed_any_more():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    services.approve_import(batch=batch, by=people()[1], now=timezone.now())

    with pytest.raises(services.FixRefused, match="tidak sedang menunggu"):
        cells(batch, "CODE_RANGE", (3, FLOOR, "3"))


def test_a_worker_killed_while_checking_again_loses_no_fix(monkeypatch):
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    cells(batch, "CODE_RANGE", (3, FLOOR, "3"))
    services.check_again(batch=batch, by=clerk(), now=timezone.now())
    killed = jobs.claim(services.job_of(batch).pk)  # a worker that took the job and is gone
    killed._side.close()
    assert batch.refused_rows.count() == 1

    Job.objects.filter(pk=killed.job_id).update(lease_until=timezone.now() - timedelta(hours=1))
    worked(batch, BatchState.PREVIEWED)

    assert batch.counts["accepted"] == 2


def test_the_same_fault_in_the_next_release_is_met_again():
    row, faulty = family_row(), family_row(**{FLOOR: "77"})
    batch = receive(as_csv([row, faulty]))
    cells(batch, "CODE_RANGE", (3, FLOOR, "3"))
    applied(again(batch))

    following = receive(as_csv([faulty, row]), label="2026-Q2", as_of=date(2026, 4, 20))

    assert refused(following) == [(FAMILY, 2, FLOOR, "CODE_RANGE")]
    assert following.counts["families_missing"] == 0


def test_what_was_mended_stands_when_the_next_release_has_it_right():
    row, faulty = family_row(), family_row(**{FLOOR: "77"})
    batch = receive(as_csv([row, faulty]))
    cells(batch, "CODE_RANGE", (3, FLOOR, "3"))
    applied(again(batch))

    following = receive(as_csv([row, faulty | {FLOOR: "3"}]), label="2026-Q2", as_of=date(2026, 4, 20))

    assert following.counts["families_unchanged"] == 2


def test_no_number_of_a_fix_stands_in_plain():
    right = "5203991201809771"
    batch = receive(as_csv([family_row(), family_row(**{layouts.CARD_NO: "520399"})]))
    cells(batch, "NUMBER_LENGTH", (3, layouts.CARD_NO, right), reason=f"menurut KK {right} dari desa")
    again(batch)

    told = everything.tables() + everything.redis()
    assert right not in told
    assert right.encode().hex() not in told


def test_fixes_are_never_rewritten_and_withdrawn_once():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    fix = cells(batch, "CODE_RANGE", (3, FLOOR, "3"))

    for change in (
        lambda: ImportFix.objects.filter(pk=fix.pk).update(reason="lain"),
        lambda: FixedCell.objects.update(line=2),
        lambda: FixedCell.objects.all().delete(),
        lambda: ImportFix.objects.all().delete(),
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            change()
    services.withdraw_fix(fix=fix, by=clerk(), now=timezone.now())
    with pytest.raises(services.FixRefused, match="sudah dicabut"):
        services.withdraw_fix(fix=fix, by=clerk(), now=timezone.now())


def test_the_receipt_names_every_fix_with_its_author_also_one_taken_back():
    batch = receive(as_csv([family_row(), *(family_row(**{FLOOR: "77"}) for _ in range(2))]))
    first = cells(batch, "CODE_RANGE", (3, FLOOR, "3"))
    services.withdraw_fix(fix=first, by=clerk(), now=timezone.now())
    second = alike(batch, FixKind.MAP, "CODE_RANGE", column=FLOOR, written="77", value="7")

    told = dict(receipt_paper.lines(receipt_files.parts(again(batch))))

    taken_back, standing = told[f"perbaikan {first.pk}"], told[f"perbaikan {second.pk}"]
    assert "1 baris" in taken_back
    assert "dicabut oleh pembetul" in taken_back
    assert f'{FLOOR}: "77" menjadi "7"' in standing
    assert "2 baris" in standing
    assert 'alasan "dicek dengan kartu keluarga"; pembetul' in standing
    assert receipt_paper.pdf(receipt_files.parts(batch), "Tanda terima").startswith(b"%PDF")


def test_without_fixes_a_delivery_goes_its_way_as_before():
    batch = deliver(as_csv([family_row()]))

    assert (batch.round, batch.checked_with) == (1, "")
    assert not ImportRow.objects.exists()

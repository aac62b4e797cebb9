from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.enums import BatchState, Direction
from recipients.importing import apply, layouts, match, storage
from recipients.models import (
    CurrentRelease,
    DecileChange,
    FactsChange,
    Family,
    FamilyCardNumber,
    FamilyMembership,
    ImportRow,
    Person,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)
from tests.factories.registry import make_card_no, make_village
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, people, receive, upload

pytestmark = pytest.mark.django_db(transaction=True)

NEXT = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}


@pytest.fixture(autouse=True)
def village():
    for table in staging_tables():  # of an earlier test that stopped at its preview
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {table}")
    return make_village()


def staging_tables():
    return [name for name in connection.introspection.table_names() if name.startswith("staging_")]


def test_a_first_release_brings_every_family_in_and_leaves_no_staging_behind():
    rows = [family_row(desil_nasional=str(decile)) for decile in (1, 4, 10)] + [family_row(desil_nasional="")]

    batch = deliver(as_csv(rows))

    assert batch.counts["families_new"] == 4
    assert batch.counts["newly_ranked"] == 3
    assert sorted(WelfareSnapshot.objects.standing().values_list("decile", flat=True), key=str) == [
        1,
        10,
        4,
        None,
    ]
    assert RegistryRelease.objects.get().decile_counts == {"1": 1, "4": 1, "10": 1, "0": 1}
    assert not DecileChange.objects.exists()
    assert FactsChange.objects.get().family_id is None
    assert staging_tables() == []


def test_the_next_release_writes_only_what_differs():
    up, down, same, gone, unranked = (family_row(desil_nasional=d) for d in ("4", "7", "3", "2", ""))
    first = deliver(as_csv([up, down, same, gone, unranked]))
    before = set(WelfareSnapshot.objects.values_list("pk", flat=True))

    second = deliver(
        as_csv(
            [
                up | {"desil_nasional": "6"},
                down | {"desil_nasional": "5"},
                same,
                unranked | {"desil_nasional": "1"},
            ]
        ),
        **NEXT,
    )

    expected = {"families_new": 0, "families_changed": 3, "families_unchanged": 1, "families_missing": 1}
    expected |= {"decile_up": 1, "decile_down": 1, "decile_same": 1, "newly_ranked": 1}
    assert {name: second.counts[name] for name in expected} == expected
    assert WelfareSnapshot.objects.exclude(pk__in=before).count() == 3
    assert WelfareSnapshot.objects.at_release(first.release).count() == 5
    assert WelfareSnapshot.objects.standing().count() == 4
    assert dict(DecileChange.objects.values_list("before", "direction")) == {
        4: Direction.UP,
        7: Direction.DOWN,
        2: Direction.DROPPED,
        None: Direction.NEWLY_RANKED,
    }
    assert FactsChange.objects.exclude(family=None).count() == 4


def test_a_decile_change_names_the_programmes_whose_ceiling_lies_between():
    from recipients.models import DecileCeiling, Programme

    for code, ceiling in (("PKH", 4), ("SEMBAKO", 4), ("PBI_JK", 5)):
        programme = Programme.objects.create(code=code, name=code, unit="FAMILY", owner="Kemensos")
        DecileCeiling.objects.create(programme=programme, ceiling=ceiling, effective_from=date(2026, 1, 1))
    four, five, one = (family_row(desil_nasional=d) for d in ("4", "5", "1"))
    deliver(as_csv([four, five, one]))

    deliver(as_csv([r | {"desil_nasional": d} for r, d in ((four, "5"), (five, "6"), (one, "3"))]), **NEXT)

    crossed = dict(DecileChange.objects.values_list("before", "crossed_ceilings"))
    assert crossed == {4: ["PKH", "SEMBAKO"], 5: ["PBI_JK"], 1: []}


def test_the_same_file_again_is_refused_with_the_earlier_delivery_named():
    data = as_csv([family_row()])
    deliver(data)

    with pytest.raises(services.ImportRefused, match="sudah dimuat"):
        receive(data, **NEXT)


def test_an_older_release_is_refused():
    deliver(as_csv([family_row()]))

    with pytest.raises(services.ImportRefused, match="per 20 Oktober 2025 tidak lebih baru"):
        receive(as_csv([family_row()]), label="2025-Q4", as_of=date(2025, 10, 20))


def test_the_one_who_uploads_cannot_approve():
    batch = receive(as_csv([family_row()]))

    with pytest.raises(services.ImportRefused, match="Anda tidak bisa menyetujui"):
        services.approve_import(batch=batch, by=people()[0], now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        type(batch).objects.filter(pk=batch.pk).update(approved_by=batch.received_by)


def test_a_row_written_in_another_way_is_no_change():
    row = family_row(desil_nasional="3")
    deliver(as_csv([row]))
    reordered = tuple(reversed(layouts.FAMILY_HEADERS))
    untidy = row | {layouts.HEAD_NAME: "  AMAQ SAHRUN ", "desil_nasional": "3.0"}

    batch = deliver(as_csv([untidy], reordered, delimiter=";"), **NEXT)

    assert batch.counts["families_unchanged"] == 1
    assert WelfareSnapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({layouts.CARD_NO: "5,20399E+15"}, "NUMBER_SCIENTIFIC", layouts.CARD_NO),
        ({layouts.CARD_NO: "520399120180900"}, "NUMBER_LENGTH", layouts.CARD_NO),
        ({layouts.CARD_NO: "5203994001809001"}, "NUMBER_SHAPE", layouts.CARD_NO),
        ({layouts.CARD_NO: "５２０３９９１２０１８０９００１"}, "NUMBER_LENGTH", layouts.CARD_NO),
        ({layouts.CARD_NO: ""}, "NUMBER_EMPTY", layouts.CARD_NO),
        ({layouts.HEAD_NAME: " . "}, "TEXT_EMPTY", layouts.HEAD_NAME),
        ({layouts.HEAD_NAME: "A" * 121}, "TEXT_LENGTH", layouts.HEAD_NAME),
        ({layouts.ADDRESS: "DUSUN\x00 MONTONG"}, "TEXT_CONTROL", layouts.ADDRESS),
        ({layouts.HEAD_NAME: "AMAQ 5203994101809777"}, "TEXT_NUMBER", layouts.HEAD_NAME),
        ({layouts.ADDRESS: "RT 5203-9941-0180-9777"}, "TEXT_NUMBER", layouts.ADDRESS),
        ({layouts.VILLAGE_NAME: "ENTAH"}, "VILLAGE_UNKNOWN", layouts.VILLAGE_NAME),
        ({"desil_nasional": "11"}, "CODE_RANGE", "desil_nasional"),
        ({"desil_nasional": "1.5"}, "CODE_RANGE", "desil_nasional"),
        ({"desil_nasional": "٣"}, "CODE_RANGE", "desil_nasional"),
        ({"jenis_lantai_terluas": "-1"}, "CODE_RANGE", "jenis_lantai_terluas"),
    ],
)
def test_a_faulty_row_is_refused_with_line_column_code_and_message(cells, code, column):
    batch = receive(as_csv([family_row(), family_row(**cells), family_row()]))

    refused = ImportRow.objects.get(batch=batch)
    assert (refused.line, refused.column, refused.code) == (3, column, code)
    assert refused.message
    assert refused.sealed_row
    assert batch.counts["refused_by_code"] == {code: 1}
    assert (batch.counts["rows"], batch.counts["accepted"], batch.counts["refused"]) == (3, 2, 1)


def test_an_identifier_in_the_wrong_column_is_masked_in_the_reasons():
    stray = make_card_no()

    receive(as_csv([family_row(desil_nasional=stray)]))

    refused = ImportRow.objects.get()
    assert stray not in refused.value + refused.message


def test_a_refused_row_keeps_the_standing_facts_of_its_family():
    row, other = family_row(desil_nasional="3"), family_row()
    deliver(as_csv([row, other]))

    batch = deliver(as_csv([row | {"desil_nasional": "99"}, other]), **NEXT)

    assert batch.counts["families_missing"] == 0
    assert WelfareSnapshot.objects.standing().filter(decile=3).exists()


def test_one_card_in_two_rows_is_never_decided_by_which_row_is_last():
    row, other = family_row(desil_nasional="3"), family_row()

    batch = deliver(as_csv([row, row | {"desil_nasional": "9"}, other, other]))

    assert batch.counts["refused_by_code"] == {"DUPLICATE_CARD": 2, "DUPLICATE_ROW": 1}
    assert Family.objects.count() == 1


def test_a_changed_row_beside_its_unchanged_twin_is_refused():
    row = family_row(desil_nasional="3")
    deliver(as_csv([row, family_row()]))

    batch = deliver(as_csv([row, row | {"desil_nasional": "9"}, row]), **NEXT)

    assert batch.counts["refused_by_code"] == {"DUPLICATE_CARD": 1, "DUPLICATE_ROW": 1}
    assert batch.counts["families_unchanged"] == 1
    assert WelfareSnapshot.objects.standing().get().decile == 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "kosong"),
        (b"nomor_kartu_keluarga,desil_nasional\n1,2\n", "Kolom tidak ada"),
        (as_csv([family_row()]).split(b"\n")[0] + b"\n", "tidak ada baris data"),
        (b"a,a\n1,2\n", "judul kolom ganda"),
        (as_csv([family_row()]) + b'"open quote,\n', "tanda kutip"),
        (b"PK\x03\x04 not a workbook", "terpotong"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_with_a_reason(data, says):
    batch = receive(data)

    assert batch.state == BatchState.REFUSED
    assert says in batch.refusal
    assert staging_tables() == []
    assert not Family.objects.exists()


def test_files_with_bom_semicolons_utf16_and_line_breaks_in_quotes_are_read():
    text = as_csv(
        [family_row(alamat="DUSUN MONTONG\nRT 003", nama_anggota_keluarga="LALU MA'RUF")], delimiter=";"
    )

    batch = receive(text.decode().replace("\n520399", "\r\n520399").encode("utf-16"))

    assert (batch.counts["rows"], batch.counts["refused"]) == (1, 0)


def test_members_come_go_and_move_with_their_families():
    a, b = family_row(), family_row()
    card_a, card_b = a[layouts.CARD_NO], b[layouts.CARD_NO]
    head, moving, dying = member_row(card_a), member_row(card_a), member_row(card_b)
    deliver(as_csv([a, b]), as_csv([head, moving, dying]))
    first_people = Person.objects.count()

    born = member_row(card_b)
    batch = deliver(as_csv([a, b]), as_csv([head, moving | {layouts.CARD_NO: card_b}, born]), **NEXT)

    assert first_people == 3
    counts = {name: batch.counts[name] for name in ("members_new", "members_changed", "members_missing")}
    assert counts == {"members_new": 1, "members_changed": 1, "members_missing": 1}
    family_b = Family.objects.with_card_no(card_b).get()
    assert FamilyMembership.objects.standing().filter(family=family_b).count() == 2
    assert Family.objects.with_member_nik(moving[layouts.NIK]).get() == family_b
    assert FactsChange.objects.exclude(family=None).values("family").distinct().count() == 2


def test_a_member_of_an_unknown_family_is_refused():
    batch = receive(as_csv([family_row()]), as_csv([member_row(make_card_no())]))

    assert batch.counts["refused_by_code"] == {"MEMBER_WITHOUT_FAMILY": 1}


def test_a_nik_in_two_families_is_an_issue_not_an_overwrite():
    a, b = family_row(), family_row()
    person = member_row(a[layouts.CARD_NO])

    batch = receive(as_csv([a, b]), as_csv([person, person | {layouts.CARD_NO: b[layouts.CARD_NO]}]))

    assert batch.counts["refused_by_code"] == {"DUPLICATE_NIK": 2}


def test_disability_is_kept_as_one_answer():
    row = family_row()
    card_no, none = row[layouts.CARD_NO], dict.fromkeys(layouts.DISABILITY, "4")
    able, disabled = member_row(card_no, **none), member_row(card_no, penglihatan="1.0")
    unasked, half_asked = member_row(card_no), member_row(card_no, penglihatan="4")

    deliver(as_csv([row]), as_csv([able, disabled, unasked, half_asked]))

    answers = FamilyMembership.objects.values_list("has_disability", flat=True)
    assert sorted(answers, key=str) == [False, None, None, True]


def test_card_numbers_stand_sealed_and_only_new_ones_are_encrypted_again():
    row = family_row(desil_nasional="3")
    deliver(as_csv([row]))
    sealed = bytes(FamilyCardNumber.objects.get().sealed)

    deliver(as_csv([row | {"desil_nasional": "4"}]), **NEXT)

    assert FamilyCardNumber.objects.get().reveal() == row[layouts.CARD_NO]
    assert bytes(FamilyCardNumber.objects.get().sealed) == sealed


def test_a_job_that_dies_while_applying_leaves_the_old_release_and_finishes_later(monkeypatch):
    row = family_row(desil_nasional="3")
    deliver(as_csv([row]))
    batch = receive(as_csv([row | {"desil_nasional": "4"}]), **NEXT)
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)
    job = jobs.Job.objects.get(kind="imports.apply", params={"batch": batch.pk})

    with monkeypatch.context() as broken:
        broken.setattr(apply, "publish", lambda _release: 1 / 0)
        assert jobs.run(job.pk) is False
    standing_after_failure = WelfareSnapshot.objects.standing().get().decile
    jobs.Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    jobs.run(job.pk)

    assert standing_after_failure == 3
    assert WelfareSnapshot.objects.standing().get().decile == 4
    assert CurrentRelease.get().label == "2026-Q2"


def test_moving_the_pointer_back_shows_the_release_before():
    row = family_row(desil_nasional="3")
    first = deliver(as_csv([row]))
    deliver(as_csv([row | {"desil_nasional": "4"}]), **NEXT)

    CurrentRelease.objects.update(release=first.release)

    assert WelfareSnapshot.objects.standing().get().decile == 3


def test_a_preview_overtaken_by_another_release_is_not_applied():
    row = family_row(desil_nasional="3")
    batch = receive(as_csv([row]))
    other = deliver(as_csv([row | {"desil_nasional": "5"}]), label="2026-Q0", as_of=date(2026, 1, 1))
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.REFUSED)

    assert CurrentRelease.get() == other.release
    assert "Kirim ulang" in batch.refusal


def test_a_stored_file_reads_back_and_a_cut_or_changed_one_does_not(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    data = bytes(range(256)) * 10_000
    stored = storage.store("keluarga.csv", [data[:100], data[100:]])
    name = stored.key
    assert stored.size == len(data)
    assert storage.open_stored(name).read() == data
    assert data[:64] not in (tmp_path / name).read_bytes()

    whole = (tmp_path / name).read_bytes()
    for broken in (whole[:-20], whole[: len(whole) // 2], whole[:1000] + b"x" + whole[1001:]):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(Exception, match=r"cut short|does not belong here|requires a buffer"):
            storage.open_stored(name).read()


def test_the_database_refuses_orphans_and_the_deletion_of_what_rows_may_name(village):
    deliver(as_csv([family_row()]))

    for model, values in (
        (Family, {"village_id": 999_999}),
        (
            WelfareSnapshot,
            {"from_release_id": 999, "family_id": 1, "row_key": 1, "village": village, "head_name": "X"},
        ),
        (FamilyCardNumber, {"family_id": 999_999, "sealed": b"x", "index": b"x"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM recipients_region WHERE id = %s", [Region.objects.villages().get().pk])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE recipients_welfaresnapshot SET decile = 1",
        "UPDATE recipients_decilechange SET after = 1",
        "UPDATE recipients_familymembership SET name = 'X'",
    ],
)
def test_the_database_refuses_to_rewrite_what_a_release_said(change):
    row = family_row(desil_nasional="3")
    deliver(as_csv([row]), as_csv([member_row(row[layouts.CARD_NO])]))
    deliver(as_csv([row | {"desil_nasional": "4"}]), **NEXT)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_file_without_one_usable_row_is_refused_and_its_reasons_stay():
    deliver(as_csv([family_row()]))

    batch = receive(as_csv([family_row(nomor_kartu_keluarga="5.20399E+15")]), **NEXT)

    assert batch.state == BatchState.REFUSED
    assert batch.refused_rows.count() == 1


def test_letting_many_families_go_needs_a_word_of_its_own():
    rows = [family_row() for _ in range(10)]
    deliver(as_csv(rows))
    batch = receive(as_csv(rows[:9]), **NEXT)

    with pytest.raises(services.ImportRefused, match="Centang dulu"):
        services.approve_import(batch=batch, by=people()[1], now=timezone.now())

    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)


def test_the_same_family_file_is_the_same_without_its_members_too():
    rows = [family_row()]
    deliver(as_csv(rows), as_csv([member_row(rows[0][layouts.CARD_NO])]))

    with pytest.raises(services.ImportRefused, match="sudah dimuat"):
        receive(as_csv(rows), **NEXT)


def test_a_withdrawn_delivery_leaves_its_reasons_and_nothing_else():
    batch = receive(as_csv([family_row(desil_nasional="11"), family_row()]))

    services.withdraw_import(batch=batch, by=people()[1], reason="berkas salah", now=timezone.now())

    batch.refresh_from_db()
    assert (batch.state, batch.refusal) == (BatchState.REFUSED, "berkas salah")
    assert batch.refused_rows.count() == 1
    assert staging_tables() == []
    assert match.drop_tables(batch.pk) is None


def test_a_release_of_tomorrow_is_refused():
    with pytest.raises(services.ImportRefused, match="belum tiba"):
        receive(as_csv([family_row()]), as_of=date(2027, 1, 1))


def test_stray_blanks_at_the_edges_are_no_part_of_a_name():
    deliver(as_csv([family_row(nama_anggota_keluarga="  BUDI ", alamat=" JALAN ")]))

    assert WelfareSnapshot.objects.values_list("head_name", "address").get() == ("BUDI", "JALAN")


def test_a_member_whose_new_family_is_unknown_keeps_the_membership_that_stands():
    row = family_row()
    person = member_row(row[layouts.CARD_NO])
    deliver(as_csv([row]), as_csv([person]))

    batch = deliver(
        as_csv([row, family_row()]),
        as_csv([person | {layouts.CARD_NO: make_card_no()}, member_row(row[layouts.CARD_NO])]),
        **NEXT,
    )

    assert batch.counts["refused_by_code"] == {"MEMBER_WITHOUT_FAMILY": 1}
    assert batch.counts["members_missing"] == 0
    assert FamilyMembership.objects.standing().count() == 2


def test_a_family_that_was_never_ranked_leaves_no_decile_change_when_it_goes():
    gone, stays = family_row(desil_nasional=""), family_row()
    deliver(as_csv([gone, stays]))

    deliver(as_csv([stays, family_row()]), **NEXT)

    assert set(DecileChange.objects.values_list("direction", flat=True)) == {Direction.NEWLY_RANKED}


def test_a_delivery_read_before_another_release_came_out_is_refused_not_mixed():
    row = family_row(desil_nasional="3")
    deliver(as_csv([row]))
    slow = services.receive_file(
        family=upload("keluarga.csv", as_csv([row | {"desil_nasional": "4"}])),
        member=None,
        **{"label": NEXT["label"], "as_of": NEXT["as_of"]},
        by=people()[0],
        today=date(2026, 12, 31),
    )
    jobs.run(services.job_of(slow).pk)
    waiting = services.job_of(slow)
    jobs.Job.objects.filter(pk=waiting.pk).update(run_after=timezone.now() + timedelta(hours=1))
    deliver(as_csv([row | {"desil_nasional": "5"}]), label="2026-Q1b", as_of=date(2026, 2, 1))

    jobs.Job.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
    jobs.run(waiting.pk)

    slow.refresh_from_db()
    assert slow.state == BatchState.REFUSED
    assert "Kirim ulang" in slow.refusal
    assert WelfareSnapshot.objects.standing().get().decile == 5


def test_a_stopped_step_is_tried_again_or_the_delivery_refused_by_a_persons_word(monkeypatch):
    batch = receive(as_csv([family_row()]))
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)
    job = services.job_of(batch)
    with pytest.raises(services.ImportRefused):
        services.retry_import(batch=batch)
    jobs.Job.objects.filter(pk=job.pk).update(failures=4)
    with monkeypatch.context() as broken:
        broken.setattr(apply, "publish", lambda _release: 1 / 0)
        jobs.run(job.pk)

    services.retry_import(batch=batch)
    jobs.run(job.pk)

    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED


def test_members_of_dukcapil_style_files_say_l_and_p():
    row = family_row()

    deliver(as_csv([row]), as_csv([member_row(row[layouts.CARD_NO], jenis_kelamin="P")]))

    assert FamilyMembership.objects.get().sex == 2


def test_a_utf16_file_cut_in_the_middle_is_refused_with_a_reason():
    batch = receive(as_csv([family_row()] * 3).decode().encode("utf-16")[:-1])

    assert batch.state == BatchState.REFUSED


def test_uploads_are_not_left_behind_when_a_delivery_is_refused_at_the_door(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    data = as_csv([family_row()])
    receive(data)
    kept = set(tmp_path.iterdir())

    with pytest.raises(services.ImportRefused):
        services.receive_file(
            family=upload("lain.csv", data),
            member=None,
            label="2026-Q1",
            as_of=date(2026, 1, 23),
            by=people()[0],
            today=date(2026, 12, 31),
        )

    assert set(tmp_path.iterdir()) == kept

"""Lists of recipients, payouts, flags and checks: what they say comes in once, and no row is lost."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from recipients import services
from recipients.enums import EnrolmentState, FlagKind, FlagStatus, ListState, PayoutState, Unit
from recipients.models import (
    ColumnMapping,
    Enrolment,
    EnrolmentEvent,
    ExternalFlag,
    FactsChange,
    ListRow,
    PayoutRecord,
    Programme,
    Region,
)
from recipients.services import lists
from tests.factories.registry import (
    make_card_no,
    make_family,
    make_member,
    make_nik,
    make_release,
    make_village,
)
from tests.recipients.deliveries import people
from tests.recipients.list_files import AS_OF, as_csv, check, codes, deliver, receive

pytestmark = pytest.mark.django_db(transaction=True)


class Someone:
    """A family of one, standing in the published release."""

    def __init__(self, release, name="INAQ SAHRUN", nik="", village=None):
        self.nik, self.card = nik or make_nik(), make_card_no()
        self.family = make_family(release=release, card_no=self.card, village=village)
        self.member = make_member(self.family, release=release, nik=self.nik, name=name)

    def row(self, **more):
        return {"NIK": self.nik, "NAMA": self.member.name, **more}


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def pkh():
    return Programme.objects.create(code="PKH", name="PKH", unit=Unit.FAMILY, owner="Kemensos")


@pytest.fixture
def pbi():
    return Programme.objects.create(code="PBI_JK", name="PBI JK", unit=Unit.PERSON, owner="Kemensos")


# --- recipients ---------------------------------------------------------------------------------------------


def test_a_list_of_recipients_enrols_its_families_with_the_list_on_record(release, pkh):
    one, other = Someone(release), Someone(release)

    delivery = deliver("RECIPIENTS", [one.row(PROGRAM="PKH"), other.row(PROGRAM="Program Keluarga Harapan")])

    enrolment = Enrolment.objects.get(family=one.family)
    assert (enrolment.programme, enrolment.state, enrolment.since) == (pkh, EnrolmentState.ACTIVE, AS_OF)
    assert (enrolment.caretaker, enrolment.person) == (one.member.person, None)
    event = enrolment.events.get()
    assert (event.reference, event.by) == (delivery.reference, people()[1])
    assert delivery.counts["actions"] == {"NEW": 2}
    assert set(FactsChange.objects.values_list("family", flat=True)) == {one.family.pk, other.family.pk}


def test_the_same_content_again_writes_nothing(release, pkh):
    rows = [Someone(release).row(PROGRAM="PKH", STATUS="aktif") for _ in range(3)]
    deliver("RECIPIENTS", rows)

    again = deliver("RECIPIENTS", rows[::-1], as_of=date(2026, 3, 1))

    assert (again.counts["actions"], again.counts["written"], again.counts["marked"]) == ({"SAME": 3}, 0, 0)
    assert (Enrolment.objects.count(), EnrolmentEvent.objects.count()) == (3, 3)


def test_the_same_file_is_received_once(release, pkh):
    data = as_csv([Someone(release).row(PROGRAM="PKH")])
    deliver("RECIPIENTS", data)

    with pytest.raises(lists.ListRefused, match="sudah dimuat"):
        receive("RECIPIENTS", data)


def test_a_list_carries_a_state_on_and_never_back(release, pkh):
    waiting, suspended = Someone(release), Someone(release)
    deliver(
        "RECIPIENTS",
        [waiting.row(PROGRAM="PKH", STATUS="menunggu"), suspended.row(PROGRAM="PKH", STATUS="aktif")],
    )

    moved = deliver(
        "RECIPIENTS",
        [waiting.row(PROGRAM="PKH", STATUS="Aktif"), suspended.row(PROGRAM="PKH", STATUS="Ditangguhkan")],
    )
    back = deliver("RECIPIENTS", [waiting.row(PROGRAM="PKH", STATUS="Menunggu Kuota")])

    assert moved.counts["actions"] == {"MOVED": 2}
    assert back.counts["actions"] == {"SAME": 1}
    states = dict(Enrolment.objects.values_list("family", "state"))
    assert states == {waiting.family.pk: "ACTIVE", suspended.family.pk: "SUSPENDED"}
    assert EnrolmentEvent.objects.count() == 4


def test_a_programme_for_persons_enrols_the_person(release, pbi):
    one = Someone(release)

    deliver("RECIPIENTS", [one.row(PROGRAM="PBI")])

    assert Enrolment.objects.get().person == one.member.person


def test_a_card_number_alone_finds_the_family_but_no_person(release, pkh, pbi):
    one, other = Someone(release), Someone(release)
    rows = [
        {"NO KK": one.card, "NAMA": "INAQ SAHRUN", "PROGRAM": "PKH"},
        {"NO KK": other.card, "NAMA": "INAQ SAHRUN", "PROGRAM": "PBI"},
    ]

    delivery = deliver("RECIPIENTS", rows)

    assert Enrolment.objects.get().family == one.family
    assert codes(delivery) == {3: "NEEDS_PERSON"}


def test_who_is_not_on_a_complete_list_leaves_and_on_another_stays(release, pkh):
    stays, goes = Someone(release), Someone(release)
    deliver("RECIPIENTS", [stays.row(PROGRAM="PKH"), goes.row(PROGRAM="PKH")])

    partly = check("RECIPIENTS", [stays.row(PROGRAM="PKH", STATUS="aktif")])
    assert "GONE" not in partly.counts["actions"]

    whole = deliver("RECIPIENTS", [stays.row(STATUS="aktif", PROGRAM="PKH")], is_complete=True)

    left = Enrolment.objects.get(family=goes.family)
    assert whole.counts["actions"] == {"SAME": 1, "GONE": 1}
    assert (left.state, left.until, left.exit_reason) == ("EXITED", AS_OF, "OFF_LIST")
    assert Enrolment.objects.get(family=stays.family).state == "ACTIVE"


def test_many_who_leave_are_confirmed_by_the_second_person(release, pkh):
    stays, goes = Someone(release), Someone(release)
    deliver("RECIPIENTS", [stays.row(PROGRAM="PKH"), goes.row(PROGRAM="PKH")])
    whole = check("RECIPIENTS", [stays.row(STATUS="aktif", PROGRAM="PKH")], is_complete=True)

    with pytest.raises(lists.ListRefused, match="berhenti"):
        lists.approve_list(delivery=whole, by=people()[1], now=timezone.now())


def test_a_refused_row_keeps_its_family_on_a_complete_list(release, pkh):
    one, other = Someone(release), Someone(release)
    deliver("RECIPIENTS", [one.row(PROGRAM="PKH"), other.row(PROGRAM="PKH")])

    whole = deliver(
        "RECIPIENTS",
        [one.row(PROGRAM="PKH", STATUS="aktif"), other.row(PROGRAM="PKH", STATUS="entah")],
        is_complete=True,
    )

    assert codes(whole) == {3: "WORD_UNKNOWN"}
    assert Enrolment.objects.filter(state="ACTIVE").count() == 2


def test_who_uploads_does_not_approve(release, pkh):
    delivery = check("RECIPIENTS", [Someone(release).row(PROGRAM="PKH")])

    with pytest.raises(lists.ListRefused, match="sendiri"):
        lists.approve_list(delivery=delivery, by=people()[0], now=timezone.now())


# --- rows that find nobody, or too many ---------------------------------------------------------------------


def test_every_row_that_is_not_used_is_kept_with_its_reason(release, pkh):
    one, same, elsewhere = Someone(release), Someone(release), Someone(release, name="MUHAMMAD ZAINUDDIN")
    sibling = make_member(one.family, release=release, nik=(second := make_nik()), name="LALU SAHRUN")
    rows = [
        one.row(PROGRAM="PKH"),
        {"NIK": make_nik(), "NAMA": "ORANG LAIN", "PROGRAM": "PKH"},  # 3
        {"NIK": "5203990512809", "NAMA": "KURANG ANGKA", "PROGRAM": "PKH"},  # 4
        {"NIK": "5,20399E+15", "NAMA": "RUSAK EXCEL", "PROGRAM": "PKH"},  # 5
        {"NIK": "0", "NAMA": "TANPA NIK", "PROGRAM": "PKH"},  # 6
        one.row(PROGRAM="PKH"),  # 7
        {"NIK": second, "NAMA": sibling.name, "PROGRAM": "PKH"},  # 8
        {"NIK": elsewhere.nik, "NAMA": "SITI RAHMAH", "PROGRAM": "PKH"},  # 9
        same.row(PROGRAM="XYZ"),  # 10
        {"NIK": "5.20399E+15", "NAMA": "RUSAK EXCEL LAIN", "PROGRAM": "PKH"},  # 11
    ]

    delivery = deliver("RECIPIENTS", rows)

    assert codes(delivery) == {
        3: "NOT_FOUND", 4: "NUMBER_LENGTH", 5: "NUMBER_SCIENTIFIC", 6: "NUMBER_MISSING", 7: "DUPLICATE_ROW",
        8: "SAME_FAMILY_TWICE", 9: "NAME_DIFFERS", 10: "WORD_UNKNOWN", 11: "NUMBER_SCIENTIFIC",
    }  # fmt: skip
    assert set(delivery.rows.filter(is_work=True).values_list("line", flat=True)) == {3, 8, 9}
    counted = {name: delivery.counts[name] for name in ("rows", "used", "refused", "work")}
    assert counted == {"rows": 10, "used": 1, "refused": 6, "work": 3}
    assert Enrolment.objects.count() == 1


def test_no_number_stands_in_plain_in_a_kept_row(release, pkh):
    nik = make_nik()

    delivery = check("RECIPIENTS", [{"NIK": nik, "NAMA": f"ORANG {nik}", "PROGRAM": "PKH"}])

    kept = ListRow.objects.filter(delivery=delivery).values().get()
    assert nik not in json.dumps(kept, default=str)
    assert kept["value"] == f"{nik[:6]}******{nik[-4:]}"


def test_rows_that_contradict_one_another_are_all_held(release, pkh):
    one = Someone(release)

    delivery = deliver(
        "RECIPIENTS", [one.row(PROGRAM="PKH", STATUS="aktif"), one.row(PROGRAM="PKH", STATUS="ditunda")]
    )

    assert codes(delivery) == {2: "CONTRADICTING", 3: "CONTRADICTING"}
    assert not Enrolment.objects.exists()


def test_an_unknown_nik_of_a_known_card_says_so(release, pkh):
    one = Someone(release)

    delivery = check(
        "RECIPIENTS", [{"NIK": make_nik(), "NO KK": one.card, "NAMA": "ANAK BARU", "PROGRAM": "PKH"}]
    )

    assert codes(delivery) == {2: "NIK_UNKNOWN"}


def test_somebody_whom_the_release_names_no_more_is_found_in_the_last_family(release, pkh):
    one = Someone(release)
    later = make_release("2026-Q2", date(2026, 4, 20))
    type(one.member).objects.filter(pk=one.member.pk).update(until_release=later)

    deliver("RECIPIENTS", [one.row(PROGRAM="PKH")])

    assert Enrolment.objects.get().family == one.family


# --- flags --------------------------------------------------------------------------------------------------


def test_a_list_of_flags_alleges_and_no_more(release):
    one, other = Someone(release), Someone(release)

    delivery = deliver(
        "FLAGS",
        [one.row(JENIS="PNS", TANGGAL="5 Januari 2026"), other.row(JENIS="Daya Listrik", TANGGAL="")],
        source="BKPSDM",
    )

    servant = ExternalFlag.objects.get(kind=FlagKind.CIVIL_SERVANT)
    power = ExternalFlag.objects.get(kind=FlagKind.POWER_HIGH)
    assert (servant.person, servant.status, servant.observed_on) == (
        one.member.person,
        "ALLEGED",
        date(2026, 1, 5),
    )
    assert (power.person, power.family, power.observed_on) == (None, other.family, AS_OF)
    assert (servant.source, servant.source_ref) == ("BKPSDM", delivery.reference)


def test_a_refuted_flag_does_not_return_from_the_same_source(release):
    one = Someone(release)
    deliver("FLAGS", [one.row(JENIS="meninggal")], source="Dukcapil")
    services.refute_flag(
        flag=ExternalFlag.objects.get(), by=people()[1], now=timezone.now(), note="masih hidup"
    )

    again = deliver("FLAGS", [one.row(JENIS="wafat")], source="Dukcapil")
    elsewhere = deliver("FLAGS", [one.row(JENIS="almarhum")], source="Desa Kesik")

    assert (again.counts["actions"], again.counts["written"]) == ({"REFUTED": 1}, 0)
    assert elsewhere.counts["actions"] == {"NEW": 1}
    assert ExternalFlag.objects.get(source="Dukcapil").status == FlagStatus.REFUTED


def test_a_refuted_flag_does_not_return_after_a_move_to_another_family(release):
    one, other = Someone(release), Someone(release)
    deliver("FLAGS", [one.row(JENIS="judol")], source="PPATK")
    services.refute_flag(
        flag=ExternalFlag.objects.get(), by=people()[1], now=timezone.now(), note="NIK dipakai"
    )
    later = make_release("2026-Q2", date(2026, 4, 20))
    rows = type(one.member).objects
    rows.filter(pk=one.member.pk).update(until_release=later)
    rows.create(
        person=one.member.person, family=other.family, from_release=later, row_key=77, name=one.member.name
    )

    again = deliver("FLAGS", [one.row(JENIS="judi online")], source="PPATK")

    assert again.counts["actions"] == {"REFUTED": 1}


def test_a_source_says_until_when_and_says_so_anew(release):
    one, other = Someone(release), Someone(release)
    first = {"JENIS": "PPPK", "TANGGAL": "5 Januari 2026", "BERLAKU SAMPAI": "31-12-2026"}
    deliver("FLAGS", [one.row(**first), other.row(**first)], source="BKPSDM")
    proven = ExternalFlag.objects.get(person=other.member.person)
    services.confirm_flag(flag=proven, by=people()[0], now=timezone.now(), note="surat kontrak")

    later = {**first, "BERLAKU SAMPAI": "31-12-2027"}
    again = deliver("FLAGS", [one.row(**later), other.row(**later)], source="BKPSDM")
    same = deliver("FLAGS", [one.row(**later)], source="BKPSDM")

    ends = dict(ExternalFlag.objects.values_list("person", "valid_until"))
    assert ends == {one.member.person_id: date(2027, 12, 31), proven.person_id: date(2026, 12, 31)}
    assert again.counts["actions"] == {"CHANGED": 1, "KNOWN": 1}
    assert (again.counts["marked"], same.counts["written"]) == (1, 0)


def test_what_is_said_again_without_an_end_after_its_end_holds_again(release):
    one = Someone(release)
    ended = {"JENIS": "PPPK", "TANGGAL": "5-1-2025", "BERLAKU SAMPAI": "31-12-2025"}
    deliver("FLAGS", [one.row(**ended)], source="BKPSDM")

    deliver("FLAGS", [one.row(JENIS="PPPK", TANGGAL="5-1-2026")], source="BKPSDM")

    assert ExternalFlag.objects.get().valid_until is None


def test_an_end_before_the_beginning_is_refused(release):
    one = Someone(release)
    row = one.row(**{"JENIS": "PPPK", "TANGGAL": "5-1-2026", "BERLAKU SAMPAI": "31-12-2025"})

    assert check("FLAGS", [row], source="BKPSDM").counts["by_code"] == {"UNTIL_BEFORE": 1}


# --- payouts ------------------------------------------------------------------------------------------------


def test_a_payout_list_records_what_was_paid_and_finds_who_is_not_enrolled(release, pkh):
    one, other = Someone(release), Someone(release)
    deliver("RECIPIENTS", [one.row(PROGRAM="PKH")])
    said = {"PROGRAM": "PKH", "TAHAP": "Tahap 1 2026", "JUMLAH": "Rp600.000,00", "TANGGAL": ""}

    delivery = deliver(
        "PAYOUT", [one.row(STATUS="Gagal Burekol", **said), other.row(STATUS="sukses", **said)]
    )

    paid = PayoutRecord.objects.get()
    assert (paid.enrolment.family, paid.period, paid.amount, paid.state) == (
        one.family,
        "2026-Q1",
        600000,
        "FAILED",
    )
    assert codes(delivery) == {3: "NO_ENROLMENT"}

    later = deliver("PAYOUT", [one.row(STATUS="Cair", **{**said, "TANGGAL": "03/03/2026"})])

    paid.refresh_from_db()
    assert later.counts["actions"] == {"CHANGED": 1}
    assert (paid.state, paid.paid_on) == (PayoutState.PAID, date(2026, 3, 3))


# --- masked numbers -----------------------------------------------------------------------------------------


def masked(nik):
    return f"{nik[:6]}******{nik[-4:]}"


def test_a_masked_nik_is_matched_only_when_one_person_of_the_village_fits(release):
    kesik, danger = make_village("Kesik"), make_village("Danger")
    unique = Someone(release, nik="5203990101809001", name="BAIQ HARTINI", village=kesik)
    Someone(release, nik="5203990202859001", name="BAIQ HARTINI", village=danger)
    for nik in ("5203990303809002", "5203990404809002"):
        Someone(release, nik=nik, name="LALU WIRA", village=kesik)

    def row(nik, name, village):
        return {
            "NIK_MASK": nik, "NOKK_MASK": "5203990101******", "Nama_Pengurus": name, "KODE_WILAYAH": "",
            "KEC": "MASBAGIK", "KEL": village, "KETERANGAN": "uji petik triwulan",
        }  # fmt: skip

    delivery = deliver(
        "NATIONAL_CHECK",
        [
            row(masked(unique.nik), "BQ. HARTINI", "KESIK"),
            row("520399******9002", "LALU WIRA", "KESIK"),
            row("520399******9003", "LALU WIRA", "KESIK"),
            row("520399******9001", "", "KESIK"),
        ],
        source="Kemensos",
    )

    flag = ExternalFlag.objects.get()
    assert (flag.family, flag.kind, flag.evidence) == (
        unique.family,
        FlagKind.CENTRAL_CHECK,
        "uji petik triwulan",
    )
    assert codes(delivery) == {3: "MASK_AMBIGUOUS", 4: "MASK_NOT_FOUND", 5: "MASK_NEEDS_PLACE"}
    assert delivery.counts["assisted"] == 1


# --- village lists and regions ------------------------------------------------------------------------------


def test_a_village_list_enrols_into_the_villages_programme(release):
    Programme.objects.create(code="BLT_DD", name="BLT Dana Desa", unit=Unit.FAMILY, owner="Desa")
    one = Someone(release)
    row = {
        "Peserta": "KELUARGA", "No. Peserta": "7", "NIK": one.nik, "Nama": one.member.name,
        "Tempat Lahir": "Masbagik", "Tanggal Lahir": "12-05-1980", "Alamat": "Dusun Montong",
    }  # fmt: skip

    deliver("VILLAGE_PROGRAMME", [row], source="Desa Kesik", fixed={"programme": "BLT Dana Desa"})

    enrolment = Enrolment.objects.get()
    assert (enrolment.programme.code, enrolment.since) == ("BLT_DD", AS_OF)


def test_a_list_of_bps_codes_names_regions_once(release):
    kesik, danger = make_village("Kesik"), make_village("Danger")
    rows = [
        {"KODE": kesik.code, "KODE BPS": "5203060001", "NAMA": "KESIK"},
        {"KODE": danger.code.replace(".", ""), "KODE BPS": "5203060", "NAMA": "DANGER"},
        {"KODE": "52.03.99.2001", "KODE BPS": "5203060003", "NAMA": "ENTAH"},
    ]

    delivery = deliver("REGION_CODES", rows, source="BPS")

    assert dict(Region.objects.exclude(bps_code=None).values_list("code", "bps_code")) == {
        kesik.code: "5203060001"
    }
    assert codes(delivery) == {3: "BPS_CODE", 4: "REGION_UNKNOWN"}


# --- columns ------------------------------------------------------------------------------------------------


def test_columns_are_suggested_by_header_and_by_content(release, pkh):
    one = Someone(release)
    row = {"Nomor Identitas": one.nik, "Nama KPM": "INAQ SAHRUN", "Nama Program": "PKH", "Catatan": "x"}

    found = lists.suggestions(receive("RECIPIENTS", [row] * 3))

    assert {name: one.header for name, one in found.items()} == {
        "nik": "nomor identitas", "name": "nama kpm", "programme": "nama program",
    }  # fmt: skip
    assert found["programme"].confidence > found["nik"].confidence >= 0.6


def test_a_required_column_that_is_missing_stops_the_list(release, pkh):
    delivery = receive("RECIPIENTS", [Someone(release).row()])

    with pytest.raises(lists.ListRefused, match="Program"):
        lists.map_list(delivery=delivery, columns={"nik": "nik"}, fixed={}, by=people()[0])
    lists.map_list(delivery=delivery, columns={"nik": "nik"}, fixed={"programme": "PKH"}, by=people()[0])

    assert delivery.state == ListState.MAPPED


def test_a_mapping_is_remembered_by_source_and_never_rewritten(release, pkh):
    deliver("RECIPIENTS", [Someone(release).row(PROGRAM="PKH")])

    second = receive("RECIPIENTS", [Someone(release).row(PROGRAM="PKH")])
    other = receive("RECIPIENTS", [Someone(release).row(PROGRAM="PKH")], source="Pos")

    assert (second.state, other.state) == (ListState.PREVIEWED, ListState.MAPPING)
    assert ColumnMapping.objects.get().version == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ColumnMapping.objects.update(version=2)


# --- the command --------------------------------------------------------------------------------------------


def command(tmp_path, rows, *words):
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv(rows))
    out = io.StringIO()
    uploader, approver = people()
    call_command(
        "import_list", "RECIPIENTS", str(path), "--source", "Kemensos", "--as-of", "2026-02-01",
        "--by", uploader.username, "--approve-by", approver.username, "--json", *words, stdout=out,
    )  # fmt: skip
    return json.loads(out.getvalue())


def test_the_command_goes_the_same_way(release, pkh, tmp_path):
    rows = [Someone(release).row()]

    tried = command(tmp_path, rows, "--fix", "programme=PKH", "--dry-run")
    assert (tried["actions"], Enrolment.objects.count()) == ({"NEW": 1}, 0)

    told = command(tmp_path, rows, "--fix", "programme=PKH", "--map", "name=NAMA")
    assert (told["state"], told["written"]) == ("APPLIED", 1)


def test_the_command_guesses_nothing_that_is_required(release, pkh, tmp_path):
    with pytest.raises(CommandError, match="Program"):
        command(tmp_path, [Someone(release).row()])

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from eligibility.models import Finding
from eligibility.services.finding import propose
from objections import codes, letters, services
from objections.admin import ObjectionAdmin
from objections.admin.cases import seen_as
from objections.enums import State
from objections.models import Objection
from recipients.enums import Access
from recipients.models import AccessLog, FamilyCode, Programme
from tests.factories import registry
from tests.objections.steps import NIK, decide, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/objection/"
LETTERS = f"{LIST}surat/"


@pytest.fixture
def objection(world, filing):
    found = services.file(form=filing(story="Atap kami bocor."), now=timezone.now())
    services.match(objection=found, now=timezone.now())
    return found


@pytest.fixture
def page(objection):
    return f"{LIST}{objection.pk}/change/"


@pytest.fixture
def move(client, objection):
    def post(step, **data):
        seen = seen_as(Objection.objects.get())
        return client.post(f"{LIST}{objection.pk}/langkah/", {"step": step, "seen": seen, **data})

    return post


@pytest.fixture
def outsider(make_staff):
    elsewhere = registry.make_village("Danger")
    return make_staff(
        "luar",
        services.CHECK,
        services.DECIDE,
        services.FILE_FOR_OTHERS,
        "objections.print_letter",
        "recipients.view_family",
        village=elsewhere,
    )


def test_the_queue_has_few_columns_and_says_days_left_in_words(client, objection, checker):
    client.force_login(checker)
    shown = text_of(client.get(LIST))

    assert len(ObjectionAdmin.list_display) <= 7
    assert objection.receipt_no in shown
    assert "Kesik, Masbagik" in shown
    assert "sisa " in shown
    assert "belum dipegang" in shown


@pytest.mark.parametrize(("days", "words"), [(0, "hari ini"), (-3, "terlambat 3 hari"), (2, "sisa 2 hari")])
def test_days_left_are_counted_from_today(client, objection, checker, days, words):
    Objection.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    client.force_login(checker)

    assert words in text_of(client.get(LIST))
    assert (objection.receipt_no in text_of(client.get(f"{LIST}?tahap=terlambat"))) == (days < 0)


def test_decided_cases_leave_the_queue(client, objection, checker, head):
    decide(objection, State.REJECTED, by=checker, head=head, now=timezone.now(), answer="Data benar.")
    client.force_login(head)

    assert objection.receipt_no not in text_of(client.get(LIST))
    assert objection.receipt_no in text_of(client.get(f"{LIST}?tahap=selesai"))
    assert objection.receipt_no in text_of(client.get(f"{LIST}?tahap=semua"))


def test_the_search_finds_a_number_and_never_a_nik(client, objection, checker):
    client.force_login(checker)

    assert objection.receipt_no in text_of(client.get(LIST, {"q": objection.receipt_no.lower()}))
    assert objection.receipt_no not in text_of(client.get(LIST, {"q": NIK}))


@pytest.mark.parametrize(
    "query", ["nik_index__gte=a", "story__contains=a", "family=1", "village__name=Kesik"]
)
def test_columns_cannot_be_asked_through_the_address(client, objection, checker, query):
    client.force_login(checker)

    assert client.get(f"{LIST}?{query}").status_code in (302, 400)


def test_the_case_sets_words_data_and_history_side_by_side(client, page, checker):
    client.force_login(checker)
    shown = text_of(client.get(page))

    assert "Keadaan rumah berbeda dari data" in shown
    assert "Atap kami bocor." in shown
    assert "AMAQ SAHRUN" in shown
    assert "Data pusat menganggap keluarga ini lebih mampu: desil 4 menjadi 6." in shown
    assert "sama dengan data" in shown
    assert "tidak diisi warga" in shown
    assert "Tidak memenuhi syarat saat ini" in shown
    assert "Data pusat menempatkan keluarga ini di desil 6." in shown
    assert "23 Januari 2026" in shown
    assert "keluarga Anda" not in shown
    assert "Dicocokkan dengan data" in shown
    assert "520399******9001" in shown
    assert NIK not in shown


def test_opening_a_case_is_logged_first(client, page, objection, checker, monkeypatch):
    client.force_login(checker)
    client.get(page)

    log = AccessLog.objects.get()
    assert (log.by, log.kind, log.family) == (checker, Access.OPEN_OBJECTION, objection.family)
    assert log.subject == f"objection:{objection.receipt_no}"

    def refuse(**_):
        raise RuntimeError("no log, no look")

    monkeypatch.setattr("objections.admin.cases.record_access", refuse)
    with pytest.raises(RuntimeError):
        client.get(page)


def test_a_case_of_another_village_does_not_exist(client, page, move, outsider):
    client.force_login(outsider)

    assert client.get(page).status_code == 404
    assert move("cek").status_code == 404
    assert text_of(client.get(LIST)).count("SGH-26") <= 1  # the search's example
    assert not AccessLog.objects.exists()


def test_a_claimed_village_opens_no_family_of_another_one(client, world, filing, outsider, make_staff):
    claimed = outsider.areas.get().region
    assisted = {"village_id": claimed.pk, "channel": "ASSISTED", "consent": "SPOKEN"}
    found = services.file(form=filing(**assisted), now=timezone.now(), by=outsider)
    services.match(objection=found, now=timezone.now())
    page = f"{LIST}{found.pk}/change/"
    client.force_login(outsider)

    assert client.get(page).status_code == 404

    client.force_login(make_staff("wilayah", services.CHECK, village=world.village))
    shown = text_of(client.get(page))
    assert "AMAQ SAHRUN" in shown
    assert "Danger, Masbagik" in shown  # what the citizen claimed


def test_a_family_that_left_the_area_is_named_in_words_alone(client, page, objection, world, make_staff):
    client.force_login(make_staff("wilayah", services.CHECK, village=world.village))
    assert "AMAQ SAHRUN" in text_of(client.get(page))
    world.family.village = registry.make_village("Danger")
    world.family.save(update_fields=["village"])
    shown = text_of(client.get(page))

    assert "di keluarga di luar wilayah Anda" in shown
    assert AccessLog.objects.latest("pk").family is None
    for told in ("AMAQ SAHRUN", world.family.card.masked(), "sama dengan data", "Tidak memenuhi syarat"):
        assert told not in shown


def test_other_cases_of_the_same_nik_are_named_within_the_area(
    client, page, objection, world, filing, make_staff
):
    other = services.file(form=filing(), now=timezone.now())
    address = f"{LIST}{other.pk}/change/"
    client.force_login(make_staff("wilayah", services.CHECK, village=world.village))
    assert address not in text_of(client.get(page))  # not matched yet: the office's

    services.match(objection=other, now=timezone.now())
    assert address in text_of(client.get(page))


def test_staff_without_the_permission_see_no_case(client, page, make_staff):
    user = make_staff("kosong")
    user.user_permissions.clear()
    client.force_login(user)

    assert client.get(page).status_code == 403
    assert client.get(LIST).status_code == 403


def test_a_case_is_checked_and_decided_by_two_people(client, move, checker, head):
    client.force_login(checker)
    assert move("cek").status_code == 302
    assert move("selesai-cek", note="Rumah dilihat.").status_code == 302
    services.prepare_elsewhere(
        objection=Objection.objects.get(), note="KK dicetak ulang", by=checker, now=timezone.now()
    )
    assert move("usul", outcome="UPHELD_HERE", answer="Sudah kami perbaiki.").status_code == 302
    assert Objection.objects.get().answer == ""
    assert move("putuskan").status_code == 403
    client.force_login(head)
    assert move("putuskan", note="lihat foto").status_code == 302

    objection = Objection.objects.get()
    assert (objection.state, objection.answer) == ("UPHELD_HERE", "Sudah kami perbaiki.")
    assert objection.handled_by == checker
    assert objection.events.last().note == "lihat foto"


def test_a_proposal_without_answer_keeps_what_was_typed(client, move, checker):
    client.force_login(checker)
    move("cek")
    move("selesai-cek", note="Rumah dilihat.")
    shown = move("usul", outcome="REJECTED", note="catatan saya")

    assert shown.status_code == 409
    assert "Tulis jawaban untuk warga." in text_of(shown)
    assert "catatan saya" in text_of(shown)


@pytest.mark.parametrize("step", ["", "hapus", "putuskan"])
def test_a_step_out_of_the_table_is_refused(client, move, head, step):
    client.force_login(head)

    assert move(step, answer="x").status_code == 409
    assert Objection.objects.get().state == "SUBMITTED"


def test_a_page_that_is_out_of_date_moves_nothing(client, objection, head):
    services.start_check(objection=objection, by=head, now=timezone.now())
    client.force_login(head)
    stale = {"step": "cek", "seen": "SUBMITTED"}

    assert client.post(f"{LIST}{objection.pk}/langkah/", stale).status_code == 409


def test_a_case_is_moved_by_post_alone_and_never_edited(client, objection, page, head):
    client.force_login(head)

    assert client.get(f"{LIST}{objection.pk}/langkah/").status_code == 405
    client.post(page, {"state": "REJECTED", "answer": "x"})
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{objection.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Objection.objects.get().state == "SUBMITTED"


@pytest.fixture
def operator(make_staff, world):
    return make_staff("operator", "objections.print_letter", village=world.village)


def test_letters_of_a_village_carry_codes_that_open_the_family(client, world, operator):
    registry.make_family(release=world.release, village=world.village, decile=2)
    client.force_login(operator)
    assert client.get(LETTERS).status_code == 200
    assert not FamilyCode.objects.exists()
    shown = text_of(client.post(LETTERS, {"village": world.village.pk, "which": "crossed"}))

    (code,) = re.findall(r'class="code">([^<]+)<', shown)
    assert codes.family_of_letter(code, timezone.localdate()) == world.family.pk
    assert "<strong>Bapak/Ibu AMAQ SAHRUN</strong>" in shown
    assert "Data pusat menganggap keluarga Bapak/Ibu lebih mampu: desil 4 menjadi 6." in shown
    assert "0 dari 2 anggota memenuhi syarat" in shown
    assert "keluarga Anda" not in shown
    assert "520399" not in shown
    log = AccessLog.objects.get()
    assert (log.kind, log.rows, log.by) == (Access.PRINT_LETTER, 1, operator)


def test_a_family_outside_the_release_gets_no_letter_no_code_and_no_count(client, world, operator):
    later = registry.make_release("2026-Q2", world.release.as_of + timedelta(days=90), publish=False)
    gone = registry.make_family(release=world.release, village=world.village)
    gone.snapshots.update(until_release=later)
    registry.CurrentRelease.objects.update(release=later)
    client.force_login(operator)
    shown = text_of(client.post(LETTERS, {"village": world.village.pk, "which": "all"}))
    client.post(f"{LETTERS}keluarga/{gone.pk}/")

    assert shown.count("<article>") == 1
    assert FamilyCode.objects.get().family == world.family
    assert list(AccessLog.objects.order_by("pk").values_list("rows", flat=True)) == [1, 0]


def test_a_letter_of_the_first_release_speaks_of_no_earlier_one(client, world, operator):
    new = registry.make_family(release=world.release, village=world.village, decile=3)
    client.force_login(operator)
    shown = text_of(client.post(f"{LETTERS}keluarga/{new.pk}/"))

    assert "Pertama kali tercatat di data pusat, di desil 3." in shown
    assert "tetap" not in shown


def test_all_families_of_a_village_come_in_parts(client, world, operator, monkeypatch):
    monkeypatch.setattr(letters, "PER_PRINT", 2)
    for _ in range(2):
        registry.make_family(release=world.release, village=world.village)
    client.force_login(operator)
    first = text_of(client.post(LETTERS, {"village": world.village.pk, "which": "all"}))
    second = text_of(client.post(LETTERS, {"village": world.village.pk, "which": "all", "part": "2"}))

    assert (first.count("<article>"), second.count("<article>")) == (2, 1)
    assert "bagian 2 dari 2" in second
    assert FamilyCode.objects.count() == 3


def test_letters_of_another_village_cannot_be_printed(client, world, outsider):
    client.force_login(outsider)

    assert "Kesik" not in text_of(client.get(LETTERS))
    client.post(LETTERS, {"village": world.village.pk, "which": "all"})
    assert client.post(f"{LETTERS}keluarga/{world.family.pk}/").status_code == 404
    assert not FamilyCode.objects.exists()


def test_one_familys_letter_is_made_by_post_and_logged(client, world, operator):
    client.force_login(operator)
    url = f"{LETTERS}keluarga/{world.family.pk}/"
    assert client.get(url).status_code == 200
    assert not FamilyCode.objects.exists()

    assert "AMAQ SAHRUN" in text_of(client.post(url))
    assert AccessLog.objects.get().family == world.family


@pytest.fixture
def to_warn(world, operator):
    """The world's family is proposed to be suspended, by one person, with its letter waiting."""
    programme = Programme.objects.get(code="PKH")
    finding = Finding.objects.create(
        kind="ENROLLED_NOT_ELIGIBLE", subject_key="enrolment:1", family=world.family, programme=programme,
        subdistrict=world.village.parent, digest="0" * 32, evidence={},
    )  # fmt: skip
    propose(findings=Finding.objects.all(), note="tidak memenuhi", by=operator, now=timezone.now())
    return finding


def test_a_village_prints_its_warnings_and_says_that_they_are_on_paper(client, world, operator, to_warn):
    client.force_login(operator)
    address = reverse("admin:objections_warnings", args=[world.village.pk])
    assert address in text_of(client.get(LETTERS))

    shown = text_of(client.post(address))
    done = client.post(reverse("admin:objections_warnings_printed"), {"finding": [to_warn.pk, "x"]})

    (code,) = re.findall(r'class="code">([^<]+)<', shown)
    assert codes.family_of_letter(code, timezone.localdate()) == world.family.pk
    assert "Bapak/Ibu <strong>AMAQ SAHRUN</strong>" in shown
    assert "Bantuan ini milik pusat." in shown
    assert done.status_code == 302
    assert address not in text_of(client.get(LETTERS))
    assert AccessLog.objects.get().subject == f"surat peringatan {world.village.code}"


def test_warnings_of_another_village_are_neither_shown_nor_marked(client, world, outsider, to_warn):
    client.force_login(outsider)
    address = reverse("admin:objections_warnings", args=[world.village.pk])

    assert address not in text_of(client.get(LETTERS))
    assert client.post(address).status_code == 404
    client.post(reverse("admin:objections_warnings_printed"), {"finding": [to_warn.pk]})
    assert not to_warn.events.filter(step__startswith="surat").exists()


def test_letters_need_their_permission(client, world, checker):
    client.force_login(checker)

    assert client.get(LETTERS).status_code == 403
    assert client.post(f"{LETTERS}keluarga/{world.family.pk}/").status_code == 403


def test_a_village_costs_the_same_queries_however_many_letters(
    client, world, operator, django_assert_max_num_queries
):
    for _ in range(12):
        registry.make_family(release=world.release, village=world.village)
    client.force_login(operator)
    with django_assert_max_num_queries(24):
        client.post(LETTERS, {"village": world.village.pk, "which": "all"})


def test_the_queue_leads_to_the_letters_for_those_who_may_print(client, objection, operator, checker):
    client.force_login(operator)
    assert LETTERS in text_of(client.get(LIST))
    client.force_login(checker)
    assert LETTERS not in text_of(client.get(LIST))

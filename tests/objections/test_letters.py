"""Letters of cases: the office's own texts, what goes out with a decision, and the way from the printer to the door."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bansos.common.models import Message, MessageState
from objections import codes, services
from objections.enums import Kind, LetterKind, State
from objections.models import Letter, LetterTemplate, Objection
from objections.paper import names, sheets, text, values
from recipients.models import AccessLog, FamilyCode
from recipients.roles import install_roles
from tests.factories.staff import make_user
from tests.objections.readability import measure
from tests.objections.steps import BORN, NIK, decide, propose
from tests.papers import words_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Makassar"))
TODAY = NOW.date()


@pytest.fixture
def staff(world):
    install_roles()
    users = {role: make_user(role) for role in ("office_verifier", "office_head")}
    return users | {"village_operator": make_user("village_operator", area=world.village)}


@pytest.fixture
def case(world) -> Objection:
    """Somebody without a phone, matched to the world's family."""
    found = services.file(form=services.Filing(nik=NIK, birth_date=BORN, reasons=["HOUSE"]), now=NOW)
    services.match(objection=found, now=NOW)
    return found


@pytest.fixture
def rejected(case, staff) -> Objection:
    decide(case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=NOW)
    return case


def write(by, body, kind=LetterKind.NEWS):
    return services.write_text(kind=kind, title="Kabar", body=body, by=by, now=NOW)


def print_all(by):
    return services.print_letters(letters=Letter.objects.waiting(), about="surat", by=by, now=NOW)


def words(page) -> str:
    return "\n".join(line for block in page.blocks for line in block.lines)


# --- texts ---------------------------------------------------------------------------------------------------


def test_the_letters_that_come_with_the_portal_pass_their_own_check_and_are_easy_to_read():
    for template in LetterTemplate.objects.all():
        text.check(kind=template.kind, title=template.title, body=template.body)
        said = text.fill(template.body, values.of_sample(TODAY))
        ease, _count = measure(re.sub(r"^[-=] ", "", said, flags=re.M))

        assert ease >= 75, (template.kind, ease)
        assert "{" not in said
    assert set(LetterTemplate.objects.values_list("kind", flat=True)) == set(LetterKind.values)
    assert set(names.ALLOWED) == set(LetterKind.values)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{nama} {kabar}", r"\{nomor\} belum ada"),
        ("{nama} {nomor}\n{kabar} {desil}", r"Baris 2: \{desil\} tidak dikenal"),
        ("{nama} {nomor} {kabar} {kode}", "baris tersendiri"),
        ("{nama} {nomor} {kabar} {", "kurung kurawal"),
        ("{nama} {nomor} {kabar} 5203990101750001", "sepanjang NIK"),
    ],
)
def test_a_text_that_could_not_be_sent_is_refused_with_its_place_and_its_fix(staff, body, complaint):
    with pytest.raises(text.TextRefused, match=complaint):
        write(staff["office_verifier"], body)


def test_a_text_holds_only_when_a_second_person_approved_it(staff):
    verifier, head = staff["office_verifier"], staff["office_head"]
    made = write(verifier, "{nama}, nomor {nomor}: {kabar}")
    with pytest.raises(services.MoveRefused, match="sedang menunggu"):
        write(verifier, "{nama} {nomor} {kabar}")
    assert LetterTemplate.objects.in_force(LetterKind.NEWS).version == 1

    services.approve_version(version=made, by=head, now=NOW)

    assert LetterTemplate.objects.in_force(LetterKind.NEWS) == made
    with pytest.raises(IntegrityError, match="another"), transaction.atomic():
        LetterTemplate.objects.create(
            kind="NEWS", version=9, title="x", body="x", state="APPROVED", written_by=head, settled_by=head
        )


def test_a_version_and_a_letter_are_never_rewritten_by_anyone(case):
    letter = Letter.objects.get()
    for rows, change in (
        (LetterTemplate.objects.filter(pk=letter.template_id), {"body": "lain"}),
        (Letter.objects.filter(pk=letter.pk), {"text_sealed": b"lain"}),
    ):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            rows._raw_delete(rows.db)


# --- what goes out -------------------------------------------------------------------------------------------


def test_a_decision_goes_out_as_a_letter_with_its_answer_reasons_and_last_day(rejected, staff):
    page = print_all(staff["village_operator"])[-1]
    said = words(page)

    assert page.version == f"tidak disetujui (L3), versi 1 · {rejected}"
    assert page.address[0] == "Bapak/Ibu AMAQ SAHRUN"
    assert "Sudah kami periksa." in said
    assert "Program Keluarga Harapan" in said
    assert "sampai 4 Desember 2026" in said  # ten working days
    assert "520399" not in said


def test_what_is_kept_of_a_letter_names_nobody_and_opens_nothing(rejected):
    for letter in Letter.objects.all():
        assert "SAHRUN" not in letter.text()
        assert b"SAHRUN" not in bytes(letter.text_sealed)
    assert not FamilyCode.objects.exists()


def test_a_letter_says_what_its_own_version_said(case, staff):
    made = write(staff["office_verifier"], "{nama} {nomor} {kabar} Versi kedua.")
    services.approve_version(version=made, by=staff["office_head"], now=NOW)
    (page,) = print_all(staff["village_operator"])

    assert page.version.startswith("kabar sanggahan, bagi yang tidak dikabari lewat HP, versi 1")
    assert "Versi kedua." not in words(page)


def test_braces_in_an_answer_fill_nothing(case, staff):
    answer = "Lihat {kode} {nama}."
    decide(
        case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=NOW, answer=answer
    )
    said = words(print_all(staff["village_operator"])[-1])

    assert "Lihat (kode) (nama)." in said


def test_who_reported_somebody_gets_no_letter_that_would_give_them_away(world, staff):
    form = services.Filing(nik=NIK, birth_date=BORN, reasons=["OTHER"], kind=Kind.WELL_OFF, story="kaya")
    report = services.file(form=form, now=NOW)
    decide(report, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=NOW)

    assert not Letter.objects.exists()
    with pytest.raises(services.MoveRefused, match="Pelapor dilindungi"):
        services.post_letter(objection=report, by=staff["office_verifier"], now=NOW)


def test_a_letter_is_posted_again_by_hand_once_the_last_is_on_paper(rejected, staff):
    with pytest.raises(services.MoveRefused, match="masih menunggu"):
        services.post_letter(objection=rejected, by=staff["office_verifier"], now=NOW)
    print_all(staff["village_operator"])
    services.post_letter(objection=rejected, by=staff["office_verifier"], now=NOW)

    assert Letter.objects.waiting().get().made_by == staff["office_verifier"]


# --- from the printer to the door ----------------------------------------------------------------------------


def test_a_village_prints_its_letters_as_one_pdf_and_they_are_marked(client, rejected, staff, caplog):
    client.force_login(staff["village_operator"])
    listed = client.get(reverse("admin:objections_letter_changelist"))
    answer = client.post(reverse("admin:objections_letter_print"), {"desa": rejected.village_id})
    pdf = words_of(answer.content)
    (code,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", pdf)

    assert "Kesik, Masbagik: 2 surat" in listed.content.decode()
    assert codes.family_of_letter(code, timezone.localdate()) == rejected.family_id
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert not Letter.objects.waiting().exists()
    assert AccessLog.objects.filter(kind="PRINT_LETTER", rows=2).count() == 1
    assert code not in caplog.text
    assert (
        client.post(reverse("admin:objections_letter_print"), {"desa": rejected.village_id}).status_code
        == 302
    )


def test_a_family_that_moved_away_is_not_printed_by_its_old_village(rejected, staff, world):
    from tests.factories import registry

    registry.Family.objects.filter(pk=world.family.pk).update(village=registry.make_village("Lain", "Selong"))

    with pytest.raises(services.MoveRefused, match="Tidak ada surat"):
        print_all(staff["village_operator"])
    assert len(print_all(staff["office_verifier"])) == 2


def test_who_took_a_letter_is_written_once_and_not_before_it_was_printed(rejected, staff):
    operator = staff["village_operator"]
    letter = Letter.objects.latest("pk")

    def hand_over(to="Inaq Sahrun", on=TODAY):
        services.hand_over(letter=letter, to=to, on=on, by=operator, now=NOW)

    with pytest.raises(services.MoveRefused, match="belum dicetak"):
        hand_over()
    print_all(operator)
    for wrong, complaint in (
        ({"to": " "}, "Tulis nama"),
        ({"on": TODAY + timedelta(days=1)}, "belum tiba"),
        ({"on": TODAY - timedelta(days=1)}, "tidak bisa sebelumnya"),
    ):
        with pytest.raises(services.MoveRefused, match=complaint):
            hand_over(**wrong)
    hand_over()

    assert (letter.handed_to, letter.handed_on) == ("Inaq Sahrun", TODAY)
    with pytest.raises(services.MoveRefused, match="sudah dicatat"):
        hand_over()


def test_the_case_page_shows_the_letter_before_it_is_decided_as_page_and_as_pdf(client, case, staff):
    propose(case, State.REJECTED, by=staff["office_verifier"], now=NOW, answer="Atap kami lihat.")
    client.force_login(staff["office_head"])
    address = reverse("admin:objections_objection_letter", args=[case.pk])
    shown = client.get(address).content.decode()
    pdf = client.post(address, {"pdf": "1"})

    assert "Atap kami lihat." in shown
    assert "dibuat saat dicetak" in shown
    assert pdf.content.startswith(b"%PDF")
    assert not FamilyCode.objects.exists()
    typed = client.post(address, {"outcome": State.UPHELD_HERE, "answer": "Lain."}).content.decode()
    assert "Kami menyetujui sanggahan" in typed
    assert "Lain." in typed


def test_the_office_writes_and_approves_a_text_on_its_pages(client, staff):
    first = LetterTemplate.objects.in_force(LetterKind.NEWS)
    client.force_login(staff["office_verifier"])
    write_it = reverse("admin:objections_lettertemplate_write", args=[first.pk])
    wrong = client.post(
        write_it, {"title": "Kabar", "body": "{nama} {nomor} {kabar} {rahasia}"}
    ).content.decode()
    client.post(write_it, {"title": "Kabar baru", "body": "{nama} {nomor} {kabar}"})
    made = LetterTemplate.objects.latest("pk")
    client.force_login(staff["office_head"])
    client.post(reverse("admin:objections_lettertemplate_settle", args=[made.pk]), {"langkah": "setuju"})

    assert "{rahasia} tidak dikenal" in wrong
    assert LetterTemplate.objects.in_force(LetterKind.NEWS).title == "Kabar baru"


def test_a_village_heads_letter_holds_numbers_only(client, world, staff):
    client.force_login(staff["village_operator"])
    answer = client.post(reverse("admin:objections_letters"), {"village": world.village.pk, "which": "head"})
    said = words_of(answer.content)

    assert "Desil 1 keluarga di desa ini berubah." in said
    assert "SAHRUN" not in said


def test_each_page_of_a_print_has_the_foot_of_its_own_letter():
    """A print of a village goes apart at the desk: what stands in the foot says whose page it is."""
    letters = [sheets.Page(f"Isi {name}", [], f"surat {name}", "1 Maret 2026") for name in ("satu", "dua")]

    words = words_of(sheets.pdf(letters))

    feet = [words.index(f"surat {name} \xb7 halaman 1") for name in ("satu", "dua")]
    assert words.index("Isi satu") < feet[0] < words.index("Isi dua") < feet[1]
    assert "halaman 0" not in words

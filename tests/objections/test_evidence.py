"""Photos and recordings on their way through the pages, and behind the permission of staff."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from objections.attachments import keeping, pictures
from objections.models import Attachment, Objection
from objections.public import evidence
from recipients.models import AccessLog
from tests.factories import registry
from tests.objections import files
from tests.objections.steps import answer, ask, receipt, send, text_of

pytestmark = pytest.mark.django_db
FOTO = "/sanggah/foto/"


def send_photos(client, *photos):
    return client.post(FOTO, {"photos": [files.named(data) for data in photos]})


@pytest.fixture
def at_photos(client):
    answer(client, upto=FOTO)
    return client


def finish(client):
    client.post("/sanggah/kabar/", {"phone": "0812 0000 9001", "village": ""})
    assert client.post("/sanggah/periksa/").url == "/sanggah/tanda-terima/"


def test_photos_and_a_voice_note_go_with_the_case(client):
    answer(client, upto="/sanggah/cerita/")
    client.post("/sanggah/cerita/", {"story": "", "voice": files.named(files.webm(), "suara")})
    assert send_photos(client, files.photo(), files.photo(colour=(0, 0, 0))).url == "/sanggah/kabar/"
    client.post("/sanggah/kabar/", {"phone": "0812 0000 9001", "village": ""})
    assert "2 foto, 1 rekaman suara" in text_of(client.get("/sanggah/periksa/"))
    finish(client)

    kinds = list(Objection.objects.get().attachments.values_list("kind", flat=True))
    assert sorted(kinds) == ["PHOTO", "PHOTO", "VOICE"]


def test_photos_may_be_skipped(at_photos):
    assert at_photos.post(FOTO, {}).url == "/sanggah/kabar/"
    finish(at_photos)

    assert Objection.objects.get().attachments.count() == 0


def test_of_several_photos_the_good_are_kept_and_the_bad_one_is_named(at_photos):
    page = text_of(
        ask(at_photos, FOTO, {"photos": [files.named(files.photo()), files.named(files.EXE, "foto.jpg")]})
    )

    assert "Foto ke-2: Berkas itu bukan foto." in page
    assert "Foto 1" in page
    assert Attachment.objects.count() == 1


def test_a_photo_over_eight_megabytes_is_told_not_cut_off(at_photos):
    page = text_of(ask(at_photos, FOTO, {"photos": [files.named(b"\xff\xd8\xff" + bytes(8_100_000))]}))

    assert "Foto lebih dari 8 MB." in page


def test_the_same_photos_sent_again_are_not_doubled(at_photos):
    for _press in range(2):
        send_photos(at_photos, files.photo())

    assert Attachment.objects.count() == 1


def test_a_photo_may_be_taken_back_before_sending(at_photos, django_capture_on_commit_callbacks):
    send_photos(at_photos, files.photo())
    with django_capture_on_commit_callbacks(execute=True):
        assert at_photos.post(FOTO, {"remove": str(Attachment.objects.get().pk)}).url == FOTO

    assert not Attachment.objects.exists()
    assert list(keeping.FOLDER.path.iterdir()) == []


def test_nobody_takes_back_the_photo_of_another(at_photos, client):
    send_photos(at_photos, files.photo())
    other = type(client)()
    answer(other, upto=FOTO)
    other.post(FOTO, {"remove": str(Attachment.objects.get().pk)})

    assert Attachment.objects.count() == 1


def test_cancelling_takes_the_photos_along(at_photos):
    send_photos(at_photos, files.photo())
    at_photos.post("/sanggah/batal/")

    assert not Attachment.objects.exists()


def test_a_new_recording_replaces_the_one_before(client):
    for note in (b"satu", b"dua"):
        answer(client, upto="/sanggah/cerita/")
        client.post("/sanggah/cerita/", {"story": "", "voice": files.named(files.webm(note), "suara")})

    assert Attachment.objects.count() == 1


def test_many_files_from_one_address_are_slowed(at_photos, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_FILES", 1)

    assert send_photos(at_photos, files.photo(), files.photo("PNG")).url == "/tunggu/?address"


def test_when_all_turns_are_taken_the_answers_stay(at_photos, monkeypatch):
    monkeypatch.setattr(pictures, "WAIT_S", 0.01)
    for _turn in range(pictures.MOST_AT_ONCE):
        pictures._turns.acquire()
    try:
        page = text_of(ask(at_photos, FOTO, {"photos": [files.named(files.photo())]}))
    finally:
        pictures._turns.release(pictures.MOST_AT_ONCE)

    assert "Banyak foto sedang masuk. Jawaban Anda aman." in page


# --- staff ---


@pytest.fixture
def case(client):
    send(client)
    objection = Objection.objects.get()
    objection.village = registry.make_village()
    objection.save()
    keeping.take_photo(
        data=files.phone_photo(), form_key=objection.form_key, objection=objection, now=timezone.now()
    )
    return objection


def test_staff_see_a_photo_of_their_area_and_each_look_is_logged(client, case, make_staff):
    client.force_login(make_staff("operator", village=case.village))
    photo = case.attachments.get()
    page = text_of(client.get(reverse("admin:objections_objection_change", args=[case.pk])))
    seen = client.get(reverse("admin:objections_attachment", args=[photo.pk]))

    assert reverse("admin:objections_attachment", args=[photo.pk]) in page
    assert seen.content.startswith(b"\xff\xd8\xff")
    assert seen.headers["Content-Disposition"] == f'inline; filename="{case.receipt_no}-photo-1.jpg"'
    assert seen.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in seen.headers["Cache-Control"]
    assert AccessLog.objects.filter(subject__contains=f"PHOTO:{photo.pk}").count() == 1


def test_a_photo_of_another_area_or_of_a_form_not_sent_is_not_there(client, case, make_staff, filing):
    unsent = keeping.take_photo(data=files.photo(), form_key=filing().form_key, now=timezone.now())
    other = make_staff("lain", village=registry.make_village("Lain", "Selong"))
    client.force_login(other)
    assert (
        client.get(reverse("admin:objections_attachment", args=[case.attachments.get().pk])).status_code
        == 404
    )

    client.force_login(make_staff("dinas", "recipients.see_whole_district"))
    assert client.get(reverse("admin:objections_attachment", args=[unsent.pk])).status_code == 404


@pytest.mark.parametrize("scan", ["WAITING", "INFECTED"])
def test_what_the_scanner_has_not_passed_is_not_opened(client, case, checker, scan):
    case.attachments.update(scan=scan)
    client.force_login(checker)

    assert (
        client.get(reverse("admin:objections_attachment", args=[case.attachments.get().pk])).status_code
        == 409
    )
    assert "<img" not in text_of(client.get(reverse("admin:objections_objection_change", args=[case.pk])))


def test_time_and_place_are_asked_for_and_logged(client, case, checker, make_staff):
    address = reverse("admin:objections_attachment_taken", args=[case.attachments.get().pk])
    client.force_login(checker)
    page = text_of(client.post(address))

    assert "-8.6506, 116.5333" in page
    assert "2026:02:20" in page
    assert AccessLog.objects.filter(reason="waktu dan tempat foto").count() == 1
    client.force_login(make_staff("dinas", "recipients.see_whole_district"))
    assert client.post(address).status_code == 403


def test_a_pdf_comes_from_staff_only_and_leaves_as_a_download(client, case, checker):
    client.force_login(checker)
    add = reverse("admin:objections_objection_evidence", args=[case.pk])
    client.post(add, {"file": files.named(files.PDF, "surat.pdf")})
    paper = case.attachments.get(kind="PAPER")
    seen = client.get(reverse("admin:objections_attachment", args=[paper.pk]))

    assert paper.by == checker
    assert seen.headers["Content-Disposition"].startswith("attachment; ")
    page = text_of(client.post(add, {"file": files.named(files.EXE, "surat.pdf")}, follow=True))
    assert "Berkas itu bukan foto." in page


def test_the_receipt_is_the_same_with_and_without_photos(at_photos):
    send_photos(at_photos, files.photo())
    finish(at_photos)

    assert len(receipt(at_photos)) == 2

"""A page offers a recording only where two people settled one, with its words beside it, and loads it when played."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from objections import services
from objections.attachments.refused import FileRefused
from objections.enums import ClipAbout
from objections.models import AudioClip
from tests.objections import files
from tests.objections.steps import answer, send, text_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
WORDS = "Selamat rauh. Tekan tombol ijo."
LIST = "/staf/objections/audioclip/"


@pytest.fixture
def writer(make_staff):
    return make_staff("penulis", "objections.view_audioclip", "objections.add_audioclip")


@pytest.fixture
def approver(make_staff):
    return make_staff("penyetuju", "objections.view_audioclip", "objections.approve_audioclip")


def write(writer, about=ClipAbout.HOME_SAS, data=None, transcript=WORDS):
    data = files.mp4() if data is None else data
    return services.write_clip(about=about, data=data, transcript=transcript, by=writer, now=NOW)


def in_force(writer, approver, **about):
    clip = write(writer, **about)
    services.approve_version(version=clip, by=approver, now=NOW)
    return clip


def test_no_page_offers_a_recording_that_nobody_made(client, world):
    send(client)
    tanda_terima = client.get("/sanggah/tanda-terima/")
    answer(client, upto="/sanggah/alasan/")

    for page in (client.get("/"), client.get("/bantuan/"), client.get("/sanggah/alasan/"), tanda_terima):
        assert "<audio" not in text_of(page)


def test_one_person_brings_it_another_listens_and_approves_then_it_is_offered(client, writer, approver):
    client.force_login(writer)
    sent = {"about": "HOME_SAS", "transcript": WORDS, "sound": files.named(files.mp4(), "a.m4a")}
    made = client.post(f"{LIST}tulis/", sent)
    clip = AudioClip.objects.get()
    assert made.url == f"{LIST}{clip.pk}/change/"
    client.post(f"{LIST}{clip.pk}/putuskan/", {"langkah": "setuju"})
    assert "<audio" not in text_of(client.get("/"))

    client.force_login(approver)
    assert client.get(f"{LIST}{clip.pk}/suara/").headers["Content-Type"] == "audio/mp4"
    client.post(f"{LIST}{clip.pk}/putuskan/", {"langkah": "setuju"})

    page = text_of(client.get("/"))
    assert f'<audio controls preload="none" src="/dengar/{clip.pk}/"' in page
    assert "Dengarkan, bahasa Sasak" in page
    assert f'<p lang="sas">{WORDS}</p>' in page


@pytest.mark.parametrize(
    ("page", "about"),
    [("/bantuan/", ClipAbout.HELP_ID), ("/sanggah/alasan/", ClipAbout.REASONS_ID),
     ("/sanggah/tanda-terima/", ClipAbout.RECEIPT_ID)],
)  # fmt: skip
def test_each_page_offers_its_own(client, world, writer, approver, page, about):
    clip = in_force(writer, approver, about=about)
    send(client)
    answer(client, upto="/sanggah/alasan/")

    assert f"/dengar/{clip.pk}/" in text_of(client.get(page))
    assert "<audio" not in text_of(client.get("/"))


def test_the_sound_comes_whole_or_in_the_part_asked_for_and_without_notes_of_the_phone(
    client, writer, approver
):
    clip = in_force(writer, approver)
    whole = client.get(f"/dengar/{clip.pk}/")
    part = client.get(f"/dengar/{clip.pk}/", headers={"Range": "bytes=4-7"})
    beyond = client.get(f"/dengar/{clip.pk}/", headers={"Range": "bytes=999999-"})
    absurd = client.get(f"/dengar/{clip.pk}/", headers={"Range": f"bytes={'9' * 5000}-"})

    assert (whole.status_code, whole.content) == (200, bytes(clip.sound))
    assert b"116.53" not in whole.content
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(whole.content)}"
    assert (beyond.status_code, absurd.status_code) == (416, 200)


def test_a_draft_and_a_recording_of_before_are_not_served(client, writer, approver):
    first = in_force(writer, approver)
    second = write(writer, transcript="Kata baru.")
    assert client.get(f"/dengar/{second.pk}/").status_code == 404

    services.approve_version(version=second, by=approver, now=NOW)
    assert client.get(f"/dengar/{first.pk}/").status_code == 404
    assert "Kata baru." in text_of(client.get("/"))


def test_who_approves_hears_the_part_that_the_phone_asks_for(client, writer, approver):
    clip = write(writer)
    client.force_login(approver)

    part = client.get(f"{LIST}{clip.pk}/suara/", headers={"Range": "bytes=4-7"})

    assert (part.status_code, part.content) == (206, b"ftyp")


def test_taking_off_and_bringing_another_at_once_is_asked_about(client, writer):
    client.force_login(writer)
    page = client.post(f"{LIST}tulis/", {"about": ClipAbout.HOME_SAS, "is_off": "on", "transcript": WORDS})

    assert "Pilih satu: turunkan rekaman" in text_of(page)
    assert not AudioClip.objects.exists()


def test_taken_off_by_two_people_the_page_offers_none(client, writer, approver):
    clip = in_force(writer, approver)
    off = services.take_clip_off(about=ClipAbout.HOME_SAS, by=writer, now=NOW)
    assert "<audio" in text_of(client.get("/"))

    services.approve_version(version=off, by=approver, now=NOW)
    assert "<audio" not in text_of(client.get("/"))
    assert client.get(f"/dengar/{clip.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (files.photo(), "bukan rekaman suara"),
        (files.AMR, "Rekam sebagai M4A"),
        (files.mp4() + files.box(b"free", bytes(AudioClip.LARGEST)), "lebih dari 500 KB"),
    ],
)
def test_what_phones_cannot_play_is_refused_with_what_to_do(writer, data, words):
    with pytest.raises(FileRefused, match=words):
        write(writer, data=data)


def test_no_recording_without_its_words(writer):
    with pytest.raises(services.MoveRefused, match="kata-kata"):
        write(writer, transcript=" ")


def test_the_database_keeps_what_was_settled(writer, approver):
    clip = in_force(writer, approver)
    for change in (
        lambda: AudioClip.objects.filter(pk=clip.pk).update(transcript="lain"),
        lambda: AudioClip.objects.filter(pk=clip.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            change()

"""What strangers send is taken by its content, drawn anew, sealed, and told plainly when it cannot be."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from bansos.common import jobs
from objections import services, tasks
from objections.attachments import keeping, papers, pictures, redraw, scanning, voices
from objections.attachments.refused import FileRefused
from objections.enums import Scan
from objections.models import Attachment
from tests.objections import files

NOW = timezone.now()


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(pictures.read(data).jpeg))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_of_three_kinds_become_a_jpeg_of_ours(kind):
    image = drawn(files.photo(kind, size=(3000, 1500)))

    assert (image.format, image.size) == ("JPEG", (1600, 800))


def test_nothing_but_pixels_reaches_the_new_photo_and_time_and_place_stand_apart():
    sent = files.phone_photo()
    assert b"<script>" in sent
    picture = pictures.read(sent)

    assert picture.told == {"taken_at": "2026:02:20 09:15:00", "place": [-8.6506, 116.5333]}
    for note in (b"<script>", b"Merek HP", b"Exif", b"2026:02:20"):
        assert note not in picture.jpeg


@pytest.mark.parametrize(
    ("orientation", "red"),
    [
        (1, "left"),
        (2, "right"),
        (3, "right"),
        (4, "left"),
        (5, "top"),
        (6, "top"),
        (7, "bottom"),
        (8, "bottom"),
    ],
)
def test_a_photo_stands_upright(orientation, red):
    image = drawn(files.phone_photo(orientation))
    across, down = image.width - 1, image.height - 1
    middle = {"left": (5, down // 2), "right": (across - 5, down // 2), "top": (across // 2, 5),
              "bottom": (across // 2, down - 5)}  # fmt: skip

    assert image.getpixel(middle[red])[0] > 200
    assert image.width == (400 if orientation <= 4 else 200)


def test_what_is_see_through_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(out, "PNG")

    assert min(drawn(out.getvalue()).getpixel((30, 30))) > 250


def test_a_photo_with_another_file_behind_it_loses_that_file():
    jpeg = pictures.read(files.photo() + b"PK\x03\x04 virus.exe" + files.HTML).jpeg

    assert b"virus" not in jpeg
    assert b"script" not in jpeg


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Foto itu kosong."),
        (files.SVG, "Berkas itu bukan foto."),
        (files.HTML, "Berkas itu bukan foto."),
        (files.EXE, "Berkas itu bukan foto."),
        (b"PK\x03\x04" + bytes(50), "Berkas itu bukan foto."),
        (files.PDF, "Itu PDF, bukan foto."),
        (b"GIF89a" + bytes(50), "Gambar GIF belum bisa."),
        (files.HEIC, "HEIC belum bisa."),
        (files.photo()[:400], "rusak atau terpotong"),
        (files.photo("PNG")[:60], "rusak atau terpotong"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "rusak atau terpotong"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(100), "rusak atau terpotong"),
        (files.png_of(30_000, 30_000), "terlalu lebar"),
        (b"\xff\xd8\xff" + bytes(8_000_001), "lebih dari 8 MB"),
    ],
)
def test_what_is_no_photo_is_told_plainly(data, words):
    with pytest.raises(FileRefused, match=words):
        pictures.read(data)


def test_the_child_that_draws_may_open_neither_a_file_nor_a_line():
    probe = (
        "import sys, socket, os; sys.path.insert(0, sys.argv[1]); import redraw; redraw.Image.preinit()\n"
        "redraw.confine()\n"
        "for what in (lambda: socket.socket(), lambda: open('/etc/hostname'), lambda: os.open('/tmp', 0)):\n"
        "    try: what(); print('open')\n"
        "    except OSError: print('shut')\n"
        "try: bytearray(600 << 20); print('open')\n"
        "except MemoryError: print('shut')\n"
    )
    folder = str(pictures._CHILD.parent)
    done = subprocess.run([sys.executable, "-I", "-c", probe, folder], capture_output=True, text=True, env={})

    assert done.stdout.split() == ["shut"] * 4, done.stderr


def test_a_photo_at_the_limit_of_pixels_fits_into_the_childs_memory():
    side = int(redraw.MOST_PIXELS**0.5)
    out = io.BytesIO()
    Image.new("L", (side, side), 120).save(out, "PNG")

    assert drawn(out.getvalue()).size == (1600, 1600)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(files.webm(), voices.WEBM), (files.mp4(), voices.MP4), (files.AMR, voices.AMR)],
)
def test_voice_notes_are_known_by_their_content(data, media_type):
    kind, clean = voices.read(data)

    assert kind == media_type
    assert len(clean) == len(data)


def test_notes_in_a_recording_are_blanked_and_the_sound_stays():
    for data, note in ((files.webm(), b"Sahrun"), (files.mp4(), b"116.53")):
        clean = voices.read(data)[1]
        assert note in data
        assert note not in clean
        assert b"suara" * 40 in clean
        assert voices.read(clean)[1] == clean


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (files.photo(), "bukan rekaman suara"),
        (files.HTML, "bukan rekaman suara"),
        (files.mp4()[:-30], "rusak atau terpotong"),
        (files.mp4() + b"PK\x03\x04" + bytes(90), "rusak atau terpotong"),
        (files.webm()[:-30], "rusak atau terpotong"),
        (files.webm() + files.HTML, "rusak atau terpotong"),
        (files.AMR[:-3], "rusak atau terpotong"),
        (b"#!AMR\n", "rusak atau terpotong"),
        (b"\x1aE\xdf\xa3", "rusak atau terpotong"),
        (files.box(b"ftyp", b"M4A ") + files.box(b"mdat", b"x"), "rusak atau terpotong"),
        (b"#!AMR\n" + bytes(voices.LARGEST), "terlalu panjang"),
    ],
)
def test_what_is_no_recording_is_told_plainly(data, words):
    with pytest.raises(FileRefused, match=words):
        voices.read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (files.photo(), "bukan PDF"),
        (files.PDF[:-8], "terpotong"),
        (files.PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "program"),
        (files.PDF.replace(b"/Catalog", b"/Catalog/Java#53cript 2 0 R"), "program"),
        (files.PDF.replace(b"/Catalog", b"/Catalog/EmbeddedFile"), "program"),
        (b"%PDF-" + bytes(8_000_000), "8 MB"),
    ],
)
def test_what_is_no_plain_pdf_is_told_plainly(data, words):
    assert papers.read(files.PDF) == files.PDF
    with pytest.raises(FileRefused, match=words):
        papers.read(data)


# --- rows ---


@pytest.fixture
def form_key():
    return uuid.uuid4()


@pytest.mark.django_db
def test_a_photo_lies_sealed_under_a_random_name_with_time_and_place_sealed_apart(form_key):
    kept = keeping.take_photo(data=files.phone_photo(), form_key=form_key, now=NOW)
    (path,) = keeping.FOLDER.path.iterdir()

    assert path.name == kept.key
    assert len(kept.key) == 32
    assert b"JFIF" not in path.read_bytes()
    assert keeping.content(kept).startswith(b"\xff\xd8\xff")
    assert b"2026" not in bytes(kept.taken_sealed)
    assert keeping.taken(kept)["place"] == [-8.6506, 116.5333]


@pytest.mark.django_db
def test_a_sealed_time_does_not_open_with_another_photo(form_key):
    kept = keeping.take_photo(data=files.phone_photo(), form_key=form_key, now=NOW)
    kept.key = "0" * 32

    with pytest.raises(ValueError, match="does not belong here"):
        keeping.taken(kept)


@pytest.mark.django_db
def test_the_same_photo_twice_is_one_and_a_fourth_is_too_many(form_key):
    for shade in (10, 20, 30, 30, 20):
        keeping.take_photo(data=files.photo(colour=(shade, 0, 0)), form_key=form_key, now=NOW)
    assert Attachment.objects.count() == 3

    with pytest.raises(FileRefused, match="Sudah 3 foto"):
        keeping.take_photo(data=files.photo(colour=(40, 0, 0)), form_key=form_key, now=NOW)
    assert len(list(keeping.FOLDER.path.iterdir())) == 3


@pytest.mark.django_db
def test_the_database_keeps_places_and_lets_no_letter_come_from_nobody(form_key):
    kept = keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW)
    for changes, name in (
        ({}, "attachment_place_once"),
        ({"place": 13}, "attachment_places_bounded"),
        ({"kind": "PAPER"}, "attachment_papers_from_staff"),
    ):
        kept.pk, kept.key = None, uuid.uuid4().hex
        values = {"place": 1, "kind": "PHOTO"} | changes
        kept.place, kept.kind = values["place"], values["kind"]
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            kept.save(force_insert=True)


@pytest.mark.django_db
def test_what_came_with_a_form_belongs_to_its_case_and_stays(
    filing, form_key, django_capture_on_commit_callbacks
):
    keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW)
    objection = services.file(form=filing(form_key=form_key), now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        keeping.remove_unsent(form_key=form_key)
        keeping.purge_unsent(now=NOW + timedelta(days=3))

    assert objection.attachments.count() == 1
    assert keeping.content(objection.attachments.get())


@pytest.mark.django_db
def test_what_is_never_sent_is_gone_after_a_day(form_key, django_capture_on_commit_callbacks):
    keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.purge_unsent(now=NOW + timedelta(hours=23)) == 0
        assert keeping.purge_unsent(now=NOW + timedelta(hours=25)) >= 1

    assert Attachment.objects.count() == 0
    assert list(keeping.FOLDER.path.iterdir()) == []


@pytest.mark.django_db
def test_a_file_without_a_row_is_swept_away_once_it_is_old():
    keeping.FOLDER.store("", [b"sisa"])

    assert keeping.purge_unsent(now=NOW) == 0
    assert keeping.purge_unsent(now=NOW + timedelta(days=2)) == 1


# --- the scanner ---


class Clamd:
    """Speaks INSTREAM: reads to the end and gives `answer`."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.seen = answer, b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        line, _peer = self.door.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4)):
                self.seen += stream.read(size)
            line.sendall(self.answer)
        self.door.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "scan"),
    [(b"stream: OK\0", Scan.CLEAN), (b"INSTREAM size limit exceeded. ERROR\0", Scan.WAITING)],
)
def test_the_scanner_sees_the_file_as_it_came(settings, form_key, answer, scan):
    clamd = Clamd(answer)
    settings.CLAMD = clamd.address
    data = files.photo()
    kept = keeping.take_photo(data=data, form_key=form_key, now=NOW)

    assert clamd.seen == data
    assert kept.scan == scan


@pytest.mark.django_db
def test_a_file_with_a_virus_is_refused_and_nothing_stays(settings, form_key):
    settings.CLAMD = Clamd(b"stream: Eicar-Test-Signature FOUND\0").address

    with pytest.raises(FileRefused, match="virus"):
        keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW)
    assert not Attachment.objects.exists()
    assert not keeping.FOLDER.path.exists()


@pytest.mark.django_db
def test_while_the_scanner_is_away_a_file_waits_and_its_job_asks_again(settings, form_key):
    settings.CLAMD = "127.0.0.1:1"
    kept = keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW)
    assert kept.scan == Scan.WAITING
    with pytest.raises(scanning.NoAnswer):
        keeping.scan_again(attachment=kept)

    settings.CLAMD = Clamd(b"stream: OK\0").address
    jobs.work_until(lambda: kept.refresh_from_db() or kept.scan != Scan.WAITING, wait_s=10)
    assert kept.scan == Scan.CLEAN


@pytest.mark.django_db
def test_without_a_scanner_a_file_is_not_called_clean(settings, form_key):
    settings.CLAMD = ""

    assert keeping.take_photo(data=files.photo(), form_key=form_key, now=NOW).scan == Scan.NOT_SET_UP


@pytest.mark.django_db
def test_the_sweep_asks_once_a_day_for_unsent_files_to_go():
    tasks.purge_unsent_files_daily(NOW)
    tasks.purge_unsent_files_daily(NOW)

    (job,) = jobs.Job.objects.filter(kind=tasks.PURGE)
    assert job.key == timezone.localdate(NOW).isoformat()


def test_every_kind_has_its_ending():
    from objections.admin.evidence import ENDINGS

    assert set(ENDINGS) == {pictures.JPEG, voices.WEBM, voices.MP4, voices.AMR, papers.PDF}

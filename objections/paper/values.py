"""What the names in braces stand for: in a letter about a case, on the paper itself, and in a sample."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common.office import OFFICE
from objections import codes
from objections.clock import Clock
from objections.enums import AttachmentKind, EventKind, State
from objections.models import Attachment, FieldVisit, Objection
from objections.paper import results
from objections.paper.names import NAMES
from objections.paper.text import Value
from objections.stages import WORDS
from recipients import proposable

LATE, VISIT_PLANNED, VISITED, NOT_MET = "LATE", "VISIT_PLANNED", "VISITED", "NOT_MET"
"""Steps that are no move of the case."""


def of_office(today: date) -> dict[str, Value]:
    return {
        "tanggal": day(today),
        "kantor": OFFICE["name"],
        "telepon": OFFICE["phone"],
        "situs": OFFICE["address"],
    }


def of_case(
    objection: Objection, *, step: str, today: date, answer: str = "", on: date | None = None
) -> dict[str, Value]:
    """For every name of a letter about a case, except those of AT_PRINTING; queries wait until a text asks."""
    return of_office(today) | {
        "nomor": objection.receipt_no,
        "desa": lambda: objection.village.name if objection.village else "",
        "batas": day(objection.due_on) if objection.due_on else "",
        "batas_ulang": lambda: day(Clock.load().ask_again_until(_decided_on(objection, today))),
        "hal": " ".join(objection.asked_for.split()),
        "kabar": news(objection, step, on or today),
        "jawaban": answer or objection.answer or objection.proposed_answer,
        "temuan": lambda: _seen(objection),
        "alasan": lambda: _reasons(objection, today),
        "bukti": lambda: _evidence(objection),
    }


def on_paper(*, name: str, code: str, today: date) -> dict[str, Value]:
    return {"nama": name or _("pemilik sanggahan"), "kode": code_words(code, today)}


def of_sample(today: date) -> dict[str, Value]:
    """For whoever writes a text: every name with an invented value."""
    invented: dict[str, Value] = {name: str(told.sample) for name, told in NAMES.items()}
    return invented | of_office(today) | {"kode": code_words("XXXX-XXXX-XXXX", today)}


def code_words(code: str, today: date) -> str:
    """The words round a code are not the template's: they say what it opens and to keep it."""
    if not code:
        return ""
    told = {"site": OFFICE["address"], "code": code, "until": day(today + codes.LETTER_VALID)}
    return (
        _(
            "Lihat data keluarga Bapak/Ibu di %(site)s. Pilih “Saya punya kode surat”, lalu ketik:\n"
            "= %(code)s\n"
            "Kode berlaku sampai %(until)s. Jangan beri kode ini kepada orang lain."
        )
        % told
    )


def news(objection: Objection, step: str, on: date) -> str:
    """The sentence of a step; a letter says Bapak/Ibu where a screen says Anda (ux.md 5.1)."""
    beside = {
        LATE: _("Kami terlambat memeriksa sanggahan ini. Sanggahan sudah kami teruskan ke atasan."),
        VISIT_PLANNED: _("Petugas datang ke rumah Bapak/Ibu pada %(day)s. Siapkan KTP dan KK."),
        VISITED: _("Petugas sudah datang pada %(day)s. Ini belum keputusan."),
        EventKind.NOTICE_BY: _(
            "Mulai sekarang kabar sanggahan ini datang lewat HP, karena itu yang diminta. "
            "Bukan Bapak/Ibu yang meminta? Beri tahu kami."
        ),
        NOT_MET: _("Petugas datang pada %(day)s, tetapi tidak bertemu. Beri tahu kami hari yang cocok."),
    }
    if step in beside:
        return beside[step] % {"day": day(on)}
    said = str(WORDS[State(step)].sentence).replace("Anda", "Bapak/Ibu")
    if step == State.SUBMITTED:
        said += " " + _("Kami menjawab paling lambat %s.") % day(objection.answer_by)
    return said


def day(one: date) -> str:
    return date_format(one, "j F Y")


def _decided_on(objection: Objection, today: date) -> date:
    return timezone.localdate(objection.decided_at) if objection.decided_at else today


def _reasons(objection: Objection, today: date) -> str:
    found = results.of_families([objection.family_id], day=today, programme=objection.programme_id)
    lines = [result.line for result in found[objection.family_id or 0]]
    return "\n".join([_("Menurut data dan hitungan syarat:"), *lines]) if lines else ""


def _seen(objection: Objection) -> str:
    """What the last visit saw otherwise than recorded. The visitor's own notes are for the office, not for a letter."""
    visit = FieldVisit.objects.done().filter(objection=objection).order_by("-done_at").first()
    if visit is None or visit.done_at is None:
        return _("Kami memeriksa data dan bukti yang ada. Petugas tidak datang ke rumah.")
    on = day(timezone.localdate(visit.done_at))
    if visit.not_met:
        return _("Petugas datang pada %s, tetapi tidak bertemu keluarga Bapak/Ibu.") % on
    lines = [_line(answer) for answer in visit.differing()]
    if not lines:
        return _("Petugas datang pada %s. Yang dilihat sama dengan data.") % on
    return "\n".join([_("Petugas datang pada %s. Yang dilihat berbeda dari data:") % on, *lines])


def _line(answer: dict[str, Any]) -> str:
    fact = proposable.FACTS[answer["field"]]
    label = str(fact.label).capitalize()
    told = {"label": label, "recorded": fact.say(answer["recorded"]), "seen": fact.say(answer["seen"])}
    return _("- %(label)s: data mencatat %(recorded)s, petugas melihat %(seen)s.") % told


def _evidence(objection: Objection) -> str:
    count = Counter(Attachment.objects.filter(objection=objection).values_list("kind", flat=True))
    visits = FieldVisit.objects.done().filter(objection=objection, not_met="").count()
    lines = [
        (count[AttachmentKind.PHOTO], _("- %d foto")),
        (count[AttachmentKind.VOICE], _("- %d rekaman suara")),
        (count[AttachmentKind.PAPER], _("- %d surat")),
        (visits, _("- %d kunjungan petugas")),
    ]
    used = [words % number for number, words in lines if number]
    return "\n".join([_("Yang kami pakai untuk memutuskan:"), *used, _("- data pusat dan hitungan syarat")])

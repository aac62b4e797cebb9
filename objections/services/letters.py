"""Letters on their way: posted again by hand, printed for a village, put into somebody's hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import ids, outbox
from bansos.common.models import Message
from objections import codes
from objections.enums import Kind
from objections.models import Letter, LetterQuerySet, LetterTemplate, Objection
from objections.paper import posting, text, values
from objections.paper.sheets import Page
from objections.services.moving import MoveRefused, require
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, WelfareSnapshot
from recipients.roles import PRINT_LETTER

PER_PRINT = 200  # letters in one print


@transaction.atomic
def post_letter(*, objection: Objection, by: Any, now: datetime) -> None:
    """One more letter about where the case stands now, by a person's word."""
    require(by, PRINT_LETTER)
    if objection.kind == Kind.WELL_OFF:
        raise MoveRefused(_("Pelapor dilindungi: laporan tidak dijawab dengan surat."))
    if objection.state not in posting.KIND_OF_STEP:
        raise MoveRefused(_("Tahap ini tidak punya surat: %s.") % objection.get_state_display())
    if Letter.objects.waiting().filter(objection=objection).exists():
        raise MoveRefused(_("Surat sanggahan ini masih menunggu dicetak. Cetak dulu yang itu."))
    key = f"objection:{objection.pk}:{objection.state}:{now:%Y%m%d%H%M%S}"
    posting.post([posting.Cause(key, objection, objection.state)], now=now, by=by)


@transaction.atomic
def print_letters(*, letters: LetterQuerySet, about: str, by: Any, now: datetime) -> list[Page]:
    """The sheets of these letters, as many as one print holds. The print is logged before a code is made."""
    require(by, PRINT_LETTER)
    ours = letters.filter(pk__in=Letter.objects.printable_by(by)).order_by("objection__village", "pk")
    rows = list(ours.select_for_update(of=("self",)).select_related("objection", "template")[:PER_PRINT])
    if not rows:
        raise MoveRefused(_("Tidak ada surat yang menunggu dicetak di sini."))
    record_access(by=by, kind=Access.PRINT_LETTER, subject=about, rows=len(rows))
    pages = _pages(rows, by, timezone.localdate(now))
    keys = [posting.message_key(row.key) for row in rows]
    outbox.mark_printed(Message.objects.filter(key__in=keys).values_list("pk", flat=True), now=now)
    Letter.objects.filter(pk__in=[row.pk for row in rows]).update(
        printed_at=now, printed_by=by, prints=F("prints") + 1
    )
    return pages


def _pages(rows: list[Letter], by: Any, today: date) -> list[Page]:
    said = {row.pk: row.text() for row in rows}
    families = [row.objection.family_id for row in rows if row.objection.family_id]
    snapshots = {
        found.family_id: found
        for found in WelfareSnapshot.objects.standing()
        .filter(family__in=families)
        .select_related("village__parent")
    }
    with_code = {row.objection.family_id for row in rows if "{kode}" in said[row.pk]} & set(snapshots)
    made = codes.make_letter_codes(families=_known(with_code), by=by, today=today)
    return [
        page_of(
            row.template, said[row.pk], snapshots.get(row.objection.family_id or 0), row.objection,
            code=made.get(row.objection.family_id or 0, ""), today=today, made_on=timezone.localdate(row.made_at),
        )
        for row in rows
    ]  # fmt: skip


def _known(families: Iterable[Any]) -> Iterable[Family]:
    standing = WelfareSnapshot.objects.standing().filter(family=OuterRef("pk"))
    return Family.objects.filter(Exists(standing), pk__in=list(families))


def page_of(
    template: LetterTemplate,
    said: str,
    snapshot: WelfareSnapshot | None,
    objection: Objection,
    *,
    code: str,
    today: date,
    made_on: date,
) -> Page:
    """A letter with the name and the code in it, ready for paper or screen."""
    name = snapshot.head_name if snapshot else ""
    filled = text.fill(said, values.on_paper(name=name, code=code, today=today))
    return Page(
        title=template.title,
        blocks=text.blocks(filled),
        version=f"{template} · {objection.receipt_no}",
        date=values.day(made_on),
        address=_address(snapshot, objection),
    )


def _address(snapshot: WelfareSnapshot | None, objection: Objection) -> list[str]:
    if snapshot is None:
        village = objection.village
        place = [_("Desa/Kelurahan %s") % village.name] if village else []
        return [_("Bapak/Ibu pemilik sanggahan %s") % objection.receipt_no, *place]
    village = snapshot.village
    subdistrict = [_("Kecamatan %s") % village.parent.name] if village.parent else []
    told = [_("Bapak/Ibu %s") % snapshot.head_name, snapshot.address, village.name, *subdistrict]
    return [line for line in told if line]


@transaction.atomic
def hand_over(*, letter: Letter, to: str, on: date, by: Any, now: datetime) -> None:
    """Who took the letter, and on which day; written once."""
    require(by, PRINT_LETTER)
    to = ids.scrub(to).strip()
    if not to:
        raise MoveRefused(_("Tulis nama orang yang menerima surat."))
    if on > timezone.localdate(now):
        raise MoveRefused(_("Tanggal %s belum tiba. Tulis hari surat diserahkan.") % values.day(on))
    on_the_way = Letter.objects.on_the_way().filter(pk=letter.pk)
    printed = on_the_way.values_list("printed_at", flat=True).first()
    if printed and on < timezone.localdate(printed):
        day = values.day(timezone.localdate(printed))
        raise MoveRefused(_("Surat dicetak %s. Tanggal serah tidak bisa sebelumnya.") % day)
    if not on_the_way.update(handed_to=to[:120], handed_on=on, handed_by=by):
        raise MoveRefused(_("Surat ini belum dicetak, atau sudah dicatat diserahkan. Muat ulang halaman."))
    letter.refresh_from_db()

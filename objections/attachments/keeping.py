"""Files become rows: sealed under a random name, bound to a form and, once it is sent, to its case."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bansos.common import jobs, vault
from bansos.common.sealedfiles import SealedFolder
from objections.attachments import papers, pictures, scanning, voices
from objections.attachments.refused import FileRefused
from objections.enums import AttachmentKind, Scan
from objections.models import Attachment, Musdes, Objection

FOLDER = SealedFolder("EVIDENCE_DIR", "evidence")
SCAN = "objections.scan_attachment"
MOST_PHOTOS = 3  # with one form; as many again may follow while the case is open
MOST_ADDED = 6
UNSENT_KEPT = timedelta(hours=24)  # as long as the answers they belong to


def take_photo(*, data: bytes, form_key: uuid.UUID, now: datetime, **about: Any) -> Attachment:
    """`about`: `objection` when the case exists, `by` when a member of staff brings it, `most` places."""
    found = _scanned(data)
    picture = pictures.read(data)
    return _keep(
        AttachmentKind.PHOTO,
        data,
        picture.jpeg,
        pictures.JPEG,
        found,
        form_key,
        now,
        told=picture.told,
        **about,
    )


def take_voice(*, data: bytes, form_key: uuid.UUID, now: datetime, **about: Any) -> Attachment:
    found = _scanned(data)
    media_type, clean = voices.read(data)
    return _keep(AttachmentKind.VOICE, data, clean, media_type, found, form_key, now, **{"most": 1, **about})


def take_consent(*, data: bytes, form_key: uuid.UUID, by: Any, now: datetime) -> Attachment:
    """The sheet that somebody signed, or put a thumb to, for staff to file for them; the last one counts."""
    found, picture = _scanned(data), pictures.read(data)
    earlier = Attachment.objects.of_form(form_key).filter(kind=AttachmentKind.CONSENT, objection=None)
    made = _keep(
        AttachmentKind.CONSENT,
        data,
        picture.jpeg,
        pictures.JPEG,
        found,
        form_key,
        now,
        by=by,
        told=picture.told,
    )
    _delete(earlier.exclude(pk=made.pk))
    return made


def take_paper(*, data: bytes, objection: Objection, by: Any, now: datetime) -> Attachment:
    found = _scanned(data)
    clean = papers.read(data)
    most = Attachment.MOST_OF_A_KIND
    about = {"objection": objection, "by": by, "most": most}
    return _keep(AttachmentKind.PAPER, data, clean, papers.PDF, found, objection.form_key, now, **about)


def take_minutes(*, data: bytes, musdes: Musdes, by: Any, now: datetime) -> Attachment:
    """The signed minutes of a deliberation: one paper for all its cases."""
    found = _scanned(data)
    about = {"musdes": musdes, "by": by, "most": 1}
    return _keep(
        AttachmentKind.PAPER, data, papers.read(data), papers.PDF, found, musdes.form_key, now, **about
    )


def minutes_of(musdes: Musdes) -> Attachment | None:
    return Attachment.objects.filter(musdes=musdes).first()


def _scanned(data: bytes) -> Scan:
    try:
        return scanning.look(data)
    except scanning.Infected:
        raise FileRefused(_("Berkas itu berisi virus. Pindai HP Anda, lalu kirim foto lain.")) from None


def _keep(
    kind: AttachmentKind,
    received: bytes,
    clean: bytes,
    media_type: str,
    scan: Scan,
    form_key: uuid.UUID,
    now: datetime,
    *,
    objection: Objection | None = None,
    musdes: Musdes | None = None,
    by: Any = None,
    most: int = MOST_PHOTOS,
    told: dict[str, Any] | None = None,
) -> Attachment:
    sha256 = hashlib.sha256(received).hexdigest()
    same = Attachment.objects.of_form(form_key).filter(kind=kind, sha256=sha256).first()
    if same is not None:  # sent twice: weak signal, or a second press
        return same
    stored = FOLDER.store("", [clean])
    row = Attachment(
        form_key=form_key, objection=objection, musdes=musdes, kind=kind, media_type=media_type, key=stored.key,
        sha256=sha256, size=stored.size, taken_sealed=_sealed(told, stored.key), scan=scan, by=by, at=now,
    )  # fmt: skip
    try:
        return _insert(row, most)
    except BaseException:
        FOLDER.discard(stored.key)
        raise


def _insert(row: Attachment, most: int) -> Attachment:
    """In the first free place; another file that takes it at the same moment sends us to the next."""
    for _try in range(most):
        taken = set(
            Attachment.objects.of_form(row.form_key).filter(kind=row.kind).values_list("place", flat=True)
        )
        free = [place for place in range(1, most + 1) if place not in taken]
        if not free:
            break
        row.place = free[0]
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                if row.scan == Scan.WAITING:
                    jobs.enqueue(kind=SCAN, key=str(row.pk), params={"attachment": row.pk})
            return row
        except IntegrityError as error:
            if "attachment_place_once" not in str(error):
                raise
    words = {AttachmentKind.PHOTO: _("Sudah %d foto. Hapus satu dulu untuk mengganti.") % most}
    raise FileRefused(words.get(AttachmentKind(row.kind), _("Sudah ada. Hapus dulu untuk mengganti.")))


def _sealed(told: dict[str, Any] | None, key: str) -> bytes | None:
    return vault.seal_json(told, _taken_purpose(key)) if told else None


def _taken_purpose(key: str) -> bytes:
    return b"taken|" + key.encode()


def taken(attachment: Attachment) -> dict[str, Any]:
    """Capture time and place. Call it only where the look was logged first."""
    if attachment.taken_sealed is None:
        return {}
    opened: dict[str, Any] = vault.open_json(attachment.taken_sealed, _taken_purpose(attachment.key))
    return opened


def content(attachment: Attachment) -> bytes:
    with FOLDER.open(attachment.key) as file:
        return file.read()


def adopt(objection: Objection) -> None:
    """The form was sent: what came with it now belongs to the case."""
    Attachment.objects.of_form(objection.form_key).filter(objection=None).update(objection=objection)


def remove_unsent(*, form_key: uuid.UUID, attachment_id: int | None = None) -> None:
    """What was chosen for a form that is not sent; of a case nothing is removed."""
    rows = Attachment.objects.of_form(form_key).unsent()
    if attachment_id is not None:
        rows = rows.filter(pk=attachment_id)
    _delete(rows)


def purge_unsent(*, now: datetime) -> int:
    """Delete what belongs to forms never sent, and sealed files that no row names."""
    gone = _delete(Attachment.objects.unsent().filter(at__lt=now - UNSENT_KEPT))
    owned = set(Attachment.objects.values_list("key", flat=True))
    return gone + FOLDER.discard_others(owned, before=now - UNSENT_KEPT)


def remove_of_cases(cases: set[int]) -> list[Attachment]:
    """Delete what these ended cases hold, for a reason of the caller; the rows that were, case by case."""
    rows = Attachment.objects.filter(objection__in=cases)
    gone = list(rows.order_by("objection", "kind", "place"))
    _delete(rows.filter(pk__in=[row.pk for row in gone]))
    return gone


@transaction.atomic
def _delete(rows: Any) -> int:
    keys = list(rows.select_for_update().values_list("key", flat=True))
    rows.filter(key__in=keys).delete()
    transaction.on_commit(lambda: _discard(keys))
    return len(keys)


def _discard(keys: list[str]) -> None:
    for key in keys:
        FOLDER.discard(key)


def scan_again(*, attachment: Attachment) -> None:
    """The job of a file that waits. While clamd stays away it fails, is tried again, and then needs a person."""
    try:
        result = scanning.ask(content(attachment))
    except scanning.Infected:
        result = Scan.INFECTED
    Attachment.objects.filter(pk=attachment.pk, scan=Scan.WAITING).update(scan=result)

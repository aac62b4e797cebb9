"""What goes to the phone of a case about the phone itself: a code, or what was done with it (docs/decisions/0036).

It goes also to who wants no news by phone: they asked for the code, and a warning protects what the phone opens.
A code is in the text alone: the message holds the number of its row, and its words are written when it is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import outbox
from bansos.common.models import Channel
from bansos.common.office import OFFICE
from bansos.common.outbox import Address, Draft, Lapsed, Text
from objections.enums import CodePurpose, EventKind, NoticeBy
from objections.models import ObjectionEvent, PhoneCode
from objections.notices import address_of, channel_of

CODE = outbox.titled("objections.phone_code", gettext_lazy("kode ke HP"))
_WAYS = {NoticeBy.SMS: "SMS", NoticeBy.WHATSAPP: "WhatsApp", NoticeBy.LETTER: gettext_lazy("surat saja")}
NEWS = outbox.titled("objections.phone", gettext_lazy("kabar tentang HP"))


def send_code(code: PhoneCode, *, now: datetime) -> None:
    """Goes to the phone while the code holds, and not at all later."""
    address = address_of(code.objection)
    draft = Draft(
        f"phone-code:{code.pk}", CODE, channel_of(code.objection), {"code": code.pk},
        address=address, valid_until=code.valid_until,
    )  # fmt: skip
    outbox.post(draft, now=now)


def tell(
    event: ObjectionEvent, address: Address | None, *, now: datetime, by_old_way: NoticeBy | None = None
) -> None:
    """What happened, to the phone it happened to; `address` or way are the old ones where these changed."""
    if address is None:
        return
    values = {"step": event.kind, "number": event.objection.receipt_no, "way": event.objection.notice_by}
    channel = Channel(by_old_way) if by_old_way else channel_of(event.objection)
    outbox.post(Draft(f"phone:{event.pk}", NEWS, channel, values, address=address), now=now)


def write_code(values: dict[str, Any]) -> Text:
    code = PhoneCode.objects.select_related("objection").filter(pk=values["code"], used_at=None).first()
    if code is None:
        raise Lapsed
    digits = code.digits()
    told = {
        CodePurpose.CONFIRM: _(
            "Dinsos Lotim: kode %(code)s untuk memastikan HP ini (%(number)s). Berlaku sampai %(until)s. "
            "Beri tahu petugas hanya bila Anda di depannya."
        ),
        CodePurpose.OPEN: _(
            "Dinsos Lotim: kode %(code)s membuka data keluarga Anda (%(number)s). Berlaku sampai %(until)s. "
            "Jangan beri tahu siapa pun, juga petugas."
        ),
    }[CodePurpose(code.purpose)] % {
        "code": f"{digits[:4]} {digits[4:]}",
        "number": code.objection.receipt_no,
        "until": date_format(localtime(code.valid_until), "H.i"),
    }
    return Text(_("Kode ke HP"), told)


def write_news(values: dict[str, Any]) -> Text:
    told = {
        EventKind.OPENED: _(
            "Dinsos Lotim: data keluarga untuk %(number)s baru dibuka dengan kode dari HP ini. "
            "Bukan Anda? Telp %(phone)s atau datang ke kantor desa."
        ),
        EventKind.PHONE_OK: _(
            "Dinsos Lotim: HP ini sekarang bisa menerima kode pembuka data keluarga (%(number)s). "
            "Buka %(site)s. Bukan HP Anda? Telp %(phone)s"
        ),
        EventKind.PHONE_END: _(
            "Dinsos Lotim: HP ini tidak lagi menerima kode pembuka data keluarga (%(number)s). "
            "Bukan Anda yang meminta? Telp %(phone)s"
        ),
        EventKind.NEW_PHONE: _(
            "Dinsos Lotim: nomor HP untuk %(number)s sudah diganti. Nomor ini tidak dipakai lagi. "
            "Bukan Anda yang meminta? Telp %(phone)s"
        ),
        EventKind.NOTICE_BY: _(
            "Dinsos Lotim: kabar sanggahan %(number)s mulai sekarang lewat %(way)s. "
            "Bukan Anda yang meminta? Telp %(phone)s"
        ),
    }[EventKind(values["step"])] % {
        "number": values["number"],
        "phone": OFFICE["phone"],
        "site": OFFICE["address"],
        "way": _WAYS.get(values.get("way", ""), ""),
    }
    return Text(_("Sanggahan %s") % values["number"], told)

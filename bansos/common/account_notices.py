"""What the owner of an account hears when a colleague changes what protects it: nobody takes it over in silence.

The address is sealed into the message as it stood then: changed a moment later, it still reaches the owner.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import outbox
from bansos.common.models import Channel

FORGOTTEN = outbox.titled("common.second_factor_forgotten", gettext_lazy("langkah kedua dihapus"))
OTHER_MAIL = outbox.titled("common.other_mail", gettext_lazy("alamat surel akun diganti"))
PASSWORD_SET = outbox.titled("common.password_set", gettext_lazy("kata sandi akun diganti"))


def tell(notice: str, *, user: User, mail: str, by: User, now: datetime) -> None:
    """Nobody is told where the account has no address."""
    if not mail:
        return
    key = f"{notice}:{user.pk}:{now.isoformat()}"
    values = {"at": now.isoformat(), "by": by.get_username()}
    to = outbox.seal(Channel.EMAIL, mail)
    outbox.post(outbox.Draft(key, notice, Channel.EMAIL, values, user, to), now=now)


def forgotten_text(values: dict[str, Any]) -> outbox.Text:
    body = _(
        "Langkah kedua (kode dari HP) akun Anda di portal dihapus oleh %(by)s pada %(when)s WITA. "
        "Kalau bukan Anda yang meminta, hubungi kepala dinas sekarang."
    )
    return outbox.Text(str(_("Langkah kedua akun Anda dihapus")), body % _told(values))


def other_mail_text(values: dict[str, Any]) -> outbox.Text:
    body = _(
        "Alamat surel akun Anda di portal diganti oleh %(by)s pada %(when)s WITA. Pesan berikutnya tidak lagi ke "
        "alamat ini. Kalau bukan Anda yang meminta, hubungi kepala dinas sekarang."
    )
    return outbox.Text(str(_("Alamat surel akun Anda diganti")), body % _told(values))


def password_set_text(values: dict[str, Any]) -> outbox.Text:
    body = _(
        "Kata sandi akun Anda di portal diganti oleh %(by)s pada %(when)s WITA. Kalau bukan Anda yang meminta, "
        "hubungi kepala dinas sekarang."
    )
    return outbox.Text(str(_("Kata sandi akun Anda diganti")), body % _told(values))


def _told(values: dict[str, Any]) -> dict[str, str]:
    when = timezone.localtime(datetime.fromisoformat(values["at"]))
    return {"by": values["by"], "when": date_format(when, "j F Y H.i")}

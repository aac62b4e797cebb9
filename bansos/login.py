"""The staff's log-in: how often somebody may be wrong before the door closes for a while.

Per name *and* address ten in a quarter of an hour: whoever guesses at somebody's name from another network does not
lock its owner out. Per address sixty: one guess at each of many names is guessing too. Per name a hundred a day:
guessing from many networks ends as well, at the price that it can shut a name out until tomorrow. A try is counted
before the password is looked at, so a burst gets no more than the limit; a right one is given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bansos.common import limits

MOST_TRIES = 10
MOST_PER_ADDRESS = 60
MOST_PER_NAME = 100
WITHIN_S = 15 * 60
DAY_S = 24 * 3600
TOO_MANY = _("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi. Kalau tetap tertutup, coba besok.")


@dataclass(frozen=True)
class Cap:
    name: str
    key: str
    most: int
    within_s: int

    def takes_one(self) -> bool:
        return limits.hit(self.name, self.key, most=self.most, within_s=self.within_s)

    def give_back(self) -> None:
        limits.give_back(self.name, self.key, within_s=self.within_s)


def _caps(name: str, address: str) -> list[Cap]:
    """The narrow one first: what it refuses does not use up the wider ones."""
    return [
        Cap("login", f"{name}|{address}", MOST_TRIES, WITHIN_S),
        Cap("login.address", address, MOST_PER_ADDRESS, WITHIN_S),
        Cap("login.name", name, MOST_PER_NAME, DAY_S),
    ]


class StaffBackend(ModelBackend):
    """Every page of staff asks for the second factor too, so it comes with the account in one question."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("second_factor").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class StaffLoginForm(AdminAuthenticationForm):
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _("Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil."),
        "too_many": TOO_MANY,
    }

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        name = str(self.cleaned_data.get("username", "")).casefold()
        caps = _caps(name, limits.client_address(self.request))
        if not all(cap.takes_one() for cap in caps):
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        cleaned = super().clean()
        for cap in caps:
            cap.give_back()
        return cleaned


class StaffPasswordForm(AdminPasswordChangeForm):
    """Whoever finds an open screen must not guess the old password at it."""

    def clean_old_password(self) -> str:
        cap = Cap("password", self.user.get_username().casefold(), MOST_TRIES, WITHIN_S)
        if not cap.takes_one():
            raise ValidationError(TOO_MANY, code="too_many")
        old = super().clean_old_password()
        cap.give_back()
        return old

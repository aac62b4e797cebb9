"""What staff take down for somebody, on three pages: the citizen's own questions under their own numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import vault
from objections.enums import Channel, Conflict, Consent
from objections.models import Objection
from objections.public import typed
from objections.public.forms import (
    ContactForm,
    IdentityForm,
    PhotosForm,
    Question,
    ReasonsForm,
    StoryForm,
    Typed,
    village_choices,
)
from recipients.models import Region

NOT_TIED = "NONE"
TIES = [
    (NOT_TIED, gettext_lazy("Bukan keluarga saya")),
    (Conflict.KIN, gettext_lazy("Kerabat saya, termasuk ipar, mertua, atau sepupu")),
    (Conflict.OWN, gettext_lazy("Saya sendiri, atau satu KK dengan saya")),
]
_CROWDED = gettext_lazy(
    "Nomor ini sudah dipakai di sanggahan banyak orang lain. Tulis HP warga sendiri, atau pilih: tidak punya HP. "
    "Kalau memang nomornya, centang: Nomor ini benar HP warga ini."
)
OLDEST_PAPER = timedelta(days=366)
WITH_SHEET = frozenset({Consent.WRITTEN, Consent.THUMB})


def _choice(label: Any, choices: list[tuple[str, Any]], missing: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": gettext_lazy("Pilih dari daftar ini.")},
    )


class PersonForm(IdentityForm):
    """Who it is, and that they agree. What was answered stays when the page must be asked again."""

    channel = _choice(
        gettext_lazy("Cara mengisi"),
        [
            (Channel.ASSISTED, gettext_lazy("Warga ada di sini, kami isi bersama")),
            (Channel.PAPER, gettext_lazy("Saya menyalin formulir kertas yang sudah diisi")),
        ],
        gettext_lazy("Pilih cara mengisi"),
    )
    paper_on = Typed(
        label=gettext_lazy("Tanggal di formulir kertas"),
        help_text=gettext_lazy("Hanya untuk formulir kertas. Contoh: 23 2 2026"),
        required=False,
        max_length=40,
    )
    tie = _choice(
        gettext_lazy("Hubungan Anda dengan warga ini"),
        TIES,
        gettext_lazy("Pilih hubungan Anda"),
        gettext_lazy("Isi dengan jujur. Anda tetap boleh membantu. Yang memutuskan orang lain."),
    )
    consent = _choice(
        gettext_lazy("Cara warga menyetujui"),
        [
            (Consent.SPOKEN, gettext_lazy("Lisan")),
            (Consent.WRITTEN, gettext_lazy("Tertulis, tanda tangannya saya foto")),
            (Consent.THUMB, gettext_lazy("Cap jempol, lembarnya saya foto")),
        ],
        gettext_lazy("Minta persetujuan dulu, lalu pilih caranya"),
    )
    sheet = forms.Field(
        label=gettext_lazy("Foto tanda tangan atau cap jempol"),
        help_text=gettext_lazy("Tidak perlu kalau warga setuju lisan. Paling besar 8 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ("channel", "paper_on", "tie", "consent", "sheet", "nik", "birth_date", "is_sure")

    def __init__(self, *args: Any, has_sheet: bool = False, **kwargs: Any) -> None:
        self.has_sheet = has_sheet  # before the answers are looked at
        super().__init__(*args, **kwargs)

    def clean_nik(self) -> str:
        return typed.read_nik(self.cleaned_data["nik"], is_beside=True)

    def clean_paper_on(self) -> str:
        written, today = self.cleaned_data["paper_on"], timezone.localdate()
        if self.cleaned_data.get("channel") != Channel.PAPER:
            return ""
        if not written.strip():
            raise ValidationError(_("Tulis tanggal yang ada di formulir kertas"))
        day = typed.read_birth_date(written, today)
        if today - day > OLDEST_PAPER:
            raise ValidationError(_("Tanggal itu lebih dari satu tahun lalu. Lihat lagi formulirnya."))
        return day.isoformat()

    def clean(self) -> None:
        super().clean()
        self.cleaned_data.pop("sheet", None)  # public/evidence.py takes files; a draft keeps words
        if self.cleaned_data.get("consent") in WITH_SHEET and not self.has_sheet:
            self.add_error("sheet", _("Foto lembar yang ditandatangani atau dicap jempol"))


class TellForm(ReasonsForm, StoryForm, PhotosForm):
    """What is not true, in the person's own words, with photos where there are any."""

    voice = None  # type: ignore[assignment]  # staff write down what is said

    def clean(self) -> None:
        self.cleaned_data.pop("photos", None)


class SendForm(ContactForm):
    """Where to tell them; only villages of the helper's own area can be named. A phone that many people gave is asked
    for again: it may be the helper's own.
    """

    is_theirs = forms.BooleanField(label=gettext_lazy("Nomor ini benar HP warga ini"), required=False)

    def __init__(self, *args: Any, user: Any, nik: str, **kwargs: Any) -> None:
        self.regions, self.nik = Region.objects.visible_to(user), nik
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = village_choices(self.regions)  # type: ignore[attr-defined]

    def clean_village(self) -> str:
        chosen: str = self.cleaned_data["village"]
        if chosen and not self.regions.filter(pk=chosen).exists():
            raise ValidationError(_("Pilih desa di wilayah Anda."))
        return chosen

    @property
    def asks_whose(self) -> bool:
        return self.has_error("phone", "crowded") or bool(self.data.get("is_theirs"))

    def clean(self) -> None:
        super().clean()
        phone = self.cleaned_data.get("phone")
        if phone and not self.cleaned_data["is_theirs"] and self._others_with(phone) >= Objection.MANY_PEOPLE:
            self.add_error("phone", ValidationError(_CROWDED, code="crowded"))

    def _others_with(self, phone: str) -> int:
        index, own = vault.blind_index(vault.PHONE, phone), vault.blind_index(vault.NIK, self.nik)
        return Objection.objects.people_of_phone(index, but_for=own)


def filed(draft: dict[str, Any], contact: dict[str, Any]) -> dict[str, Any]:
    """The answers of the three pages as the values of one filing."""
    person, tell = draft["person"], draft["tell"]
    return {
        "nik": person["nik"],
        "birth_date": date.fromisoformat(person["birth_date"]),
        "reasons": tell["reasons"],
        "story": tell["story"],
        "phone": contact["phone"],
        "notice_by": contact["notice_by"],
        "village_id": int(contact["village"]) if contact["village"] else None,
        "channel": person["channel"],
        "consent": person["consent"],
        "conflicts": () if person["tie"] == NOT_TIED else (person["tie"],),
        "paper_on": date.fromisoformat(person["paper_on"]) if person["paper_on"] else None,
    }


class BesideForm(Question):
    """Whose data a helper opens for the person at the desk, and how that person agreed."""

    consent = _choice(
        gettext_lazy("Bagaimana warga menyetujui"),
        list(Consent.choices),
        gettext_lazy("Pilih bagaimana warga menyetujui"),
    )
    nik = Typed(
        label="NIK",
        help_text=gettext_lazy("16 angka di KTP warga. Boleh pakai spasi."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_nik(self) -> str:
        return typed.read_nik(self.cleaned_data["nik"], is_beside=True)


class PhoneForm(BesideForm):
    """Which case's phone staff confirm for the person beside them, and the number where it is another by now."""

    number = Typed(
        label=gettext_lazy("Nomor sanggahan"),
        help_text=gettext_lazy("Ada di tanda terima. Contoh: SGH-26-4K7Q-2"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
    )
    phone = Typed(
        label=gettext_lazy("Nomor HP baru"),
        help_text=gettext_lazy("Kosongkan kalau nomornya tetap. Nomor HP warga, bukan nomor Anda."),
        required=False,
        max_length=40,
        widget=forms.TelInput(),
    )

    field_order = ("consent", "number", "nik", "phone")

    def clean_number(self) -> str:
        if not self.cleaned_data["number"].strip():
            raise ValidationError(_("Ketik nomor sanggahan"))
        return typed.read_receipt_no(self.cleaned_data["number"], timezone.localdate())

    def clean_phone(self) -> str:
        return typed.read_phone(self.cleaned_data["phone"])

"""The questions of the filing steps, of the status page and of the letter's code. Nothing here asks the registry."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import ids
from objections import codes, notices
from objections.enums import NoticeBy, Reason
from objections.models.phone import DIGITS
from objections.public import typed
from objections.public.pictures import PicturedReasons
from recipients.models import Region


class Question(forms.Form):
    """A form whose fields say what is wrong themselves: no field is `required` to Django, none has HTML limits."""

    use_required_attribute = False

    def __init__(self, *args: Any, problem: tuple[str, str] | None = None, **kwargs: Any) -> None:
        """`problem`: a field and what is wrong with it that only the answer could tell."""
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        if problem and problem[0] in self.fields:
            self.add_error(*problem)
        for name in self.errors if self.is_bound else []:
            if name in self.fields:
                described = f"{name}-salah" + (f" {name}-bantu" if self.fields[name].help_text else "")
                self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": described}
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs.setdefault("aria-describedby", f"{name}-bantu")


class Typed(forms.CharField):
    """Text as a person typed it: characters that print nothing are dropped before anything else looks."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(typed.printable(str(value or ""))))


def _text(label: Any, hint: Any = "", widget: Any = forms.TextInput, **attrs: str) -> Typed:
    return Typed(
        label=label,
        help_text=hint,
        required=False,
        max_length=200,
        error_messages={"max_length": gettext_lazy("Tulisan itu terlalu panjang.")},
        widget=widget(attrs=attrs),
    )


_DIFFERS = gettext_lazy(
    "Tanggal lahir tidak sama dengan NIK. Lihat lagi angka ke-7 sampai ke-12. "
    "Kalau KTP Anda memang begitu, pilih: Tanggal ini benar seperti di KTP."
)


class IdentityForm(Question):
    nik = _text("NIK", gettext_lazy("16 angka di KTP atau KK. Boleh pakai spasi."), inputmode="numeric")
    birth_date = _text(
        gettext_lazy("Tanggal lahir"), gettext_lazy("Contoh: 27 8 1975"), autocomplete="bday", size="20"
    )

    is_sure = forms.BooleanField(label=gettext_lazy("Tanggal ini benar seperti di KTP"), required=False)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """The date is shown again as it was typed."""
        if field_name == "birth_date":
            return self.initial.get("birth_typed") or self.initial.get("birth_date", "")
        return super().get_initial_for_field(field, field_name)

    @property
    def asks_if_sure(self) -> bool:
        """Only somebody whose date differs from the NIK meets the question, and again with the answer given."""
        if not self.is_bound:
            return bool(self.initial.get("is_sure"))
        return self.has_error("birth_date", "differs") or bool(self.data.get("is_sure"))

    def clean_nik(self) -> str:
        return typed.read_nik(self.cleaned_data["nik"])

    def clean_birth_date(self) -> str:
        return typed.read_birth_date(self.cleaned_data["birth_date"], timezone.localdate()).isoformat()

    def clean(self) -> None:
        """The NIK carries a birth date, so a slip of the finger shows; but it stays when a birth date is corrected."""
        self.cleaned_data["birth_typed"] = self.data.get("birth_date", "").strip()
        nik, born = self.cleaned_data.get("nik"), self.cleaned_data.get("birth_date")
        differs = bool(nik and born and not ids.agrees_with_birth_date(nik, date.fromisoformat(born)))
        if differs and not self.cleaned_data["is_sure"]:
            self.add_error("birth_date", ValidationError(_DIFFERS, code="differs"))
        self.cleaned_data["is_sure"] = differs


class ReasonsForm(Question):
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Apa yang tidak benar?"),
        help_text=gettext_lazy("Boleh pilih lebih dari satu."),
        choices=Reason.choices,
        required=False,
        widget=PicturedReasons,
        error_messages={"invalid_choice": gettext_lazy("Pilih dari daftar ini.")},
    )

    def clean_reasons(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["reasons"]
        if not chosen:
            raise ValidationError(_("Pilih paling sedikit satu"))
        return list(dict.fromkeys(chosen))


class _Files(forms.FileInput):
    allow_multiple_selected = True


def _file(label: Any, hint: Any, accept: str, **attrs: str) -> forms.Field:
    """A field that only shows: what comes with it is judged by its content, one file after another."""
    widget = _Files if "multiple" in attrs else forms.FileInput
    return forms.Field(
        label=label, help_text=hint, required=False, widget=widget(attrs={"accept": accept, **attrs})
    )


class StoryForm(Question):
    story = Typed(
        label=gettext_lazy("Cerita Anda"),
        help_text=gettext_lazy("Boleh dilewati. Boleh bahasa Sasak. Paling banyak 2.000 huruf."),
        required=False,
        widget=forms.Textarea(attrs={"rows": "7"}),
    )

    voice = _file(
        gettext_lazy("Atau rekam suara"), gettext_lazy("Paling lama 1 menit. Boleh dilewati."), "audio/*"
    )

    def clean_story(self) -> str:
        return typed.read_story(self.cleaned_data["story"])

    def clean(self) -> None:
        self.cleaned_data.pop("voice", None)  # public/evidence.py takes files; a draft keeps words


class PhotosForm(Question):
    photos = _file(
        gettext_lazy("Pilih foto"),
        gettext_lazy("Paling banyak 3 foto. Tiap foto paling besar 8 MB."),
        "image/jpeg,image/png,image/webp",
        multiple="multiple",
    )

    def clean(self) -> None:
        self.cleaned_data.pop("photos", None)


def village_choices(regions: Any = None) -> list[tuple[Any, Any]]:
    """Villages by sub-district. Ids as text: a template would put a thousand separator into a number."""
    villages = (regions if regions is not None else Region.objects.all()).villages()
    rows = villages.order_by("parent__name", "name").values_list("pk", "name", "parent__name")
    groups = groupby(rows, key=lambda row: row[2])
    grouped = [
        (subdistrict, [(str(pk), name) for pk, name, _parent in group]) for subdistrict, group in groups
    ]
    return [("", _("Pilih desa")), *grouped]


class NoticeForm(Question):
    """How to tell the person; nothing chosen is an SMS."""

    notice_by = forms.ChoiceField(
        label=gettext_lazy("Cara kami mengabari Anda"),
        choices=NoticeBy.choices,
        initial=NoticeBy.SMS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Pilih dari daftar ini.")},
    )

    def clean_notice_by(self) -> str:
        return self.cleaned_data["notice_by"] or NoticeBy.SMS.value

    def in_words_for(self, kind: str) -> None:
        """The choices as they are meant for this kind of case."""
        self.fields["notice_by"].choices = [  # type: ignore[attr-defined]
            (way, notices.way_in_words(way, kind)) for way in NoticeBy.values
        ]


class ContactForm(NoticeForm):
    phone = _text(
        gettext_lazy("Nomor HP"),
        gettext_lazy("Contoh: 0812 0000 0000"),
        widget=forms.TelInput,
        autocomplete="tel",
    )
    no_phone = forms.BooleanField(label=gettext_lazy("Saya tidak punya HP"), required=False)
    village = forms.ChoiceField(
        label=gettext_lazy("Desa atau kelurahan"),
        help_text=gettext_lazy("Boleh dilewati."),
        choices=village_choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Pilih desa dari daftar.")},
    )
    field_order = ("phone", "no_phone", "notice_by", "village")

    def clean_phone(self) -> str:
        return typed.read_phone(self.cleaned_data["phone"])

    def clean(self) -> None:
        if "phone" in self.errors:
            return
        phone, none = self.cleaned_data.get("phone"), self.cleaned_data.get("no_phone")
        if phone and none:
            self.add_error("phone", _("Pilih salah satu: nomor HP, atau tidak punya HP."))
        if not phone and not none:
            self.add_error("phone", _("Ketik nomor HP, atau pilih: Saya tidak punya HP."))


class StatusForm(Question):
    number = _text(
        gettext_lazy("Nomor sanggahan"), gettext_lazy("Contoh: SGH-26-4K7Q-2"), autocapitalize="characters"
    )
    pin = _text("PIN", gettext_lazy("8 huruf atau angka di tanda terima."), autocapitalize="characters")

    def clean_number(self) -> str:
        number = _typed(self.cleaned_data["number"], _("Ketik nomor sanggahan"))
        return typed.read_receipt_no(number, timezone.localdate())

    def clean_pin(self) -> str:
        return _typed(self.cleaned_data["pin"], _("Ketik PIN"))


class PinForm(Question):
    pin = _text("PIN", gettext_lazy("8 huruf atau angka di tanda terima."), autocapitalize="characters")

    def clean_pin(self) -> str:
        return _typed(self.cleaned_data["pin"], _("Ketik PIN"))


class AddForm(Question):
    note = Typed(
        label=gettext_lazy("Keterangan"),
        help_text=gettext_lazy("Boleh bahasa Sasak. Paling banyak 2.000 huruf."),
        required=False,
        widget=forms.Textarea(attrs={"rows": "5"}),
    )
    photos = _file(
        gettext_lazy("Foto, boleh dilewati"),
        gettext_lazy("Paling banyak 6 foto untuk satu sanggahan. Tiap foto paling besar 8 MB."),
        "image/jpeg,image/png,image/webp",
        multiple="multiple",
    )

    def clean_note(self) -> str:
        return typed.read_story(self.cleaned_data["note"])

    def clean(self) -> None:
        self.cleaned_data.pop("photos", None)


class PhoneCodeForm(Question):
    code = _text(
        gettext_lazy("Kode dari HP"),
        gettext_lazy("8 angka. Boleh pakai spasi."),
        inputmode="numeric",
        autocomplete="one-time-code",
    )

    def clean_code(self) -> str:
        digits = ids.ungrouped(_typed(self.cleaned_data["code"], _("Ketik kode dari HP")))
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError(_("Kode dari HP hanya berisi angka."))
        if len(digits) != DIGITS:
            message = _("Kode dari HP %(right)d angka. Anda mengetik %(count)d.")
            raise ValidationError(message, params={"right": DIGITS, "count": len(digits)})
        return digits


class CodeForm(Question):
    code = _text(
        gettext_lazy("Kode surat"), gettext_lazy("12 huruf atau angka di surat."), autocapitalize="characters"
    )

    def clean_code(self) -> str:
        code = codes.normalise(_typed(self.cleaned_data["code"], _("Ketik kode dari surat")))
        if len(code) != codes.LETTER_LENGTH:
            message = _("Kode surat %(right)d tanda. Anda mengetik %(count)d.")
            raise ValidationError(message, params={"right": codes.LETTER_LENGTH, "count": len(code)})
        return code


def _typed(text: str, otherwise: str) -> str:
    if not text.strip():
        raise ValidationError(otherwise)
    return text.strip()

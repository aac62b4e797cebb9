"""What the registry's codes say, in plain Indonesian: our book, that of the DTSEN table (domain.md 3.3).

A delivery in another book is turned into ours when it is read (importing/codebooks.py)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from recipients.models import WelfareSnapshot

YES_NO = {1: _("ada"), 2: _("tidak ada")}
UNKNOWN = _("tidak tercatat")

HOUSING: dict[str, tuple[Any, dict[int, Any] | None]] = {
    "home_ownership": (
        _("Rumah"),
        {1: _("milik sendiri"), 2: _("sewa"), 3: _("bebas sewa"), 4: _("rumah dinas"), 5: _("lainnya")},
    ),
    "floor_area": (_("Luas lantai"), None),
    "floor_type": (
        _("Lantai"),
        {
            1: _("marmer atau granit"), 2: _("keramik"), 3: _("parket, vinil, atau karpet"),
            4: _("ubin, tegel, atau teraso"), 5: _("kayu atau papan"), 6: _("semen atau bata merah"), 7: _("bambu"),
            8: _("tanah"), 9: _("lainnya"),
        },
    ),
    "wall_type": (
        _("Dinding"),
        {
            1: _("tembok"), 2: _("plesteran anyaman bambu atau kawat"), 3: _("kayu, papan, gipsum, atau GRC"),
            4: _("anyaman bambu"), 5: _("batang kayu"), 6: _("bambu"), 7: _("lainnya"),
        },
    ),
    "roof_type": (
        _("Atap"),
        {
            1: _("beton"), 2: _("genteng"), 3: _("seng"), 4: _("asbes"),
            5: _("kayu atau sirap"), 6: _("bambu"),
            7: _("jerami, ijuk, atau rumbia"), 8: _("lainnya"),
        },
    ),
    "water_source": (
        _("Air minum"),
        {
            1: _("air kemasan bermerek"), 2: _("air isi ulang"), 3: _("leding"), 4: _("sumur bor atau pompa"),
            5: _("sumur terlindung"), 6: _("sumur tak terlindung"), 7: _("mata air terlindung"),
            8: _("mata air tak terlindung"), 9: _("air permukaan"), 10: _("air hujan"), 11: _("lainnya"),
        },
    ),
    "lighting_source": (
        _("Penerangan"),
        {
            1: _("listrik PLN dengan meteran"), 2: _("listrik PLN tanpa meteran"), 3: _("listrik bukan PLN"),
            4: _("bukan listrik"),
        },
    ),
    "power": (
        _("Daya listrik"),
        {1: _("450 watt"), 2: _("900 watt"), 3: _("1.300 watt"), 4: _("2.200 watt"), 5: _("lebih dari 2.200 watt")},
    ),
    "cooking_fuel": (
        _("Bahan bakar memasak"),
        {
            0: _("tidak memasak di rumah"), 1: _("listrik"), 2: _("elpiji 5,5 kg"), 3: _("elpiji 12 kg"),
            4: _("elpiji 3 kg"), 5: _("gas kota"), 6: _("biogas"), 7: _("minyak tanah"), 8: _("briket"),
            9: _("arang"), 10: _("kayu bakar"), 11: _("lainnya"), 12: _("tidak memasak di rumah"),
        },
    ),
    "toilet": (
        _("Tempat buang air besar"),
        {
            1: _("sendiri"), 2: _("bersama keluarga tertentu"), 3: _("MCK komunal"), 4: _("MCK umum"),
            5: _("ada, tidak dipakai"), 6: _("tidak ada"),
        },
    ),
    "closet": (
        _("Kloset"),
        {1: _("leher angsa"), 2: _("plengsengan dengan tutup"), 3: _("plengsengan"), 4: _("cemplung")},
    ),
    "sewage": (
        _("Pembuangan tinja"),
        {
            1: _("tangki septik"), 2: _("IPAL"), 3: _("sungai, danau, atau laut"), 4: _("lubang tanah"),
            5: _("pantai atau tanah lapang"), 6: _("lainnya"),
        },
    ),
}  # fmt: skip

ASSETS = {
    "asset_gas_cylinder": _("tabung gas 5,5 kg atau lebih"),
    "asset_fridge": _("lemari es"),
    "asset_air_conditioner": _("AC"),
    "asset_water_heater": _("pemanas air"),
    "asset_landline": _("telepon rumah"),
    "asset_flat_tv": _("TV layar datar"),
    "asset_gold": _("emas atau perhiasan"),
    "asset_computer": _("komputer, laptop, atau tablet"),
    "asset_motorcycle": _("sepeda motor"),
    "asset_bicycle": _("sepeda"),
    "asset_car": _("mobil"),
    "asset_boat": _("perahu"),
    "asset_motorboat": _("kapal atau perahu motor"),
    "asset_smartphone": _("HP pintar"),
    "asset_other_land": _("lahan lain"),
    "asset_other_house": _("rumah lain"),
}
LIVESTOCK = {
    "cattle": _("sapi"),
    "buffaloes": _("kerbau"),
    "horses": _("kuda"),
    "pigs": _("babi"),
    "goats_sheep": _("kambing atau domba"),
}

SEX = {1: _("laki-laki"), 2: _("perempuan")}
RELATION = {
    1: _("kepala keluarga"), 2: _("istri atau suami"), 3: _("anak"), 4: _("menantu"), 5: _("cucu"),
    6: _("orang tua atau mertua"), 7: _("pembantu"), 8: _("lainnya"),
}  # fmt: skip
SCHOOL = {1: _("belum pernah sekolah"), 2: _("masih sekolah"), 3: _("tidak sekolah lagi")}


def say(book: dict[int, Any], code: int | None) -> Any:
    """The words of a code; an unknown code is shown as it stands, never guessed."""
    if code is None:
        return UNKNOWN
    return book.get(code) or _("kode %(code)s") % {"code": code}


def housing(snapshot: WelfareSnapshot) -> list[tuple[Any, Any]]:
    """In our words; where the file was written in another book, with the number that stood in it."""
    written = snapshot.written_codes or {}
    told = []
    for name, (label, book) in HOUSING.items():
        value = _housing_value(snapshot, name, book)
        if name in written:
            source = {"value": value, "code": written[name], "book": written["book"]}
            value = _("%(value)s (tertulis %(code)s, buku kode %(book)s)") % source
        told.append((label, value))
    return told


def _housing_value(snapshot: WelfareSnapshot, name: str, book: dict[int, Any] | None) -> Any:
    value = getattr(snapshot, name)
    if book is not None:
        return say(book, value)
    return UNKNOWN if value is None else f"{value} m²"


def assets(snapshot: WelfareSnapshot) -> tuple[list[Any], list[Any], list[Any]]:
    """What the data says the family has, has not, and does not say."""
    has = [label for name, label in ASSETS.items() if getattr(snapshot, name) == 1]
    has_not = [label for name, label in ASSETS.items() if getattr(snapshot, name) == 2]
    silent = [label for name, label in ASSETS.items() if getattr(snapshot, name) not in (1, 2)]
    return has, has_not, silent


def livestock(snapshot: WelfareSnapshot) -> list[tuple[Any, int]]:
    return [(label, getattr(snapshot, name)) for name, label in LIVESTOCK.items() if getattr(snapshot, name)]

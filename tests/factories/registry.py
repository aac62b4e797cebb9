"""Invented people for tests: NIKs and card numbers with the non-existent sub-district 520399 (domain.md 9)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from django.db import connection

from bansos.common import vault
from recipients.enums import RegionLevel, VillageKind
from recipients.models import (
    CurrentRelease,
    Family,
    FamilyCardNumber,
    FamilyMembership,
    Person,
    PersonNik,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)

WITA = ZoneInfo("Asia/Makassar")
_serial = count(9001)


def make_nik(born: date = date(1980, 5, 12), sex: int = 1) -> str:
    day = born.day + (40 if sex == 2 else 0)
    return f"520399{day:02d}{born.month:02d}{born.year % 100:02d}{next(_serial) % 1000 + 9000:04d}"


def make_card_no() -> str:
    number = next(_serial)
    return f"520399{number // 1000 % 28 + 1:02d}01{number // 28000 % 100:02d}{number % 1000 + 9000:04d}"


def make_village(name: str = "Kesik", subdistrict: str = "Masbagik") -> Region:
    """A village with its sub-district and district; made once per name."""
    district, _ = Region.objects.get_or_create(
        code="52.03", defaults={"level": RegionLevel.DISTRICT, "name": "Lombok Timur"}
    )
    parent = Region.objects.filter(parent=district, name=subdistrict).first()
    if parent is None:
        number = Region.objects.filter(parent=district).count() + 1
        parent = Region.objects.create(
            code=f"52.03.{number:02d}", level=RegionLevel.SUBDISTRICT, name=subdistrict, parent=district
        )
    village = Region.objects.filter(parent=parent, name=name).first()
    if village is None:
        number = Region.objects.filter(parent=parent).count() + 2001
        village = Region.objects.create(
            code=f"{parent.code}.{number}",
            level=RegionLevel.VILLAGE,
            kind=VillageKind.DESA,
            name=name,
            parent=parent,
        )
    return village


def make_release(
    label: str = "2026-Q1", as_of: date = date(2026, 1, 23), *, publish: bool = True
) -> RegistryRelease:
    release = RegistryRelease.objects.create(
        label=label, as_of=as_of, applied_at=datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=WITA)
    )
    if publish:
        CurrentRelease.objects.update_or_create(id=CurrentRelease.ONLY, defaults={"release": release})
    return release


def make_family(
    *,
    release: RegistryRelease,
    village: Region | None = None,
    decile: int | None = 3,
    card_no: str = "",
    **facts: object,
) -> Family:
    """A family standing since `release`."""
    village = village or make_village()
    card_no = card_no or make_card_no()
    family = Family.objects.create(village=village)
    index = vault.blind_index(vault.CARD_NO, card_no)
    FamilyCardNumber.objects.create(family=family, sealed=vault.encrypt(vault.CARD_NO, card_no), index=index)
    facts = {"head_name": "AMAQ SAHRUN", "row_key": family.pk, **facts}
    WelfareSnapshot.objects.create(
        family=family, from_release=release, village=village, decile=decile, **facts
    )
    return family


def make_member(
    family: Family,
    *,
    release: RegistryRelease,
    born: date = date(1980, 5, 12),
    sex: int = 1,
    nik: str = "",
    **facts: object,
) -> FamilyMembership:
    """A person standing in the family since `release`."""
    nik = nik or make_nik(born, sex)
    person = Person.objects.create()
    index = vault.blind_index(vault.NIK, nik)
    PersonNik.objects.create(person=person, sealed=vault.encrypt(vault.NIK, nik), index=index)
    facts = {"name": "INAQ SAHRUN", "row_key": person.pk, **facts}
    return FamilyMembership.objects.create(
        person=person, family=family, from_release=release, birth_date=born, sex=sex, **facts
    )


_KEPT = {"recipients_welfaresnapshot": "snapshot_kept", "recipients_familymembership": "membership_kept"}


def switch_guards(word: str) -> None:
    """DISABLE or ENABLE the triggers that keep what a release said, for tests that put facts there by hand."""
    for table, trigger in _KEPT.items():
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {trigger}")


def no_decile_changes() -> None:
    """As if no release had moved anybody: of published releases not even a test deletes rows one by one."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE recipients_decilechange")

"""One family: how it is founded, and its rows in the two files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from recipients.synthetic import names
from recipients.synthetic.draws import TABLE_SHIFT, founding_draws, pick, seed_key, weighted_table
from recipients.synthetic.dwellings import Dwelling, dwellings
from recipients.synthetic.numbers import ISO, Numbers, day_of
from recipients.synthetic.places import Address, Places, address_in
from recipients.synthetic.quarters import Quarter
from recipients.synthetic.structures import CHILD, HEAD, SPOUSE, Structure, structures

WELFARE_LEVELS = range(1, 11)
# Families of the district by national decile: its poverty rate is 13.53 % against 8.47 % (domain.md 3).
DECILE_SHARES = (0.165, 0.145, 0.125, 0.115, 0.10, 0.09, 0.085, 0.07, 0.06, 0.045)
UNRANKED_SHARE = 0.005
# Members of families with insurance paid by the centre, then by the district when not, by welfare 1 to 10.
NATIONAL_PBI = (0.88, 0.82, 0.74, 0.64, 0.52, 0.16, 0.07, 0.03, 0.01, 0.005)
LOCAL_PBI = (0.30, 0.28, 0.26, 0.25, 0.24, 0.20, 0.10, 0.04, 0.01, 0.0)
NOBLE_SHARE = 0.06
AFTER_CHILD_SHARE = 0.40  # of couples past 50
PILGRIM_SHARE = 0.14  # of heads past 45 who are fairly well off
OLDEST_CARD = day_of(date(2010, 1, 4))
YEAR = 365.25

FAMILY_DRAWS = 11  # what founding draws are used for before the members' three each
MEMBERS_PER_HASH = 7


@dataclass(slots=True)
class Member:
    nik: str
    name: str
    sex: int
    born: int  # day
    marital: int
    relation: int
    facts: str

    def age(self, today: int) -> int:
        return int((today - self.born) / YEAR)


@dataclass(slots=True)
class Family:
    ident: bytes
    card_no: str
    members: list[Member]
    address: Address
    dwelling: Dwelling
    customer: str
    pbi: str
    welfare: int  # what the decile is guessed from; the centre's ranking may say otherwise
    decile: int | None
    is_gone: bool = False

    @property
    def head(self) -> Member:
        return next(member for member in self.members if member.relation == HEAD)

    def row(self) -> str:
        decile = "" if self.decile is None else self.decile
        return (
            f"{self.card_no},{self.head.name},{len(self.members)},{self.address.text},{self.address.village.columns},"
            f"{self.dwelling.before},{self.customer},{self.dwelling.after},{self.pbi},{decile}\n"
        )

    def member_rows(self) -> str:
        card_no, home, tail = self.card_no, self.address.card_columns, f"{self.pbi},{self.customer}\n"
        return "".join(
            [
                f"{m.nik},{card_no},{m.name},{m.sex},{ISO[m.born]},{m.marital},{m.relation},{home},{m.facts},{tail}"
                for m in self.members
            ]
        )


class Founder:
    """Founds families; all it needs is made once, the same for the same seed."""

    def __init__(self, seed: int, releases: int) -> None:
        self.key = seed_key(seed)
        self.numbers = Numbers(releases)
        self.places = Places()
        self.welfare_table = weighted_table(DECILE_SHARES)
        chance = Random(f"{seed} structures")
        self.structures = tuple(structures(chance, welfare) for welfare in WELFARE_LEVELS)
        chance = Random(f"{seed} dwellings")
        self.dwellings = tuple(dwellings(chance, welfare) for welfare in WELFARE_LEVELS)

    def found(self, ident: bytes, quarter: Quarter) -> Family:
        """A whole family: of the first release, or one that moves into the district in this quarter."""
        draws = founding_draws(self.key, ident)
        welfare = self.welfare_table[draws[0] >> TABLE_SHIFT] + 1
        structure = pick(self.structures[welfare - 1], draws[1])
        if len(structure) > MEMBERS_PER_HASH:
            draws += founding_draws(self.key, ident + b"more")
        members = self._members(structure, draws, quarter)
        _honour(members, structure, draws, welfare)
        return self.settle(
            ident,
            quarter,
            members,
            welfare=welfare,
            address=address_in(
                self.places.villages[self.places.table[draws[2] >> TABLE_SHIFT]], draws[3], draws[4]
            ),
            decile=None if draws[5] < UNRANKED_SHARE * 65536 else welfare,
            draws=draws[6:11],
        )

    def settle(
        self,
        ident: bytes,
        quarter: Quarter,
        members: list[Member],
        *,
        welfare: int,
        address: Address,
        decile: int | None,
        draws: tuple[int, ...],
    ) -> Family:
        """Gives people a card, a house and their insurance; `draws` are five."""
        dwelling = pick(self.dwellings[welfare - 1], draws[0])
        earliest = day_of(quarter.begins) if quarter.index else OLDEST_CARD
        issued = earliest + (draws[1] * (day_of(quarter.as_of) - earliest + 1) >> 16)
        return Family(
            ident=ident,
            card_no=self.numbers.card_no(issued),
            members=members,
            address=address,
            dwelling=dwelling,
            customer=f"9990{draws[2] << 10 | draws[1] & 1023:08d}" if dwelling.is_metered else "",
            pbi=_pbi(welfare, draws[3], draws[4]),
            welfare=welfare,
            decile=decile,
        )

    def number_giver(self, quarter: Quarter) -> Callable[[int, int], str]:
        """How people who were not in the registry before get their NIK: by day of birth and sex."""
        if quarter.index == 0:
            return self.numbers.nik
        return lambda day, sex: self.numbers.newcomer_nik(day, sex, quarter.index)

    def _members(self, structure: Structure, draws: tuple[int, ...], quarter: Quarter) -> list[Member]:
        today, nik = day_of(quarter.as_of), self.number_giver(quarter)
        is_noble = draws[7] < NOBLE_SHARE * 65536
        members: list[Member] = []
        at = FAMILY_DRAWS
        for role in structure:
            birthday, first, second = draws[at : at + 3]
            at += 3
            born = today - int(role.age * YEAR) - 1 - (birthday * 363 >> 16)
            name = names.given_name(role.sex, role.age, first, second, birthday * 31 & 0xFFFF)
            if is_noble and role.relation in (HEAD, SPOUSE, CHILD):
                name = names.noble_name(name, role.sex, second * 17 & 0xFFFF)
            members.append(
                Member(nik(born, role.sex), name, role.sex, born, role.marital, role.relation, role.facts)
            )
        return members


def _pbi(welfare: int, national: int, local: int) -> str:
    if national < NATIONAL_PBI[welfare - 1] * 65536:
        return "1,2"
    return "2,1" if local < LOCAL_PBI[welfare - 1] * 65536 else "2,2"


def _honour(members: list[Member], structure: Structure, draws: tuple[int, ...], welfare: int) -> None:
    """Elders are called after their eldest child; some who are well off have been to Mecca."""
    head = structure[0]
    if head.age < 46:
        return
    child = next((m for m, role in zip(members, structure, strict=True) if role.relation == CHILD), None)
    if (
        head.age >= 50
        and child
        and draws[8] < AFTER_CHILD_SHARE * 65536
        and not names.is_noble(members[0].name)
    ):
        _call_after(members, structure, child)
    elif welfare >= 6 and draws[8] > (1 - PILGRIM_SHARE) * 65536:
        members[0].name = names.pilgrim_name(members[0].name, head.sex)


def _call_after(members: list[Member], structure: Structure, child: Member) -> None:
    for member, role in zip(members, structure, strict=True):
        if role.relation in (HEAD, SPOUSE) and role.age >= 46:
            member.name = names.after_child(role.sex, role.age, child.name)

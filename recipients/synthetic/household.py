"""The things that happen in a household between two releases. Each changes the family in place.

`draws` are 24 draws of 16 bits of this family and quarter. An event that finds nobody to happen to does nothing.
"""

from __future__ import annotations

from random import Random

from recipients.synthetic import names
from recipients.synthetic.draws import TABLE_SHIFT, between, pick
from recipients.synthetic.families import Family, Founder, Member
from recipients.synthetic.names import FEMALE, MALE
from recipients.synthetic.numbers import day_of
from recipients.synthetic.persons import facts, school_moves_on
from recipients.synthetic.places import address_in
from recipients.synthetic.quarters import Quarter
from recipients.synthetic.structures import (
    CHILD,
    CHILD_IN_LAW,
    GRANDCHILD,
    HEAD,
    MARRIED,
    OTHER,
    PARENT,
    SINGLE,
    SPOUSE,
    WIDOWED,
)

Draws = tuple[int, ...]
GROWN = 18
BETWEEN_BIRTHS = 420  # days
CHANGING_ASSETS = (
    *("aset_bergerak_sepeda_motor",) * 3, *("aset_bergerak_smartphone",) * 3, *("aset_bergerak_emas_perhiasan",) * 3,
    *("aset_bergerak_lemari_es", "aset_bergerak_tv_datar", "aset_bergerak_sepeda") * 2,
    "aset_bergerak_komputer_laptop_tablet", "aset_tidak_bergerak_lahan_lainnya", "aset_bergerak_mobil",
)  # fmt: skip
UNRANKED_NEW_FAMILIES = 0.5
# What the others become to a new head, by what the new head was: the rest become "other".
BECOMES: dict[int, dict[int, int]] = {
    SPOUSE: {relation: relation for relation in (CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT)},
    CHILD: {GRANDCHILD: CHILD, CHILD_IN_LAW: SPOUSE},
    PARENT: {CHILD: GRANDCHILD},
}


def another_fact(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> None:
    """The village brought its data up to date: belongings, address, power or floor; and school moved on."""
    today = day_of(quarter.as_of)
    kind = draws[0] >> 12  # sixteen parts
    if kind < 9:
        family.dwelling = family.dwelling.with_asset_flipped(pick(CHANGING_ASSETS, draws[1]))
    elif kind < 13:
        family.address = address_in(family.address.village, draws[1], draws[2])
    elif kind < 15 and family.dwelling.is_metered:
        power = min(5, int(family.dwelling.value("daya_terpasang")) + 1)
        family.dwelling = family.dwelling.with_column("daya_terpasang", str(power))
    else:
        area = int(family.dwelling.value("luas_lantai")) + between(4, 24, draws[1])
        family.dwelling = family.dwelling.with_column("luas_lantai", str(area))
    for member in family.members:
        member.facts = school_moves_on(member.facts, member.age(today), draws[3])


def birth(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> None:
    today = day_of(quarter.as_of)
    mother = next((m for m in family.members if _may_give_birth(m, today)), None)
    if mother is None or any(m.born > today - BETWEEN_BIRTHS for m in family.members):
        return
    born = between(day_of(quarter.begins), today, draws[0])
    sex = MALE if draws[1] & 1 else FEMALE
    name = names.given_name(sex, 0, draws[2], draws[3], draws[4])
    is_childs_child = mother.relation in (CHILD, CHILD_IN_LAW)
    if names.is_noble(family.head.name) and not is_childs_child:
        name = names.noble_name(name, sex, draws[5])
    relation = GRANDCHILD if is_childs_child else CHILD
    nik = founder.numbers.nik(born, sex)
    family.members.append(Member(nik, name, sex, born, SINGLE, relation, _facts_of(family, sex, 0, draws[6])))


def death(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> None:
    today = day_of(quarter.as_of)
    dead = _who_dies(family.members, today, draws[0])
    left = [member for member in family.members if member is not dead]
    if not left:
        family.is_gone = True
    elif dead.relation != HEAD:
        family.members = left
        if dead.relation == SPOUSE:
            family.head.marital = WIDOWED
    elif (successor := _successor(left, today)) is not None:
        _succeed(successor, left)
        family.members = [successor, *(member for member in left if member is not successor)]


def split(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> Family | None:
    """A grown child marries somebody from elsewhere and gets a card of their own."""
    today = day_of(quarter.as_of)
    leaver = next((m for m in family.members if _may_marry(m, today)), None)
    if leaver is None:
        return None
    family.members.remove(leaver)
    welfare = min(10, max(1, family.welfare + pick((-1, 0, 0, 0, 1), draws[0])))
    couple = [leaver, _newcomer(founder, family, leaver, quarter, draws)]
    couple.sort(key=lambda member: member.sex)
    couple[0].relation, couple[1].relation = HEAD, SPOUSE
    leaver.marital = MARRIED
    return founder.settle(
        family.ident + bytes((quarter.index, 0)),
        quarter,
        couple,
        welfare=welfare,
        address=address_in(family.address.village, draws[1], draws[2]),
        decile=None if draws[3] < UNRANKED_NEW_FAMILIES * 65536 else welfare,
        draws=draws[4:9],
    )


def move(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> None:
    """To another village of the district: the card stays, the address does not."""
    villages = founder.places.villages
    index = founder.places.table[draws[0] >> TABLE_SHIFT]
    village = villages[index]
    if village is family.address.village:
        village = villages[(index + 1) % len(villages)]
    family.address = address_in(village, draws[1], draws[2])


def leave(founder: Founder, family: Family, quarter: Quarter, draws: Draws) -> None:
    """Out of the district, and out of its file for good."""
    family.is_gone = True


# --- who it happens to --------------------------------------------------------------------------------------


def _may_give_birth(member: Member, today: int) -> bool:
    return member.sex == FEMALE and member.marital == MARRIED and 17 <= member.age(today) <= 43


def _may_marry(member: Member, today: int) -> bool:
    return member.relation == CHILD and member.marital == SINGLE and 19 <= member.age(today) <= 34


def _who_dies(members: list[Member], today: int, draw: int) -> Member:
    """The older, the likelier, doubling about every eight years."""
    risks = [2 ** (member.age(today) / 8) for member in members]
    left = draw / 65536 * sum(risks)
    for member, risk in zip(members, risks, strict=True):
        left -= risk
        if left < 0:
            return member
    return members[-1]


def _successor(left: list[Member], today: int) -> Member | None:
    """Spouse first, then a married child, then the eldest grown-up."""
    grown = [member for member in left if member.relation == SPOUSE or member.age(today) >= GROWN]
    rank = {SPOUSE: 0, CHILD: 1}
    is_settled = {MARRIED: 0}
    return min(
        grown,
        key=lambda m: (rank.get(m.relation, 2), is_settled.get(m.marital, 1), m.born),
        default=None,
    )


def _succeed(successor: Member, left: list[Member]) -> None:
    was = successor.relation
    has_own_family = was != CHILD or successor.marital == MARRIED
    for member in left:
        member.relation = BECOMES.get(was, {}).get(member.relation, OTHER) if has_own_family else OTHER
    successor.relation = HEAD
    if was == SPOUSE:
        successor.marital = WIDOWED


def _newcomer(founder: Founder, family: Family, leaver: Member, quarter: Quarter, draws: Draws) -> Member:
    """The husband or wife, who was in no family of the district's registry before."""
    today, sex = day_of(quarter.as_of), 3 - leaver.sex
    gap = between(0, 5, draws[9])
    age = max(GROWN, leaver.age(today) + (gap if sex == MALE else -gap))
    born = today - int(age * 365.25) - 1 - between(0, 362, draws[10])
    name = names.given_name(sex, age, draws[11], draws[12], draws[13])
    nik = founder.numbers.newcomer_nik(born, sex, quarter.index)
    return Member(nik, name, sex, born, MARRIED, SPOUSE, _facts_of(family, sex, age, draws[14]))


def _facts_of(family: Family, sex: int, age: int, draw: int) -> str:
    return facts(Random(draw), age=age, sex=sex, welfare=family.welfare)

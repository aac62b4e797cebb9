"""Who lives together: made once for each welfare level, then given to families with names and birthdays of their own.

Ages are completed years on the day of the release, so that schooling, parents and children fit each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from recipients.synthetic.names import FEMALE, MALE
from recipients.synthetic.persons import facts

HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, HELPER, OTHER = range(1, 9)
SINGLE, MARRIED, DIVORCED, WIDOWED = range(1, 5)
OLDEST = 84
STRUCTURES_PER_WELFARE = 512
AT_HOME = (
    *(1.0,) * 18,
    0.95,
    0.85,
    0.7,
    0.6,
    0.5,
    0.45,
    0.4,
    0.35,
    0.3,
    0.25,
    0.0,
)  # share of children, by age


@dataclass(frozen=True, slots=True)
class Role:
    """A place in a family that some made-up person will take."""

    relation: int
    sex: int
    age: int
    marital: int
    facts: str = ""


Structure = tuple[Role, ...]

# Shares of the kinds of families: for the poorest, and how each share grows with a step of welfare. The mean size
# comes out near 3.04, the national members per family (domain.md 3).
KINDS = {
    "alone": (14.5, -0.5),
    "couple": (16.5, 0.1),
    "nuclear": (46, 1.0),
    "mother": (10, -0.4),
    "father": (1.5, 0),
    "with_parent": (5, 0.1),
    "three_generations": (3.5, 0),
    "skipped": (2.5, -0.15),
    "with_other": (1, 0.1),
}


def structures(random: Random, welfare: int, count: int = STRUCTURES_PER_WELFARE) -> tuple[Structure, ...]:
    weights = [start + step * (welfare - 1) for start, step in KINDS.values()]
    kinds = random.choices(list(KINDS), weights, k=count)
    return tuple(_with_facts(random, _MAKERS[kind](random, welfare), welfare) for kind in kinds)


def _with_facts(random: Random, roles: list[Role], welfare: int) -> Structure:
    return tuple(
        Role(
            role.relation,
            role.sex,
            role.age,
            role.marital,
            facts(random, age=role.age, sex=role.sex, welfare=welfare),
        )
        for role in roles
    )


def _alone(random: Random, welfare: int) -> list[Role]:
    if random.random() < 0.7:
        sex = FEMALE if random.random() < 0.75 else MALE
        return [Role(HEAD, sex, random.randint(55, OLDEST), WIDOWED)]
    sex = random.choice((MALE, FEMALE))
    return [Role(HEAD, sex, random.randint(22, 54), random.choice((SINGLE, DIVORCED)))]


def _pair(random: Random, age: int) -> list[Role]:
    wife = max(18, age - random.randint(-2, 8))
    return [Role(HEAD, MALE, age, MARRIED), Role(SPOUSE, FEMALE, wife, MARRIED)]


def _couple(random: Random, welfare: int) -> list[Role]:
    return _pair(random, random.randint(20, 33) if random.random() < 0.3 else random.randint(48, 80))


def _children(random: Random, mother_age: int, wanted: int, relation: int = CHILD) -> list[Role]:
    """Children at home: born to a mother of 18 to 43, two years apart or more; grown ones have often left."""
    age = mother_age - random.randint(18, 27)
    children: list[Role] = []
    while age >= 0 and len(children) < wanted:
        if age >= mother_age - 43 and random.random() < AT_HOME[min(age, 28)]:
            children.append(Role(relation, random.choice((MALE, FEMALE)), age, SINGLE))
        age -= random.choice((2, 3, 3, 4, 4, 5, 6))
    return children


def _number_of_children(random: Random, welfare: int) -> int:
    weights = (34, 43, 18, 5) if welfare > 5 else (29, 42, 22, 7)
    return random.choices((1, 2, 3, 4), weights)[0]


def _nuclear(random: Random, welfare: int) -> list[Role]:
    pair = _pair(random, random.randint(22, 58))
    return pair + _children(random, pair[1].age, _number_of_children(random, welfare))


def _mother(random: Random, welfare: int) -> list[Role]:
    age = random.randint(24, 60)
    marital = WIDOWED if random.random() < age / 80 else DIVORCED
    children = _children(random, age, min(3, _number_of_children(random, welfare)))
    return [Role(HEAD, FEMALE, age, marital), *children]


def _father(random: Random, welfare: int) -> list[Role]:
    age = random.randint(30, 65)
    children = _children(random, max(18, age - 4), 2)
    return [Role(HEAD, MALE, age, random.choice((DIVORCED, WIDOWED))), *children]


def _with_parent(random: Random, welfare: int) -> list[Role]:
    family = _nuclear(random, welfare)
    older = max(family[0].age, family[1].age)
    age = min(OLDEST, older + random.randint(18, 30))
    return [*family, Role(PARENT, FEMALE if random.random() < 0.75 else MALE, age, WIDOWED)]


def _three_generations(random: Random, welfare: int) -> list[Role]:
    pair = _pair(random, random.randint(46, 68))
    age = min(34, pair[1].age - random.randint(19, 24))
    if age < 20:
        return pair + _children(random, pair[1].age, 2)
    sex = random.choice((MALE, FEMALE))
    partner = max(19, age - random.randint(0, 4)) if sex == MALE else age + random.randint(0, 6)
    young = [Role(CHILD, sex, age, MARRIED), Role(CHILD_IN_LAW, 3 - sex, partner, MARRIED)]
    mother_age = partner if sex == MALE else age
    return pair + young + _children(random, mother_age, random.choice((1, 1, 2)), GRANDCHILD)


def _skipped(random: Random, welfare: int) -> list[Role]:
    """Grandchildren in care, their parents at work abroad."""
    age = random.randint(54, 75)
    grandchild = random.randint(max(2, age - 62), min(17, age - 38))
    head = Role(HEAD, random.choice((MALE, FEMALE, FEMALE)), age, WIDOWED)
    return [head, Role(GRANDCHILD, random.choice((MALE, FEMALE)), grandchild, SINGLE)]


def _with_other(random: Random, welfare: int) -> list[Role]:
    other = Role(OTHER, random.choice((MALE, FEMALE)), random.randint(8, 24), SINGLE)
    return [*_nuclear(random, welfare), other]


_MAKERS = {
    "alone": _alone,
    "couple": _couple,
    "nuclear": _nuclear,
    "mother": _mother,
    "father": _father,
    "with_parent": _with_parent,
    "three_generations": _three_generations,
    "skipped": _skipped,
    "with_other": _with_other,
}

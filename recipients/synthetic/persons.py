"""Schooling, work and health of one person, plausible for age, sex and how well off the family is (welfare 1 to 10).

Codes follow the Regsosek 2022-K code book (domain.md 3.3). Those of work branch and certificate no rule reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from recipients.importing.layouts import DISABILITY, MEMBER_HEADERS
from recipients.synthetic.names import MALE

# Levels 1 to 22 grouped by school stage; to be confirmed by the office (the code book's page was not found).
SCHOOL_LEVELS = {"SD": range(1, 6), "SMP": range(6, 11), "SMA": range(11, 18), "HIGHER": range(18, 23)}
SD, MI, SMP, MTS, SMA, MA, SMK, DIPLOMA, DEGREE = 3, 4, 8, 9, 13, 14, 15, 18, 19

NEVER, AT_SCHOOL, NO_LONGER = 1, 2, 3
FINISHED_GRADE = 8
OWN_ACCOUNT, WITH_HELPERS, EMPLOYER, EMPLOYEE, STATE, FARM_HAND, DAY_LABOUR, FAMILY_WORKER = range(1, 9)
NO_DIFFICULTY, SOME_DIFFICULTY = 4, 3
YES, NO = 1, 2

_first_fact = MEMBER_HEADERS.index("partisipasi_sekolah")
_after_facts = MEMBER_HEADERS.index("pbi_nas")
FACT_HEADERS = MEMBER_HEADERS[_first_fact:_after_facts]
SCHOOLING_COLUMNS = 4

# Weights of employment codes 1 to 8, poorest to best off; the last lines are where civil servants are.
EMPLOYMENT = {
    1: (20, 3, 0, 6, 0, 34, 30, 7), 2: (22, 4, 0, 8, 0, 30, 28, 8), 3: (25, 5, 1, 11, 0.1, 25, 25, 8),
    4: (27, 6, 1, 15, 0.2, 20, 22, 8), 5: (28, 8, 2, 20, 0.4, 14, 18, 9), 6: (28, 9, 3, 25, 1, 10, 14, 9),
    7: (27, 10, 4, 29, 2.5, 7, 10, 9), 8: (26, 10, 6, 31, 6, 4, 6, 8), 9: (24, 10, 8, 32, 11, 2, 3, 5),
    10: (20, 9, 12, 30, 18, 0, 1, 3),
}  # fmt: skip
BRANCHES = {
    OWN_ACCOUNT: (1, 13, 13, 15, 14), WITH_HELPERS: (1, 2, 6, 13), EMPLOYER: (9, 12, 13), EMPLOYEE: (9, 13, 15, 21),
    STATE: (20, 21, 22), FARM_HAND: (1, 1, 2, 3), DAY_LABOUR: (12, 12, 14, 8), FAMILY_WORKER: (1, 13, 6),
}  # fmt: skip


@dataclass(frozen=True)
class Schooling:
    participation: int | str = ""
    level: int | str = ""
    grade: int | str = ""
    certificate: int | str = ""

    def columns(self) -> str:
        return f"{self.participation},{self.level},{self.grade},{self.certificate}"


def facts(random: Random, *, age: int, sex: int, welfare: int) -> str:
    """The columns from `partisipasi_sekolah` up to `pbi_nas`."""
    school = schooling(random, age, welfare)
    values = dict.fromkeys(FACT_HEADERS, "" if age < 2 else NO_DIFFICULTY)
    values |= dict.fromkeys(FACT_HEADERS[SCHOOLING_COLUMNS : FACT_HEADERS.index(DISABILITY[0])], "")
    values |= _work(random, age, sex, welfare, at_school=school.participation == AT_SCHOOL)
    values |= _health(random, age)
    rest = FACT_HEADERS[SCHOOLING_COLUMNS:]
    return ",".join([school.columns(), *(str(values[header]) for header in rest)])


# --- school -------------------------------------------------------------------------------------------------


def schooling(random: Random, age: int, welfare: int) -> Schooling:
    if age < 5:
        return Schooling()
    if age <= 6:
        return at_school(age, random.random()) if age == 6 and random.random() < 0.6 else Schooling(NEVER)
    if age <= 23 and random.random() < _share_at_school(age, welfare):
        return at_school(age, random.random())
    if age <= 18:
        return _left_early(random, age)
    return _left_long_ago(random, age, welfare)


def _share_at_school(age: int, welfare: int) -> float:
    if age <= 12:
        return 0.985 + welfare * 0.001
    if age <= 15:
        return 0.91 + welfare * 0.008
    if age <= 18:
        return 0.62 + welfare * 0.034
    return 0.04 + welfare * 0.055


def at_school(age: int, religious: float) -> Schooling:
    """In the class of the age; a good part of the island's schools are madrasah."""
    if age <= 12:
        return Schooling(AT_SCHOOL, MI if religious < 0.3 else SD, max(1, age - 6))
    if age <= 15:
        return Schooling(AT_SCHOOL, MTS if religious < 0.45 else SMP, age - 12, SD)
    if age <= 18:
        return Schooling(AT_SCHOOL, MA if religious < 0.4 else SMK if religious < 0.6 else SMA, age - 15, SMP)
    return Schooling(AT_SCHOOL, DEGREE, min(4, age - 18), SMA)


def _left_early(random: Random, age: int) -> Schooling:
    if age <= 12:
        return Schooling(NO_LONGER, SD, max(1, age - 7))
    if age <= 15:
        return Schooling(NO_LONGER, SD, FINISHED_GRADE, SD)
    return Schooling(NO_LONGER, random.choice((SMP, MTS)), FINISHED_GRADE, SMP)


def _left_long_ago(random: Random, age: int, welfare: int) -> Schooling:
    if random.random() < max(0.0, (age - 35) / 90 - welfare * 0.02):
        return Schooling(NEVER)
    reached = random.random() * 10 + welfare * 0.7 - max(0, age - 25) * 0.09
    if reached < 3.5:
        return Schooling(NO_LONGER, SD, random.randint(2, 5))
    for bound, level, certificate in ((5.5, SD, SD), (8, random.choice((SMP, MTS)), SMP)):
        if reached < bound:
            return Schooling(NO_LONGER, level, FINISHED_GRADE, certificate)
    if reached < 13 or age < 22:
        return Schooling(NO_LONGER, random.choice((SMA, SMA, MA, SMK)), FINISHED_GRADE, SMA)
    level = random.choice((DIPLOMA, DEGREE, DEGREE))
    return Schooling(NO_LONGER, level, FINISHED_GRADE, level)


def school_moves_on(facts_of_child: str, age: int, draw: int) -> str:
    """The facts with schooling brought up to the age: a class up in the same school, or on to the next stage.

    Who left school stays out of it, and the last class of a senior school is the last.
    """
    participation, level, _, _, rest = facts_of_child.split(",", SCHOOLING_COLUMNS)
    if not 6 <= age <= 23 or participation == str(NO_LONGER):
        return facts_of_child
    schooling_now = at_school(age, draw / 65536)
    if level and _stage(int(level)) == _stage(int(schooling_now.level)):
        schooling_now = replace(schooling_now, level=level)
    elif age > 18:
        schooling_now = Schooling(NO_LONGER, level, FINISHED_GRADE, SMA) if level else Schooling(NEVER)
    return f"{schooling_now.columns()},{rest}"


def _stage(level: int) -> str:
    return next(stage for stage, levels in SCHOOL_LEVELS.items() if level in levels)


# --- work ---------------------------------------------------------------------------------------------------


def _work(random: Random, age: int, sex: int, welfare: int, *, at_school: bool) -> dict[str, int]:
    if age < 15:
        return {}
    if at_school or random.random() > _share_working(age, sex):
        return {"status_bekerja": NO}
    status = random.choices(range(1, 9), EMPLOYMENT[welfare])[0]
    if status == STATE and not 24 <= age <= 58:
        status = EMPLOYEE if age < 24 else OWN_ACCOUNT
    if status == FAMILY_WORKER and sex == MALE and age >= 25:
        status = OWN_ACCOUNT
    work = {
        "status_bekerja": YES,
        "status_dalam_pekerjaan_utama": status,
        "lapangan_usaha_dari_pekerjaan_utama": random.choice(BRANCHES[status]),
        "kepemilikan_usaha": YES if status <= EMPLOYER else NO,
    }
    if status <= EMPLOYER:
        work |= {"jumlah_usaha": 1, "omzet_usaha_utama": 1 if welfare < 7 else random.randint(1, 3)}
    return work


def _share_working(age: int, sex: int) -> float:
    if age < 20:
        return 0.45 if sex == MALE else 0.25
    if age < 60:
        return 0.95 if sex == MALE else 0.55
    return max(0.0, (0.75 if sex == MALE else 0.35) - (age - 60) * 0.025)


# --- health -------------------------------------------------------------------------------------------------


def _health(random: Random, age: int) -> dict[str, int]:
    ill = random.random() < (0.22 if age >= 60 else 0.08 if age >= 40 else 0.01)
    health = {"penyakit_kronis": random.choice((2, 3, 4, 7)) if ill else 1}
    if age < 5:
        health["kondisi_gizi"] = random.choices((1, 2, 3), (3, 12, 85))[0]
    if age < 2:
        return health
    if random.random() < (0.10 if age >= 65 else 0.022 if age >= 18 else 0.008):
        for column in random.sample(DISABILITY, random.choice((1, 1, 2))):
            health[column] = random.choice((1, 2))
    elif age >= 60 and random.random() < 0.25:
        health[random.choice(DISABILITY[:3])] = SOME_DIFFICULTY
    return health

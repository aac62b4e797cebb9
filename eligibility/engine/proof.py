"""Digests of what deciding reads and writes, so that a night need not compare again what it has compared before.

PostgreSQL never changes a row in place: whoever changes it, and by whatever way, leaves another version, with another
place (`ctid`) or another transaction (`xmin`). So a digest of versions covers every column, costs little more than
counting, and can only differ where a row was written (or a table was written anew, as VACUUM FULL does: then everything
is compared once). A column that is renamed or added leaves the rows as they are: so the columns count as well. Why and
how: docs/decisions/0039.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bansos.common import db

# Written by imports and by those who run the portal: one digest for the whole district, without a join.
OF_THE_DISTRICT = (
    "recipients_family",
    "recipients_person",
    "recipients_welfaresnapshot",
    "recipients_familymembership",
    "recipients_region",
    "recipients_programme",
    "recipients_registryrelease",
    "recipients_currentrelease",
)
# Written every day: a digest a sub-district, so that one flag does not have the others compared.
OF_A_PERSON = ("recipients_externalflag", "recipients_enrolment", "eligibility_handdecision")
CORRECTIONS = "recipients_factcorrection"
# The standing decisions, and of what they rest on the rows that they name.
DECISIONS, GROUNDS = "eligibility_eligibilitydecision", "eligibility_grounds"
# What the worklists of a registry that stayed as it is depend on beside it.
FINDINGS, DELIVERIES = "eligibility_finding", "recipients_importbatch"

_OF_TABLE = """
SELECT '{0}', coalesce(sum(n), 0)::bigint, bit_xor(hash_record_extended(ROW(version, n, places), 0))
  FROM (SELECT xmin AS version, count(*) AS n, bit_xor(hashtidextended(ctid, 0)) AS places FROM {0} GROUP BY xmin) t
"""

_COLUMNS = """
SELECT attrelid::regclass::text, attnum, attname, atttypid::int, attmissingval::text FROM pg_attribute
 WHERE attrelid = ANY(%(tables)s::regclass[]) AND attnum > 0
"""

_VERSION = "r.ctid AS place, r.xmin AS version"
_OF_MEMBERS = (
    f"SELECT {_VERSION}, m.family_id FROM {{0}} r JOIN recipients_familymembership m ON m.person_id = r.person_id "
    "WHERE m.until_release_id IS"
)
# A row speaks to its family, and to every family its person stands or once stood in.
_ROWS_OF_A_PERSON = (
    f"SELECT {_VERSION}, r.family_id FROM {{0}} r "
    f"UNION ALL {_OF_MEMBERS} NULL UNION ALL {_OF_MEMBERS} NOT NULL"
)
_ROWS_OF_CORRECTIONS = (
    f"SELECT {_VERSION}, r.family_id FROM {{0}} r UNION ALL "
    f"SELECT {_VERSION}, s.family_id FROM {{0}} r JOIN recipients_welfaresnapshot s ON s.id = r.snapshot_id UNION ALL "
    f"SELECT {_VERSION}, m.family_id FROM {{0}} r JOIN recipients_familymembership m ON m.id = r.membership_id"
)
_BY_SUBDISTRICT = """
SELECT parent_id, '{0}', count(*), bit_xor(hash_record_extended(ROW(place, version), 0))
  FROM (SELECT v.parent_id, t.place, t.version FROM ({1}) t JOIN recipients_family f ON f.id = t.family_id
          JOIN recipients_region v ON v.id = f.village_id GROUP BY 1, 2, 3) u GROUP BY 1
"""

VERSION = "subdistrict_id, grounds_id, xmin AS version, hashtidextended(ctid, 0)::numeric AS places"
VERSIONS = f"SELECT {VERSION} FROM {DECISIONS}"
_STANDING = (
    "SELECT subdistrict_id, grounds_id, xmin AS version, sum(hashtidextended(ctid, 0)) AS places "
    f"FROM {DECISIONS} WHERE superseded_at IS NULL GROUP BY 1, 2, 3"
)


def sum_of(decisions: str) -> str:
    """The digest of these decisions by sub-district, as SQL: a sum over rows, each with the version of its grounds.

    So what a run supersedes is taken away and what it writes is added, without reading the others again.
    """
    return (
        "SELECT subdistrict_id, sum(places * hash_record_extended(ROW(version, g.ctid, g.xmin), 0)) "
        f"FROM ({decisions}) d LEFT JOIN {GROUNDS} g ON g.id = d.grounds_id GROUP BY 1"
    )


@dataclass(frozen=True)
class Digest:
    """What a sub-district's decisions are made of, and those decisions, as one moment had them.

    `registry` is the same for all, `facts` what stands beside it in this one; `rules` are those that decide, with the
    release, and `code` is what reads them.
    """

    registry: str
    facts: str
    decisions: int
    rules: str
    code: str

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Digest:
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def digests(*, rules: str) -> dict[int, Digest]:
    """Of every sub-district, by its id, now: whatever is written later differs from them the next time."""
    registry = hashed(sorted(_rows_of(OF_THE_DISTRICT)), _columns())
    beside: dict[int, list[object]] = {}
    rows = {CORRECTIONS: _ROWS_OF_CORRECTIONS} | dict.fromkeys(OF_A_PERSON, _ROWS_OF_A_PERSON)
    queries = [_BY_SUBDISTRICT.format(table, query.format(table)) for table, query in rows.items()]
    for subdistrict_id, *told in sorted(db.fetch(" UNION ALL ".join(queries)), key=repr):
        beside.setdefault(subdistrict_id, []).append(told)
    decisions = {subdistrict_id: int(number) for subdistrict_id, number in db.fetch(sum_of(_STANDING))}
    subdistricts = db.fetch("SELECT id FROM recipients_region WHERE level = 'SUBDISTRICT'")
    return {
        pk: Digest(registry, hashed(beside.get(pk)), decisions.get(pk, 0), rules, CODE)
        for (pk,) in subdistricts
    }


def _rows_of(tables: Sequence[str]) -> list[tuple[Any, ...]]:
    return db.fetch(" UNION ALL ".join(_OF_TABLE.format(table) for table in tables))


def _columns() -> list[tuple[Any, ...]]:
    tables = [*OF_THE_DISTRICT, *OF_A_PERSON, CORRECTIONS, DECISIONS, GROUNDS]
    return sorted(db.fetch(_COLUMNS, {"tables": tables}), key=repr)


def digests_of_findings() -> dict[str, str]:
    """The digest of each kind's findings, with that of the deliveries they may ask about."""
    deliveries = _rows_of([DELIVERIES])
    rows = db.fetch(
        f"SELECT kind, count(*), bit_xor(hash_record_extended(ROW(ctid, xmin), 0)) FROM {FINDINGS} GROUP BY 1"
    )
    found: defaultdict[str, str] = defaultdict(lambda: hashed(deliveries))
    found |= {kind: hashed(deliveries, told) for kind, *told in rows}
    return found


def hashed(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _code() -> str:
    app = Path(__file__).parent.parent
    services = [app / "services" / f"{name}.py" for name in ("inputs", "proving", "shards")]
    files = [*(app / "engine").glob("*.py"), *(app / "rules").glob("*.py"), *services, Path(db.__file__)]
    return hashed([(file.name, file.read_bytes()) for file in sorted(files)])


# Any change of it has everyone compared once; nobody has to remember to say so. Read when this process starts: the
# files may be those of another version by the time a run does.
CODE = _code()

"""The registry's rows with the district's corrections laid over them (recipients.services.correct_fact).

One small grouped table joined by the row's id; where nothing was corrected it is empty and costs next to nothing. The
Python reading is `FactCorrection.objects.laid_over`.
"""

from __future__ import annotations

_OWNERS = {"recipients_welfaresnapshot": "snapshot_id", "recipients_familymembership": "membership_id"}
_TELLS = {"birth_date": "max(day)", "has_disability": "bool_or(value = 1)"}
_KEYS = frozenset({"person_id", "family_id", "decile"})


def columns(names: str, alias: str = "r") -> str:
    """The columns of `names` with their corrections; keys, and the decile, are the registry's alone."""
    return ", ".join(
        f"{alias}.{name}" if name in _KEYS else f"coalesce(c.{name}, {alias}.{name}) AS {name}"
        for name in _split(names)
    )


def join(table: str, names: str, alias: str = "r") -> str:
    """The corrections in force on %(as_of)s, a row for each corrected row of `table`."""
    told = [name for name in _split(names) if name not in _KEYS]
    if not told:
        return ""
    owner = _OWNERS[table]
    values = ", ".join(
        f"{_TELLS.get(name, 'max(value)')} FILTER (WHERE field = '{name}') AS {name}" for name in told
    )
    return (
        f" LEFT JOIN (SELECT {owner} AS row_id, {values} FROM recipients_factcorrection "
        f"WHERE {owner} IS NOT NULL AND since <= %(as_of)s AND (until IS NULL OR until > %(as_of)s) "
        f"GROUP BY {owner}) c ON c.row_id = {alias}.id"
    )


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]

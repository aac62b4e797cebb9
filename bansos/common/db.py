"""COPY, locks and how a join is planned: the few things the ORM has no word for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg2 import sql


class _Reader:
    """What COPY reads from: the joined pieces of a generator, made while the server works on the ones before."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces, self._left = pieces, b""
        self.failure: Exception | None = None  # COPY would hide it behind an error of its own

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            try:
                self._left = next(self._pieces).encode()
            except StopIteration:
                return b""
            except Exception as failure:
                self.failure = failure
                return b""
        taken, self._left = self._left[:size], self._left[size:]
        return taken


def copy_stream(table: str, columns: Iterable[str], pieces: Iterator[str]) -> None:
    """COPY CSV text (an unquoted empty cell is NULL) as it is made; the connection is taken until it ends."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, NULL '')").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    reader = _Reader(pieces)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(statement.as_string(cursor.cursor), reader, 1 << 18)
    if reader.failure:
        raise reader.failure


def copy_out(query: str) -> str:
    """The answer of a fixed query (no values in it) as COPY text."""
    answer = io.StringIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY ({query}) TO STDOUT", answer)
    return answer.getvalue()


def run(statement: str, params: dict[str, Any] | list[Any] | None = None) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, params: dict[str, Any] | list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """For a statement over whole lists: never a nested loop because statistics lag behind a big import."""
    run("SELECT set_config('enable_nestloop', 'off', true)")
    yield
    run("SELECT set_config('enable_nestloop', 'on', true)")


def share_until_commit(name: str) -> None:
    """Hold the named lock together with others who share it; who wants it alone waits."""
    run("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


def try_lock_until_commit(name: str) -> bool:
    """The named lock if it is free now: for requests, which never wait."""
    return bool(fetch("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])[0][0])


def lock_until_commit(*names: str) -> None:
    """Wait for the named locks of this transaction, in this order; they go with it, also when its process is killed."""
    locks = ", ".join("pg_advisory_xact_lock(hashtextextended(%s, 0))" for _name in names)
    run(f"SELECT {locks}", list(names))

"""Everything the portal keeps, as text: for tests that look for what must stand nowhere."""

from __future__ import annotations

import json

from django.contrib.sessions.models import Session
from django.db import connection

from bansos.common import limits


def tables() -> str:
    """Every row of every table as text (bytes appear as hex)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            rows += [f"{name}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def sessions() -> str:
    return json.dumps([row.get_decoded() for row in Session.objects.all()])


def redis() -> str:
    client, told = limits._client(), []
    for key in client.keys("*"):
        kind = client.type(key).decode()
        read = {"string": client.get, "hash": client.hgetall, "set": client.smembers}.get(kind)
        value = (
            read(key) if read else client.lrange(key, 0, -1) if kind == "list" else client.zrange(key, 0, -1)
        )
        told.append(f"{key!r}={value!r}")
    return "\n".join(told)

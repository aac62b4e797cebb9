"""Signs of life of our processes, by the database's clock; /readyz and the sweep read them."""

from __future__ import annotations

from bansos.common import db

WORKER = "worker"
SWEEP = "sweep"
BEAT = "beat"


def beat(name: str) -> None:
    db.run(
        "INSERT INTO common_heartbeat (name, seen_at) VALUES (%s, now()) "
        "ON CONFLICT (name) DO UPDATE SET seen_at = now()",
        [name],
    )


def is_alive(name: str, *, within_s: float) -> bool:
    return bool(
        db.fetch(
            "SELECT 1 FROM common_heartbeat WHERE name = %s AND seen_at > now() - make_interval(secs => %s)",
            [name, within_s],
        )
    )

"""The base data that every command over families needs: schema, regions, roles, rule sets."""

from __future__ import annotations

import io

BASE_DATA = ("load_regions", "load_roles", "load_rule_sets")


def prepare() -> None:
    """Bring an embedded database up to date. Idempotent; silent."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    for command in BASE_DATA:
        call_command(command, stdout=io.StringIO())


def is_prepared() -> bool:
    """Whether the schema is complete and its base data are there."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM recipients_region) AND EXISTS (SELECT FROM eligibility_ruleset)"
        )
        return bool(cursor.fetchone()[0])

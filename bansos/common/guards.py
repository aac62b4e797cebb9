"""References of mass-written tables, guarded a statement at a time (docs/decisions/0006-orphan-guards.md).

A foreign key of Postgres looks up its parent once a row; on the first release that was half of the time of the import.
These triggers refuse orphans just the same, with one anti-join over the rows that a statement wrote.
"""

from __future__ import annotations

from django.db import migrations

CREATE_FUNCTION = """
CREATE FUNCTION refuse_orphans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found boolean;
BEGIN
    FOR i IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM fresh f WHERE f.%1$I IS NOT NULL'
            ' AND NOT EXISTS (SELECT FROM %2$I p WHERE p.id = f.%1$I))', TG_ARGV[2 * i], TG_ARGV[2 * i + 1]
        ) INTO found;
        IF found THEN
            RAISE foreign_key_violation USING MESSAGE =
                format('%s.%s names no row of %s', TG_TABLE_NAME, TG_ARGV[2 * i], TG_ARGV[2 * i + 1]);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""

CREATE_KEEPER = """
CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone) THEN
        RAISE foreign_key_violation USING MESSAGE = format('rows of %s are never deleted', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$
"""


def create_functions() -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION refuse_orphans()"),
        migrations.RunSQL(CREATE_KEEPER, "DROP FUNCTION refuse_deletion()"),
    ]


def guard(table: str, **parents: str) -> list[migrations.RunSQL]:
    """Refuse rows of `table` whose column (name=table of its parent) names no row there."""
    pairs = ", ".join(f"'{column}', '{parent}'" for column, parent in parents.items())
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_{event.lower()}_orphans AFTER {event} ON {table} "
            f"REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans({pairs})",
            f"DROP TRIGGER {table}_{event.lower()}_orphans ON {table}",
        )
        for event in ("INSERT", "UPDATE")
    ]


def keep(table: str) -> migrations.RunSQL:
    """Refuse the deletion of rows that guarded tables may name."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_kept AFTER DELETE ON {table} "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion()",
        f"DROP TRIGGER {table}_kept ON {table}",
    )

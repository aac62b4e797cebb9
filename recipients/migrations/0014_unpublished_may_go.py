"""What a published release brought is never deleted; what an unpublished one brought may be taken back (undo)."""

from django.db import migrations

CREATE_FUNCTION = """
CREATE FUNCTION refuse_published_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM gone g WHERE g.%1$I IS NULL'
        ' OR g.%1$I <= (SELECT release_id FROM recipients_currentrelease))', TG_ARGV[0]
    ) INTO found;
    IF found THEN
        RAISE foreign_key_violation USING MESSAGE =
            format('rows of %s that a published release brought are never deleted', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$
"""


def keep(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept AFTER DELETE ON {table} "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion()"
    )


def keep_published(table: str, release: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_kept AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_deletion('{release}')",
        f"DROP TRIGGER {table}_kept ON {table}",
    )


REPLACED = {
    "recipients_family": "first_release_id",
    "recipients_person": "first_release_id",
    "recipients_registryrelease": "id",
}
ADDED = {
    "recipients_welfaresnapshot": "from_release_id",
    "recipients_familymembership": "from_release_id",
    "recipients_decilechange": "release_id",
}


class Migration(migrations.Migration):
    dependencies = [("recipients", "0013_withheld_releases")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION refuse_published_deletion()"),
        *(migrations.RunSQL(f"DROP TRIGGER {table}_kept ON {table}", keep(table)) for table in REPLACED),
        *(keep_published(table, release) for table, release in {**REPLACED, **ADDED}.items()),
        migrations.RunSQL(
            "CREATE TRIGGER import_event_append_only BEFORE UPDATE OR DELETE ON recipients_importevent "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
            "DROP TRIGGER import_event_append_only ON recipients_importevent",
        ),
    ]

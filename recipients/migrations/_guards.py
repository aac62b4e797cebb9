"""What the database itself refuses in the registry's tables: orphans, deletions, rewriting (docs/decisions/0006, 0008)."""

from __future__ import annotations

from django.db import migrations

from bansos.common.guards import create_functions, guard, keep

FAMILY, PERSON, REGION, RELEASE = (
    "recipients_family",
    "recipients_person",
    "recipients_region",
    "recipients_registryrelease",
)

REFUSE_REWRITING = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never rewritten', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

REFUSE_PUBLISHED_DELETION = """
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

# What a release said stays: an interval may be ended and its fingerprint refreshed, nothing else.
RELEASES_STAY = """
CREATE TRIGGER snapshot_kept BEFORE UPDATE ON recipients_welfaresnapshot FOR EACH ROW
WHEN ((OLD.family_id, OLD.from_release_id, OLD.decile, OLD.village_id, OLD.head_name, OLD.address)
      IS DISTINCT FROM
      (NEW.family_id, NEW.from_release_id, NEW.decile, NEW.village_id, NEW.head_name, NEW.address))
EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER membership_kept BEFORE UPDATE ON recipients_familymembership FOR EACH ROW
WHEN ((OLD.person_id, OLD.family_id, OLD.from_release_id, OLD.birth_date, OLD.name)
      IS DISTINCT FROM (NEW.person_id, NEW.family_id, NEW.from_release_id, NEW.birth_date, NEW.name))
EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER decile_change_kept BEFORE UPDATE ON recipients_decilechange FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""

# Who looked at whom, what happened to an enrolment or a delivery, how a source's columns were read.
RECORDS_STAY = """
CREATE TRIGGER access_log_kept BEFORE UPDATE OR DELETE ON recipients_accesslog FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER enrolment_event_append_only BEFORE UPDATE ON recipients_enrolmentevent FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER column_mapping_append_only BEFORE UPDATE ON recipients_columnmapping FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER import_event_append_only BEFORE UPDATE OR DELETE ON recipients_importevent FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""

# A fix stays as it was made; it may be withdrawn, once. Its cells stay as they are.
FIXES_STAY = """
CREATE TRIGGER import_fix_kept BEFORE UPDATE ON recipients_importfix FOR EACH ROW
WHEN (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
      OR to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id']
         IS DISTINCT FROM to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id'])
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER import_fix_not_deleted BEFORE DELETE ON recipients_importfix FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER fixed_cell_append_only BEFORE UPDATE OR DELETE ON recipients_fixedcell FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""

# What a published release brought is never deleted; what an unpublished one brought may be taken back (undo).
BROUGHT_BY = {
    FAMILY: "first_release_id",
    PERSON: "first_release_id",
    RELEASE: "id",
    "recipients_welfaresnapshot": "from_release_id",
    "recipients_familymembership": "from_release_id",
    "recipients_decilechange": "release_id",
}


def keep_published(table: str, release: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_deletion('{release}')"
    )


def guards() -> list[migrations.RunSQL]:
    """The operations, to be run after the tables stand. They go with their tables: there is no way back but dropping all."""
    return [
        *create_functions(),
        migrations.RunSQL(REFUSE_REWRITING),
        migrations.RunSQL(REFUSE_PUBLISHED_DELETION),
        *guard("recipients_family", village_id=REGION),
        *guard("recipients_familycardnumber", family_id=FAMILY),
        *guard("recipients_personnik", person_id=PERSON),
        *guard(
            "recipients_welfaresnapshot",
            family_id=FAMILY,
            village_id=REGION,
            from_release_id=RELEASE,
            until_release_id=RELEASE,
        ),
        *guard(
            "recipients_familymembership",
            family_id=FAMILY,
            person_id=PERSON,
            from_release_id=RELEASE,
            until_release_id=RELEASE,
        ),
        *guard(
            "recipients_decilechange", family_id=FAMILY, village_id=REGION, previous_id=RELEASE, release_id=RELEASE
        ),
        *guard("recipients_factschange", family_id=FAMILY, subdistrict_id=REGION),
        keep(REGION),
        *(migrations.RunSQL(keep_published(table, release)) for table, release in BROUGHT_BY.items()),
        *(migrations.RunSQL(words) for words in (RELEASES_STAY, RECORDS_STAY, FIXES_STAY)),
    ]

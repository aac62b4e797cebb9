"""What the database itself refuses in the tables of cases: an event or a visit that was written down stays."""

from __future__ import annotations

from django.db import migrations

# Row triggers: emptying the whole table (TRUNCATE), which takes the owner of the schema, is left to the tests' reset.
EVENTS_STAY = """
CREATE FUNCTION objections_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event of a case is never changed or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON objections_objectionevent FOR EACH ROW
EXECUTE FUNCTION objections_refuse_change();
"""

# A planned visit may still change its day and its visitor.
DONE_VISITS_STAY = """
CREATE FUNCTION objections_keep_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a visit that was done is never changed or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER visit_kept BEFORE UPDATE OR DELETE ON objections_fieldvisit FOR EACH ROW
WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION objections_keep_visit();
"""


def guards() -> list[migrations.RunSQL]:
    """The operations, to be run after the tables stand. They go with their tables: there is no way back but dropping all."""
    return [migrations.RunSQL(EVENTS_STAY), migrations.RunSQL(DONE_VISITS_STAY)]

"""A visit that was written down stays as it was written; a planned one may still change its day and its visitor."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION objections_keep_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a visit that was done is never changed or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER visit_kept BEFORE UPDATE OR DELETE ON objections_fieldvisit FOR EACH ROW
WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION objections_keep_visit();
"""

BACKWARD = """
DROP TRIGGER visit_kept ON objections_fieldvisit;
DROP FUNCTION objections_keep_visit();
"""


class Migration(migrations.Migration):
    dependencies = [("objections", "0011_field_visits")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

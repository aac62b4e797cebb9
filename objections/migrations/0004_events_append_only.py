"""What happened to a case stays as it was written: the database refuses every change of an event.

Row triggers: emptying the whole table (TRUNCATE), which takes the owner of the schema, is left to the tests' reset.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION objections_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event of a case is never changed or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON objections_objectionevent FOR EACH ROW
EXECUTE FUNCTION objections_refuse_change();
"""

BACKWARD = """
DROP TRIGGER event_append_only ON objections_objectionevent;
DROP FUNCTION objections_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("objections", "0003_no_notes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

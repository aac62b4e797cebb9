"""What a release said is never rewritten: an interval may be ended and its fingerprint refreshed, nothing else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never rewritten', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

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

BACKWARD = """
DROP TRIGGER snapshot_kept ON recipients_welfaresnapshot;
DROP TRIGGER membership_kept ON recipients_familymembership;
DROP TRIGGER decile_change_kept ON recipients_decilechange;
DROP FUNCTION refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("recipients", "0003_orphan_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

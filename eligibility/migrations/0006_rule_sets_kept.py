"""A loaded rule stays as it was written: its programme, version, start and conditions never change, its end is given
once. Row triggers: emptying the whole table (TRUNCATE), which takes the owner of the schema, is left to tests."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION eligibility_refuse_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a loaded rule set is never changed, it only ends: load a new version'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER rule_set_kept BEFORE UPDATE ON eligibility_ruleset FOR EACH ROW
WHEN (
    (OLD.id, OLD.programme_id, OLD.version, OLD.effective_from, OLD.conditions)
    IS DISTINCT FROM (NEW.id, NEW.programme_id, NEW.version, NEW.effective_from, NEW.conditions)
    OR (OLD.effective_to IS NOT NULL AND OLD.effective_to IS DISTINCT FROM NEW.effective_to)
)
EXECUTE FUNCTION eligibility_refuse_rule_change();
"""

BACKWARD = """
DROP TRIGGER rule_set_kept ON eligibility_ruleset;
DROP FUNCTION eligibility_refuse_rule_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0005_references_guarded"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

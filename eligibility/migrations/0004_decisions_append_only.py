"""Decisions are only ever added: the database refuses every change of one but its superseding, and every deletion."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION eligibility_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision is never changed or deleted, only superseded (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER decision_append_only BEFORE UPDATE ON eligibility_eligibilitydecision FOR EACH ROW
WHEN (
    OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL
    OR (OLD.id, OLD.programme_id, OLD.family_id, OLD.person_id, OLD.subdistrict_id, OLD.verdict, OLD.findings, OLD.inputs,
        OLD.rule_set_id, OLD.release_id, OLD.as_of, OLD.decided_at)
    IS DISTINCT FROM
       (NEW.id, NEW.programme_id, NEW.family_id, NEW.person_id, NEW.subdistrict_id, NEW.verdict, NEW.findings, NEW.inputs,
        NEW.rule_set_id, NEW.release_id, NEW.as_of, NEW.decided_at)
)
EXECUTE FUNCTION eligibility_refuse_change();

CREATE TRIGGER decision_never_deleted BEFORE DELETE ON eligibility_eligibilitydecision FOR EACH STATEMENT
EXECUTE FUNCTION eligibility_refuse_change();
"""

BACKWARD = """
DROP TRIGGER decision_append_only ON eligibility_eligibilitydecision;
DROP TRIGGER decision_never_deleted ON eligibility_eligibilitydecision;
DROP FUNCTION eligibility_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0003_small_tables_unchecked")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

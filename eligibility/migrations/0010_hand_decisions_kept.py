"""What was decided by hand stays as it was asked for: only its settling and its early end are added, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION eligibility_refuse_hand_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision by hand is never rewritten or deleted: end it and decide again'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER hand_decision_kept BEFORE UPDATE ON eligibility_handdecision FOR EACH ROW
WHEN (
    OLD.state IN ('REFUSED', 'ENDED')
    OR (OLD.settled_by_id IS NOT NULL AND OLD.settled_by_id IS DISTINCT FROM NEW.settled_by_id)
    OR (OLD.id, OLD.programme_id, OLD.family_id, OLD.person_id, OLD.verdict, OLD.starts_on, OLD.ends_on, OLD.minutes_no,
        OLD.minutes_on, OLD.reason, OLD.reference, OLD.proposed_by_id, OLD.proposed_at)
    IS DISTINCT FROM
       (NEW.id, NEW.programme_id, NEW.family_id, NEW.person_id, NEW.verdict, NEW.starts_on, NEW.ends_on, NEW.minutes_no,
        NEW.minutes_on, NEW.reason, NEW.reference, NEW.proposed_by_id, NEW.proposed_at)
)
EXECUTE FUNCTION eligibility_refuse_hand_change();

CREATE TRIGGER hand_decision_never_deleted BEFORE DELETE ON eligibility_handdecision FOR EACH ROW
EXECUTE FUNCTION eligibility_refuse_hand_change();
"""

BACKWARD = """
DROP TRIGGER hand_decision_kept ON eligibility_handdecision;
DROP TRIGGER hand_decision_never_deleted ON eligibility_handdecision;
DROP FUNCTION eligibility_refuse_hand_change();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0009_hand_decisions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""The amounts of a loaded rule set stay as they were written, like its conditions."""

from django.db import migrations

TRIGGER = """
DROP TRIGGER rule_set_kept ON eligibility_ruleset;
CREATE TRIGGER rule_set_kept BEFORE UPDATE ON eligibility_ruleset FOR EACH ROW
WHEN (
    (OLD.id, OLD.programme_id, OLD.version, OLD.effective_from, OLD.conditions{0})
    IS DISTINCT FROM (NEW.id, NEW.programme_id, NEW.version, NEW.effective_from, NEW.conditions{1})
    OR (OLD.effective_to IS NOT NULL AND OLD.effective_to IS DISTINCT FROM NEW.effective_to)
)
EXECUTE FUNCTION eligibility_refuse_rule_change();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0011_rule_drafts")]

    operations = [
        migrations.RunSQL(TRIGGER.format(", OLD.amounts", ", NEW.amounts"), TRIGGER.format("", "")),
    ]

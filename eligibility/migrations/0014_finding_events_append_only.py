"""What people did with a finding stays as it was written."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER finding_event_append_only BEFORE UPDATE OR DELETE ON eligibility_findingevent FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""
BACKWARD = "DROP TRIGGER finding_event_append_only ON eligibility_findingevent;"


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0013_findings"), ("recipients", "0004_deciles_kept")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""What happened to an enrolment stays as it was written: the database refuses every change of an event."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER enrolment_event_append_only BEFORE UPDATE ON recipients_enrolmentevent FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""
BACKWARD = "DROP TRIGGER enrolment_event_append_only ON recipients_enrolmentevent;"


class Migration(migrations.Migration):
    dependencies = [("recipients", "0006_enrolment_flags_proposals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""How a source's columns were read stays on record: the database refuses every change of a mapping."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER column_mapping_append_only BEFORE UPDATE ON recipients_columnmapping FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""
BACKWARD = "DROP TRIGGER column_mapping_append_only ON recipients_columnmapping;"


class Migration(migrations.Migration):
    dependencies = [("recipients", "0009_lists")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""Who looked at whom stays as it was written."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER access_log_kept BEFORE UPDATE OR DELETE ON recipients_accesslog FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("recipients", "0004_deciles_kept")]

    operations = [migrations.RunSQL(FORWARD, "DROP TRIGGER access_log_kept ON recipients_accesslog")]

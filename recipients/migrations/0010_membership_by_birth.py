"""Whose birthday it is tonight is found by an index (docs/decisions/0039)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0009_who_chose_the_sheets"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="familymembership",
            index=models.Index(fields=["birth_date"], name="membership_by_birth"),
        ),
    ]

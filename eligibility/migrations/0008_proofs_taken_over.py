"""A run keeps its own copy of what it takes for proven (docs/decisions/0039)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0007_proofs"),
    ]

    operations = [
        migrations.AddField(
            model_name="shardresult",
            name="proven_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="shardresult",
            name="standing",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="shardresult",
            name="standing_by_programme",
            field=models.JSONField(default=dict),
        ),
    ]

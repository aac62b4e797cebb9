"""What a night proves instead of comparing it again (docs/decisions/0039)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0006_flags_of_a_run"),
        ("recipients", "0008_chosen_sheets"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShardProof",
            fields=[
                (
                    "subdistrict",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="recipients.region",
                    ),
                ),
                ("digest", models.JSONField()),
                ("proven_on", models.DateField()),
                ("compared_on", models.DateField()),
                ("subjects", models.IntegerField()),
                ("by_programme", models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name="reverificationrun",
            name="proven",
            field=models.IntegerField(default=0, verbose_name="terbukti tidak berubah"),
        ),
        migrations.AddField(
            model_name="shardresult",
            name="digest",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="shardresult",
            name="proven",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="shardresult",
            name="proven_since",
            field=models.DateField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """No event was ever a bare note: a note belongs to a move."""

    dependencies = [("objections", "0002_permissions")]

    operations = [
        migrations.AlterField(
            model_name="objectionevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("FILED", "sanggahan masuk"),
                    ("MATCHED", "dicocokkan dengan data"),
                    ("MOVED", "pindah tahap"),
                ],
                max_length=8,
                verbose_name="kejadian",
            ),
        ),
    ]

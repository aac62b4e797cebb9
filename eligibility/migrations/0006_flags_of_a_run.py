import django.db.models.deletion
from django.db import migrations, models

# A run that goes on while the portal is brought up to date reads flags as they are now.
UNDER_WAY = """
INSERT INTO eligibility_pinnedflag (run_id, family_id, person_id, kind, status)
SELECT r.id, f.family_id, f.person_id, f.kind, f.status FROM eligibility_reverificationrun r, recipients_externalflag f
 WHERE r.scope = 'ALL' AND r.state IN ('RUNNING', 'HELD') AND f.status <> 'REFUTED' AND f.observed_on <= r.as_of
   AND (f.valid_until IS NULL OR f.valid_until >= r.as_of)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('eligibility', '0005_nik_with_other_name'),
        ('recipients', '0008_chosen_sheets'),
    ]

    operations = [
        migrations.CreateModel(
            name='PinnedFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('status', models.CharField(max_length=9)),
                ('family', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recipients.family')),
                ('person', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recipients.person')),
                ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.reverificationrun')),
            ],
        ),
        migrations.RunSQL(UNDER_WAY, migrations.RunSQL.noop, elidable=True),
    ]

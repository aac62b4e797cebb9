"""What decisions rest on is kept once for all who stand the same (docs/decisions/0024)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from bansos.common.guards import guard

# The same guards as before (_guards.py), told of the new column instead of the two that go.
FORGET = """
DROP TRIGGER decision_append_only ON eligibility_eligibilitydecision;
DROP TRIGGER eligibility_eligibilitydecision_insert_orphans ON eligibility_eligibilitydecision;
DROP TRIGGER eligibility_eligibilitydecision_update_orphans ON eligibility_eligibilitydecision;
"""
MOVE = """
INSERT INTO eligibility_grounds (rule_set_id, inputs, verdict, findings)
SELECT DISTINCT rule_set_id, inputs, verdict, findings FROM eligibility_eligibilitydecision;
UPDATE eligibility_eligibilitydecision d SET grounds_id = g.id FROM eligibility_grounds g
 WHERE (g.rule_set_id, g.inputs, g.verdict, g.findings) = (d.rule_set_id, d.inputs, d.verdict, d.findings);
"""
GROUNDS_STAY = """
CREATE TRIGGER grounds_append_only BEFORE UPDATE OR DELETE ON eligibility_grounds FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER decision_append_only BEFORE UPDATE ON eligibility_eligibilitydecision FOR EACH ROW
WHEN (
    OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL
    OR (OLD.id, OLD.programme_id, OLD.family_id, OLD.person_id, OLD.subdistrict_id, OLD.verdict, OLD.grounds_id,
        OLD.rule_set_id, OLD.release_id, OLD.as_of, OLD.decided_at)
    IS DISTINCT FROM
       (NEW.id, NEW.programme_id, NEW.family_id, NEW.person_id, NEW.subdistrict_id, NEW.verdict, NEW.grounds_id,
        NEW.rule_set_id, NEW.release_id, NEW.as_of, NEW.decided_at)
)
EXECUTE FUNCTION eligibility_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0003_a_rule_ends"), ("recipients", "0001_registry")]

    operations = [
        migrations.CreateModel(
            name="Grounds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inputs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(null=True), default=list, size=None
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ELIGIBLE", "memenuhi syarat"),
                            ("INELIGIBLE", "tidak memenuhi syarat saat ini"),
                            ("NEEDS_REVIEW", "perlu diperiksa"),
                        ],
                        max_length=12,
                    ),
                ),
                ("findings", models.JSONField()),
                (
                    "rule_set",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="eligibility.ruleset",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["rule_set", "inputs"], name="grounds_by_inputs")]},
        ),
        migrations.RunSQL(FORGET),
        migrations.AddField(
            model_name="eligibilitydecision",
            name="grounds",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="eligibility.grounds",
                verbose_name="alasan",
            ),
        ),
        migrations.RunSQL(MOVE),
        migrations.AlterField(
            model_name="eligibilitydecision",
            name="grounds",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="eligibility.grounds",
                verbose_name="alasan",
            ),
        ),
        migrations.RemoveField(model_name="eligibilitydecision", name="findings"),
        migrations.RemoveField(model_name="eligibilitydecision", name="inputs"),
        migrations.AddIndex(
            model_name="eligibilitydecision",
            index=models.Index(
                condition=models.Q(("superseded_at", None)),
                fields=["subdistrict", "programme"],
                name="decision_standing_of_shard",
            ),
        ),
        migrations.RunSQL(GROUNDS_STAY),
        guard(
            "eligibility_eligibilitydecision",
            programme_id="recipients_programme",
            family_id="recipients_family",
            person_id="recipients_person",
            subdistrict_id="recipients_region",
            rule_set_id="eligibility_ruleset",
            release_id="recipients_registryrelease",
            grounds_id="eligibility_grounds",
        )[0],  # on insertion alone: what a decision names never changes afterwards
    ]

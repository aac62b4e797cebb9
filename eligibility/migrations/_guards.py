"""What the database itself refuses in the tables of decisions: orphans, deletions, rewriting (docs/decisions/0005, 0006)."""

from __future__ import annotations

from django.db import migrations

from bansos.common.guards import guard, keep

# Decisions are only ever added: every change of one but its superseding is refused, and every deletion.
DECISIONS_STAY = """
CREATE FUNCTION eligibility_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision is never changed or deleted, only superseded (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER decision_append_only BEFORE UPDATE ON eligibility_eligibilitydecision FOR EACH ROW
WHEN (
    OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL
    OR (OLD.id, OLD.programme_id, OLD.family_id, OLD.person_id, OLD.subdistrict_id, OLD.verdict, OLD.findings, OLD.inputs,
        OLD.rule_set_id, OLD.release_id, OLD.as_of, OLD.decided_at)
    IS DISTINCT FROM
       (NEW.id, NEW.programme_id, NEW.family_id, NEW.person_id, NEW.subdistrict_id, NEW.verdict, NEW.findings, NEW.inputs,
        NEW.rule_set_id, NEW.release_id, NEW.as_of, NEW.decided_at)
)
EXECUTE FUNCTION eligibility_refuse_change();

CREATE TRIGGER decision_never_deleted BEFORE DELETE ON eligibility_eligibilitydecision FOR EACH STATEMENT
EXECUTE FUNCTION eligibility_refuse_change();
"""

# A loaded rule stays as it was written: programme, version, start, conditions and amounts never change, its end is given
# once. Row triggers: emptying the whole table (TRUNCATE), which takes the owner of the schema, is left to tests.
RULE_SETS_STAY = """
CREATE FUNCTION eligibility_refuse_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a loaded rule set is never changed, it only ends: load a new version'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER rule_set_kept BEFORE UPDATE ON eligibility_ruleset FOR EACH ROW
WHEN (
    (OLD.id, OLD.programme_id, OLD.version, OLD.effective_from, OLD.conditions, OLD.amounts)
    IS DISTINCT FROM (NEW.id, NEW.programme_id, NEW.version, NEW.effective_from, NEW.conditions, NEW.amounts)
    OR (OLD.effective_to IS NOT NULL AND OLD.effective_to IS DISTINCT FROM NEW.effective_to)
)
EXECUTE FUNCTION eligibility_refuse_rule_change();
"""

# What was decided by hand stays as it was asked for: only its settling and its early end are added, once.
HAND_DECISIONS_STAY = """
CREATE FUNCTION eligibility_refuse_hand_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision by hand is never rewritten or deleted: end it and decide again'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER hand_decision_kept BEFORE UPDATE ON eligibility_handdecision FOR EACH ROW
WHEN (
    OLD.state IN ('REFUSED', 'ENDED')
    OR (OLD.settled_by_id IS NOT NULL AND OLD.settled_by_id IS DISTINCT FROM NEW.settled_by_id)
    OR (OLD.id, OLD.programme_id, OLD.family_id, OLD.person_id, OLD.verdict, OLD.starts_on, OLD.ends_on, OLD.minutes_no,
        OLD.minutes_on, OLD.reason, OLD.reference, OLD.proposed_by_id, OLD.proposed_at)
    IS DISTINCT FROM
       (NEW.id, NEW.programme_id, NEW.family_id, NEW.person_id, NEW.verdict, NEW.starts_on, NEW.ends_on, NEW.minutes_no,
        NEW.minutes_on, NEW.reason, NEW.reference, NEW.proposed_by_id, NEW.proposed_at)
)
EXECUTE FUNCTION eligibility_refuse_hand_change();

CREATE TRIGGER hand_decision_never_deleted BEFORE DELETE ON eligibility_handdecision FOR EACH ROW
EXECUTE FUNCTION eligibility_refuse_hand_change();
"""

FINDING_EVENTS_STAY = """
CREATE TRIGGER finding_event_append_only BEFORE UPDATE OR DELETE ON eligibility_findingevent FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting();
"""


def guards() -> list[migrations.RunSQL]:
    """The operations, to be run after the tables stand. They go with their tables: there is no way back but dropping all."""
    return [
        *guard(
            "eligibility_eligibilitydecision",
            programme_id="recipients_programme",
            family_id="recipients_family",
            person_id="recipients_person",
            subdistrict_id="recipients_region",
            rule_set_id="eligibility_ruleset",
            release_id="recipients_registryrelease",
        ),
        keep("eligibility_ruleset"),
        keep("recipients_programme"),
        *(
            migrations.RunSQL(words)
            for words in (DECISIONS_STAY, RULE_SETS_STAY, HAND_DECISIONS_STAY, FINDING_EVENTS_STAY)
        ),
    ]

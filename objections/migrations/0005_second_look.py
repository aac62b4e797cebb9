from django.db import migrations

# A later event of the same case by somebody who proposed or decided it before the last request to look again.
SECOND_LOOK_IS_ANOTHERS = """
CREATE FUNCTION objections_refuse_same_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM objections_objectionevent earlier
        WHERE earlier.objection_id = NEW.objection_id AND earlier.by_id = NEW.by_id
        AND earlier.state_after IN ('PROPOSED', 'UPHELD_HERE', 'UPHELD_TO_CENTRE', 'REJECTED')
        AND earlier.id < (
            SELECT max(again.id) FROM objections_objectionevent again
            WHERE again.objection_id = NEW.objection_id AND again.state_after = 'REEXAMINED'
        )
    ) THEN
        RAISE EXCEPTION 'a second look is proposed and decided by others than the first'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER event_second_look BEFORE INSERT ON objections_objectionevent FOR EACH ROW
WHEN (NEW.state_after IN ('PROPOSED', 'UPHELD_HERE', 'UPHELD_TO_CENTRE', 'REJECTED'))
EXECUTE FUNCTION objections_refuse_same_judge();
"""


class Migration(migrations.Migration):
    dependencies = [("objections", "0004_musdes")]

    operations = [
        migrations.RunSQL(
            SECOND_LOOK_IS_ANOTHERS,
            "DROP TRIGGER event_second_look ON objections_objectionevent;"
            " DROP FUNCTION objections_refuse_same_judge()",
        )
    ]

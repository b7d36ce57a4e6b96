"""The database itself refuses to change what was submitted, measured, written and checked, and when it moved.

So rules A-7, B-4 and G-5.
"""

from django.db import migrations

from accounts.migrations._steps import kept

# What was verified, replaced or rejected keeps its figures, and nothing that was sent is removed (B-4).
MEASUREMENTS = """
CREATE FUNCTION projects_keep_measurement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a measurement that was sent is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('verified', 'superseded', 'rejected')
        AND (to_jsonb(OLD) - 'state') IS DISTINCT FROM (to_jsonb(NEW) - 'state') THEN
        RAISE EXCEPTION 'a measurement that was decided on is corrected by a new one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON projects_measurement
    FOR EACH ROW EXECUTE FUNCTION projects_keep_measurement();
"""
UNDO = "DROP TRIGGER kept ON projects_measurement; DROP FUNCTION projects_keep_measurement();"


class Migration(migrations.Migration):
    replaces = [("projects", "0007_privacy")]
    dependencies = [("projects", "0001_models"), ("accounts", "0002_trail_is_kept")]

    operations = [
        kept("projects_applicationversion", "projects_statechange"),
        migrations.RunSQL(MEASUREMENTS, UNDO),
        kept("projects_message", "projects_messagefile", "projects_checkedpoint"),
    ]

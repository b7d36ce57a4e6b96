"""What was verified, replaced or rejected keeps its figures, and nothing that was sent is removed (G-5, B-4)."""

from django.db import migrations

FUNCTION = """
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
    dependencies = [("projects", "0002_history_is_kept")]

    operations = [migrations.RunSQL(FUNCTION, UNDO)]

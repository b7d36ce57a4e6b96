"""The database itself refuses to change a closed vote, a resolution, or a paper on an agenda (C-2, C-8, G-5)."""

from django.db import migrations

from accounts.migrations._steps import kept, kept_whole

BALLOTS = """
CREATE FUNCTION committee_ballot_only_while_voting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    item_state text;
BEGIN
    touched := CASE WHEN TG_OP = 'INSERT' THEN NEW.item_id ELSE OLD.item_id END;
    SELECT state INTO item_state FROM committee_agendaitem WHERE id = touched;
    IF item_state IS DISTINCT FROM 'voting' OR (TG_OP = 'UPDATE' AND NEW.item_id <> OLD.item_id) THEN
        RAISE EXCEPTION 'the vote on this item is not open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER only_while_voting BEFORE INSERT OR UPDATE OR DELETE ON committee_ballot
FOR EACH ROW EXECUTE FUNCTION committee_ballot_only_while_voting();
"""

RESOLUTIONS = """
CREATE FUNCTION committee_resolution_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['withdrawn_on', 'withdrawn_by_id', 'withdrawn_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_on IS NOT NULL
       OR to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'a resolution is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON committee_resolution
FOR EACH ROW EXECUTE FUNCTION committee_resolution_is_kept();
"""

PAPERS = """
CREATE FUNCTION committee_paper_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'note', 'quorum'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('decided', 'withdrawn')
       OR to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'an item and its paper are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON committee_agendaitem
FOR EACH ROW EXECUTE FUNCTION committee_paper_is_kept();
"""


class Migration(migrations.Migration):
    replaces = [("committee", "0004_grounds")]
    dependencies = [("committee", "0001_models"), ("accounts", "0002_trail_is_kept")]

    operations = [
        migrations.RunSQL(
            BALLOTS,
            "DROP TRIGGER only_while_voting ON committee_ballot;"
            "DROP FUNCTION committee_ballot_only_while_voting;",
        ),
        migrations.RunSQL(
            RESOLUTIONS,
            "DROP TRIGGER kept ON committee_resolution; DROP FUNCTION committee_resolution_is_kept;",
        ),
        migrations.RunSQL(
            PAPERS, "DROP TRIGGER kept ON committee_agendaitem; DROP FUNCTION committee_paper_is_kept;"
        ),
        kept("committee_declaration", "committee_signature", "committee_minutescomment", "committee_bodyrules"),
        kept_whole("committee_ballot", "committee_resolution", "committee_agendaitem"),
    ]

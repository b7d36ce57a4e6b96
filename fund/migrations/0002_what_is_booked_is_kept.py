"""The database itself refuses what the rules refuse of the books, the documents and their numbers (L-1, G-5, A-7, R-1)."""

from django.db import migrations

from accounts.migrations._steps import kept, kept_whole

KEPT = [
    "fund_entry",
    "fund_line",
    "fund_contribution",
    "fund_receipt",
    "fund_reservation",
    "fund_exchangerate",
    "fund_policyversion",
    "fund_vatrate",
    "fund_product",
]

# The entry says how many lines it has. It is judged once, at COMMIT, by all of its lines. One that was committed has
# every line that it names, so that one too many, with its counterpart or not, is seen by the count alone, as soon as
# it is written.
BALANCE = """
CREATE FUNCTION fund_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint;
    is_dated_otherwise boolean;
    is_uneven boolean;
BEGIN
    SELECT coalesce(sum(count), 0), coalesce(bool_or(other_dates), false), coalesce(bool_or(uneven), false)
    INTO lines, is_dated_otherwise, is_uneven
    FROM (SELECT count(*), bool_or(value_on <> NEW.value_on OR booked_on <> NEW.booked_on) AS other_dates,
              sum(debit) <> sum(credit) AS uneven
          FROM fund_line WHERE entry_id = NEW.id GROUP BY currency) AS by_currency;
    IF lines <> NEW.line_count THEN
        RAISE EXCEPTION 'entry % does not have the % lines it was posted with (rule L-1)', NEW.id, NEW.line_count
            USING ERRCODE = 'check_violation';
    END IF;
    IF is_dated_otherwise THEN
        RAISE EXCEPTION 'lines of entry % bear other dates than the entry (rule L-1)', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF is_uneven THEN
        RAISE EXCEPTION 'entry % does not balance (rule L-1)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fund_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
CREATE FUNCTION fund_lines_as_many_as_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong fund_entry%ROWTYPE;
BEGIN
    SELECT e.* INTO wrong FROM fund_entry e
    WHERE e.id IN (SELECT entry_id FROM fresh)
      AND e.line_count < (SELECT count(*) FROM fund_line WHERE entry_id = e.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not have the % lines it was posted with (rule L-1)', wrong.id, wrong.line_count
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER as_many_as_said AFTER INSERT ON fund_line REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION fund_lines_as_many_as_said();
"""
UNDO_BALANCE = """
DROP TRIGGER as_many_as_said ON fund_line;
DROP FUNCTION fund_lines_as_many_as_said();
DROP TRIGGER entry_balances ON fund_entry;
DROP FUNCTION fund_entry_balances();
"""

# The one change that an issued document knows is its first rendering.
SEALED = """
CREATE FUNCTION fund_document_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rendered fund_issueddocument%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.content IS NULL AND NEW.content IS NOT NULL THEN
        rendered := OLD;
        rendered.content := NEW.content;
        rendered.sha256 := NEW.sha256;
        rendered.rendered_at := NEW.rendered_at;
        IF rendered IS NOT DISTINCT FROM NEW AND NEW.sha256 = encode(sha256(NEW.content), 'hex') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'document % is issued and never changed (rule R-1)', OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON fund_issueddocument
    FOR EACH ROW EXECUTE FUNCTION fund_document_sealed();
"""
UNDO_SEALED = """
DROP TRIGGER sealed ON fund_issueddocument;
DROP FUNCTION fund_document_sealed();
"""

# A counter moves by one, so that no hand can leave a gap or give a number twice.
COUNTER = """
CREATE FUNCTION fund_counter_moves_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.last = 1 THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.series = OLD.series AND NEW.last = OLD.last + 1 THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'numbers are given one after the other (rule A-7)' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER gapless BEFORE INSERT OR UPDATE OR DELETE ON fund_numberseries
    FOR EACH ROW EXECUTE FUNCTION fund_counter_moves_by_one();
"""
UNDO_COUNTER = """
DROP TRIGGER gapless ON fund_numberseries;
DROP FUNCTION fund_counter_moves_by_one();
"""


class Migration(migrations.Migration):
    replaces = [("fund", "0006_one_look_per_entry")]
    dependencies = [("fund", "0001_models"), ("accounts", "0002_trail_is_kept")]

    operations = [
        kept(*KEPT),
        migrations.RunSQL(BALANCE, UNDO_BALANCE),
        migrations.RunSQL(SEALED, UNDO_SEALED),
        kept_whole("fund_issueddocument"),
        migrations.RunSQL(COUNTER, UNDO_COUNTER),
    ]

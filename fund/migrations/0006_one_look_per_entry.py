"""The same refusals of the books, asked once per entry and once per statement instead of once per line (L-1)."""

from django.db import migrations

# An entry is judged at COMMIT, by all of its lines. One that was committed has every line that it names, so that one
# too many, with its counterpart or not, is seen by the count alone, as soon as it is written.
ONE_LOOK = """
DROP TRIGGER entry_balances ON fund_line;
CREATE OR REPLACE FUNCTION fund_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
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
UNDO = """
DROP TRIGGER as_many_as_said ON fund_line;
DROP FUNCTION fund_lines_as_many_as_said();
CREATE OR REPLACE FUNCTION fund_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted fund_entry%ROWTYPE;
    entry_key bigint;
BEGIN
    IF TG_TABLE_NAME = 'fund_entry' THEN entry_key := NEW.id; ELSE entry_key := NEW.entry_id; END IF;
    SELECT * INTO STRICT wanted FROM fund_entry WHERE id = entry_key;
    IF wanted.line_count <> (SELECT count(*) FROM fund_line WHERE entry_id = entry_key)
        OR EXISTS (SELECT 1 FROM fund_line WHERE entry_id = entry_key
                   AND (value_on <> wanted.value_on OR booked_on <> wanted.booked_on))
        OR EXISTS (SELECT 1 FROM fund_line WHERE entry_id = entry_key
                   GROUP BY currency HAVING sum(debit) <> sum(credit)) THEN
        RAISE EXCEPTION 'entry % does not balance (rule L-1)', entry_key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fund_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("fund", "0005_product_terms")]

    operations = [migrations.RunSQL(ONE_LOOK, UNDO)]

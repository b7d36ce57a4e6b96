"""The database itself refuses what the rules refuse (L-1, G-5, A-7, R-1)."""

from django.db import migrations

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

# The entry says how many lines it has, so a line added later is refused even if it comes with its counterpart.
BALANCE = """
CREATE FUNCTION fund_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted fund_entry%ROWTYPE;
    entry_key bigint;
BEGIN
    IF TG_TABLE_NAME = 'fund_entry' THEN entry_key := NEW.id; ELSE entry_key := NEW.entry_id; END IF;
    SELECT * INTO STRICT wanted FROM fund_entry WHERE id = entry_key;
    IF wanted.line_count <> (SELECT count(*) FROM fund_line WHERE entry_id = entry_key) THEN
        RAISE EXCEPTION 'entry % does not have the % lines it was posted with (rule L-1)', entry_key, wanted.line_count
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM fund_line WHERE entry_id = entry_key
               AND (value_on <> wanted.value_on OR booked_on <> wanted.booked_on)) THEN
        RAISE EXCEPTION 'lines of entry % bear other dates than the entry (rule L-1)', entry_key
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM fund_line WHERE entry_id = entry_key
               GROUP BY currency HAVING sum(debit) <> sum(credit)) THEN
        RAISE EXCEPTION 'entry % does not balance (rule L-1)', entry_key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fund_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fund_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
"""
UNDO_BALANCE = """
DROP TRIGGER entry_balances ON fund_line;
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
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON fund_issueddocument
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_SEALED = """
DROP TRIGGER kept_whole ON fund_issueddocument;
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


def keep(table: str) -> str:
    return (
        f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER kept_whole BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )


def undo(table: str) -> str:
    return f"DROP TRIGGER kept ON {table}; DROP TRIGGER kept_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("fund", "0001_initial"), ("accounts", "0002_append_only")]

    operations = [
        *[migrations.RunSQL(keep(table), undo(table)) for table in KEPT],
        migrations.RunSQL(BALANCE, UNDO_BALANCE),
        migrations.RunSQL(SEALED, UNDO_SEALED),
        migrations.RunSQL(COUNTER, UNDO_COUNTER),
    ]

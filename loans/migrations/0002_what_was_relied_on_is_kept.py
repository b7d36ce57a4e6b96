"""The database refuses to rewrite what somebody may have relied on (rules G-5, P-5, S-5, D-3)."""

from django.db import migrations

# Table -> columns that may be written after the row was made; nothing is ever deleted.
KEPT = {
    "loans_payment": ("receipt_id", "reversed_by_id", "reversed_on", "reversal_reason"),
    "loans_allocation": ("ended_on",),
    "loans_posting": ("ended_on",),
    "loans_scheduleversion": ("superseded_on",),
    "loans_instalment": (),
    "loans_funding": (),
    "loans_payoutaccount": ("seen_by_id", "seen_on"),
    "loans_loanchange": (
        "state",
        "resolution",
        "approved_by_id",
        "approved_on",
        "withdrawn_by_id",
        "withdrawn_on",
        "addendum_id",
    ),
    "loans_followup": (),
    "loans_proofofuse": ("state", "decided_by_id", "decided_on", "reason"),
}

FUNCTION = """
CREATE FUNCTION loans_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open_columns text[] := TG_ARGV[0]::text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: nothing is deleted (rule G-5)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(OLD) - open_columns) IS DISTINCT FROM (to_jsonb(NEW) - open_columns) THEN
        RAISE EXCEPTION '% is kept: correct it by a new record (rule G-5)', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def trigger(table: str, columns: tuple[str, ...]) -> str:
    return (
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION loans_keep('{{{','.join(columns)}}}');"
    )


class Migration(migrations.Migration):
    replaces = [("loans", "0008_what_has_left")]
    dependencies = [("loans", "0001_models")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION loans_keep();"),
        *(
            migrations.RunSQL(trigger(table, columns), f"DROP TRIGGER {table}_is_kept ON {table};")
            for table, columns in KEPT.items()
        ),
    ]

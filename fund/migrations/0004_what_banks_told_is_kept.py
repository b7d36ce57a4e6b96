"""The database refuses to rewrite what a bank told us (rules G-5, P-2)."""

from django.db import migrations

# Table -> columns that may be written after the row was made; nothing is ever deleted.
KEPT = {
    "fund_bankstatement": ("set_aside_by_id", "set_aside_on"),
    "fund_bankline": ("live",),
}

FUNCTION = """
CREATE FUNCTION fund_keep_bank() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open_columns text[] := TG_ARGV[0]::text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: nothing is deleted (rule G-5)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(OLD) - open_columns) IS DISTINCT FROM (to_jsonb(NEW) - open_columns) THEN
        RAISE EXCEPTION '% is kept as the bank told it (rule G-5)', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def trigger(table: str, columns: tuple[str, ...]) -> str:
    return (
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION fund_keep_bank('{{{','.join(columns)}}}');"
    )


class Migration(migrations.Migration):
    replaces = [("fund", "0008_leaner_still")]
    dependencies = [("fund", "0003_numbers_are_looked_up_whole")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION fund_keep_bank();"),
        *(
            migrations.RunSQL(trigger(table, columns), f"DROP TRIGGER {table}_is_kept ON {table};")
            for table, columns in KEPT.items()
        ),
    ]

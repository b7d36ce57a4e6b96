"""The database itself refuses to change or delete what was recorded (G-5, L-1, X-4)."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
TABLES = ["accounts_auditevent", "accounts_seal", "accounts_sealedevent", "accounts_readevent"]


def trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER kept_whole BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )


def undo(table: str) -> str:
    return f"DROP TRIGGER kept ON {table}; DROP TRIGGER kept_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change();"),
        *[migrations.RunSQL(trigger(table), undo(table)) for table in TABLES],
    ]

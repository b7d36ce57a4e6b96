"""Figures of a closed year and their restatements are never changed or removed (B-6, G-5)."""

from django.db import migrations

KEPT = ["reports_closedfigure", "reports_restatement"]


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
    dependencies = [("reports", "0001_initial"), ("accounts", "0002_append_only")]

    operations = [migrations.RunSQL(keep(table), undo(table)) for table in KEPT]

"""The database itself refuses to change what firm and fund wrote to each other, and what was checked (G-5)."""

from django.db import migrations

KEPT = ["projects_message", "projects_messagefile", "projects_checkedpoint"]


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
    dependencies = [("projects", "0005_talk_and_checklist"), ("accounts", "0002_append_only")]

    operations = [migrations.RunSQL(keep(table), undo(table)) for table in KEPT]

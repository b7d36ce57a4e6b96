"""What the migrations of every app are made of. Those that were applied stand on it: something new gets a new name.

Before the first release there were more and longer ones. Each that took their place names one of them in `replaces`,
and the last of an app names the last: a database that has them all is taken as migrated, one that stopped on the way is
refused, since its tables and triggers exist already. Of several names with some missing Django would ignore the new
migration without a word.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

KEPT = "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
NOT_KEPT = "DROP TRIGGER kept ON {table};"
WHOLE = "CREATE TRIGGER kept_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
NOT_WHOLE = "DROP TRIGGER kept_whole ON {table};"


class CreateModels(Operation):
    """The tables of an app, made while all of its models are known.

    After each CreateModel Django builds anew every model that is related to the new one: nearly all of ours, through
    the person. Here they are described first and built once, which is most of the time that an empty database takes.
    """

    reduces_to_sql = True

    def __init__(self, *models: migrations.CreateModel) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, tuple[migrations.CreateModel, ...], dict[str, Any]]:
        return type(self).__name__, self.models, {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # the models as they were built last: built again when they are asked for
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create the models {', '.join(model.name for model in self.models)}"


def kept(*tables: str) -> migrations.RunSQL:
    """Rows that are never changed or deleted, in tables that are never emptied (rule G-5)."""
    return migrations.RunSQL(each(KEPT + WHOLE, tables), each(NOT_KEPT + NOT_WHOLE, tables))


def kept_whole(*tables: str) -> migrations.RunSQL:
    """Tables that are never emptied, whose own triggers say what may be done to a row (rule G-5)."""
    return migrations.RunSQL(each(WHOLE, tables), each(NOT_WHOLE, tables))


def each(sql: str, tables: tuple[str, ...]) -> str:
    return "".join(sql.format(table=table) for table in tables)

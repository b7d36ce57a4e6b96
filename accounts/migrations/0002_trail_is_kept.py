"""The database itself refuses to change or delete what was recorded (G-5, L-1, X-4)."""

from django.db import migrations

from accounts.migrations._steps import kept

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_append_only")]
    dependencies = [("accounts", "0001_models")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change();"),
        kept("accounts_auditevent", "accounts_seal", "accounts_sealedevent", "accounts_readevent"),
    ]

"""Loans paid out before there were plans were paid out at once; a proof of use is kept (rules D-3, G-5)."""

from django.db import migrations

DRAWN = "UPDATE loans_loan SET drawn = principal WHERE disbursed_on IS NOT NULL;"
TRIGGER = """
CREATE TRIGGER loans_proofofuse_is_kept BEFORE UPDATE OR DELETE ON loans_proofofuse
FOR EACH ROW EXECUTE FUNCTION loans_keep('{state,decided_by_id,decided_on,reason}');
"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0007_payouts")]

    operations = [
        migrations.RunSQL(DRAWN, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER loans_proofofuse_is_kept ON loans_proofofuse;"),
    ]

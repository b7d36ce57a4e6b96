"""Indexes that nobody asks, written anew by every payment: by how a number begins.

Django makes them beside every unique text; numbers are looked up whole.
"""

from django.db import migrations

BY_BEGINNING = [
    ("loans_loan_ref_5ef874b7_like", "loans_loan", "ref"),
    ("loans_loan_reference_022b8feb_like", "loans_loan", "reference"),
    ("loans_loan_numeric_reference_1d31a30d_like", "loans_loan", "numeric_reference"),
    ("loans_payment_number_111df383_like", "loans_payment", "number"),
    ("loans_payment_key_e68a9dc8_like", "loans_payment", "key"),
]


class Migration(migrations.Migration):
    replaces = [("loans", "0009_leaner_indexes")]
    dependencies = [("loans", "0002_what_was_relied_on_is_kept")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {name}",
            f"CREATE INDEX {name} ON {table} ({column} varchar_pattern_ops)",
        )
        for name, table, column in BY_BEGINNING
    ]

"""Indexes that nobody asks, written anew by every payment: by how a number begins.

Django makes them beside every unique text; numbers are looked up whole.
"""

from django.db import migrations

BY_BEGINNING = [
    ("fund_entry_source_32e60802_like", "fund_entry", "source"),
    ("fund_issueddocument_about_0c4ce1af_like", "fund_issueddocument", "about"),
    ("fund_issueddocument_number_0f4c65f4_like", "fund_issueddocument", "number"),
]


class Migration(migrations.Migration):
    replaces = [("fund", "0007_leaner_indexes")]
    dependencies = [("fund", "0002_what_is_booked_is_kept")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {name}",
            f"CREATE INDEX {name} ON {table} ({column} varchar_pattern_ops)",
        )
        for name, table, column in BY_BEGINNING
    ]

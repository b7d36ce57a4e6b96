"""Indexes that nobody asks, written anew by every payment: by who did it, and by how a number begins.

Django makes the second kind beside every unique text; numbers are looked up whole.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


BY_BEGINNING = [
    ("fund_entry_source_32e60802_like", "fund_entry", "source"),
    ("fund_issueddocument_about_0c4ce1af_like", "fund_issueddocument", "about"),
    ("fund_issueddocument_number_0f4c65f4_like", "fund_issueddocument", "number"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('fund', '0007_leaner_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='issued_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        *(
            migrations.RunSQL(
                f"DROP INDEX IF EXISTS {name}",
                f"CREATE INDEX {name} ON {table} ({column} varchar_pattern_ops)",
            )
            for name, table, column in BY_BEGINNING
        ),
    ]

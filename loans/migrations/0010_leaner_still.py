"""Indexes that nobody asks, written anew by every payment: by who did it, and by how a number begins.

Django makes the second kind beside every unique text; numbers are looked up whole.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


BY_BEGINNING = [
    ("loans_loan_ref_5ef874b7_like", "loans_loan", "ref"),
    ("loans_loan_reference_022b8feb_like", "loans_loan", "reference"),
    ("loans_loan_numeric_reference_1d31a30d_like", "loans_loan", "numeric_reference"),
    ("loans_payment_number_111df383_like", "loans_payment", "number"),
    ("loans_payment_key_e68a9dc8_like", "loans_payment", "key"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_words_of_notices'),
        ('fund', '0008_leaner_still'),
        ('loans', '0009_leaner_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='loan',
            name='contract',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.issueddocument'),
        ),
        migrations.AlterField(
            model_name='loan',
            name='prepared_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='loan',
            name='signed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='loan',
            name='signed_copy',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile'),
        ),
        migrations.AlterField(
            model_name='loan',
            name='unpaid_since',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='payment',
            name='receipt',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.issueddocument'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='payment',
            name='reversed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        *(
            migrations.RunSQL(
                f"DROP INDEX IF EXISTS {name}",
                f"CREATE INDEX {name} ON {table} ({column} varchar_pattern_ops)",
            )
            for name, table, column in BY_BEGINNING
        ),
    ]

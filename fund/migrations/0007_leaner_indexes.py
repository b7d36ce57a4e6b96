"""Lines are found by entry in the index of their positions: a second one only cost each posting."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fund', '0006_one_look_per_entry'),
    ]

    operations = [
        migrations.AlterField(
            model_name='line',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fund.entry'),
        ),
    ]

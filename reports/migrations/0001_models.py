"""Figures of each year, those of a closed one and their restatements, and charts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._steps import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('reports', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_models'),
        ('projects', '0001_models'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='RollupYear',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(unique=True)),
                    ('fingerprints', models.JSONField(default=dict)),
                    ('rolled_up_on', models.DateField()),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-year'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', True), ('closed_on__isnull', True)), models.Q(('closed_by__isnull', False), ('closed_on__isnull', False)), _connector='OR'), name='rollup_year_closed_by_and_on')],
                },
            ),
            migrations.CreateModel(
                name='RollupFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('dimension', models.CharField(choices=[('fund', 'Fund'), ('sector', 'Sector'), ('state', 'State'), ('size', 'Size of firm'), ('donor', 'Donor'), ('project', 'Project'), ('grade', 'Grade of proof')], max_length=8)),
                    ('key', models.CharField(blank=True, max_length=40)),
                    ('basis', models.CharField(choices=[('verified', 'verified (V2 and above)'), ('declared', 'declared (V1)')], max_length=8)),
                    ('annualised', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('achieved', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('cumulative', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('attributed', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('attributed_cumulative', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('records', models.PositiveIntegerField()),
                    ('firms', models.PositiveIntegerField()),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.indicator')),
                ],
                options={
                    'ordering': ['year', 'indicator__order', 'dimension', 'key', 'basis'],
                    'constraints': [models.UniqueConstraint(fields=('year', 'indicator', 'dimension', 'key', 'basis'), name='rollup_figure_once')],
                },
            ),
            migrations.CreateModel(
                name='ClosedFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('dimension', models.CharField(choices=[('fund', 'Fund'), ('sector', 'Sector'), ('state', 'State'), ('size', 'Size of firm'), ('donor', 'Donor'), ('project', 'Project'), ('grade', 'Grade of proof')], max_length=8)),
                    ('key', models.CharField(blank=True, max_length=40)),
                    ('basis', models.CharField(choices=[('verified', 'verified (V2 and above)'), ('declared', 'declared (V1)')], max_length=8)),
                    ('annualised', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('achieved', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('cumulative', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('attributed', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('attributed_cumulative', models.DecimalField(decimal_places=6, max_digits=24)),
                    ('records', models.PositiveIntegerField()),
                    ('firms', models.PositiveIntegerField()),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.indicator')),
                ],
                options={
                    'ordering': ['year', 'indicator__order', 'dimension', 'key', 'basis'],
                    'constraints': [models.UniqueConstraint(fields=('year', 'indicator', 'dimension', 'key', 'basis'), name='closed_figure_once')],
                },
            ),
            migrations.CreateModel(
                name='Restatement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('dimension', models.CharField(choices=[('fund', 'Fund'), ('sector', 'Sector'), ('state', 'State'), ('size', 'Size of firm'), ('donor', 'Donor'), ('project', 'Project'), ('grade', 'Grade of proof')], max_length=8)),
                    ('key', models.CharField(blank=True, max_length=40)),
                    ('basis', models.CharField(choices=[('verified', 'verified (V2 and above)'), ('declared', 'declared (V1)')], max_length=8)),
                    ('before', models.JSONField()),
                    ('after', models.JSONField()),
                    ('reason', models.TextField()),
                    ('restated_on', models.DateField()),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.indicator')),
                    ('restated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-restated_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='restatement_has_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='Chart',
                fields=[
                    ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('svg', models.TextField()),
                    ('drawn_at', models.DateTimeField(auto_now_add=True)),
                ],
            ),
        ),
    ]

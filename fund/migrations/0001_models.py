"""The fund, its policy and products, who lends to it, its books, documents and bank accounts, and its country.

Lines are found by entry in the index of their positions, and nobody asks who wrote an entry or issued a document: an
index of their own would only cost each posting.
"""

import django.core.serializers.json
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._steps import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('fund', '0005_product_terms'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_models'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='CountryProfile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(max_length=2)),
                    ('in_force_from', models.DateField()),
                    ('names', models.JSONField()),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('tax_id_kind', models.CharField(max_length=10)),
                    ('tax_id_names', models.JSONField()),
                    ('size_rule', models.JSONField()),
                    ('units', models.JSONField(default=dict)),
                    ('interest_tax', models.JSONField()),
                    ('grid_factors', models.JSONField(default=dict)),
                    ('activity_code', models.CharField(max_length=20)),
                    ('unit_names', models.JSONField()),
                    ('iati_agency', models.CharField(max_length=20)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('country', 'in_force_from'), name='country_profile_version')],
                },
            ),
            migrations.CreateModel(
                name='Sector',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True)),
                    ('scian', models.CharField(max_length=6)),
                    ('scian_edition', models.CharField(default='2018', max_length=4)),
                    ('naics', models.CharField(blank=True, max_length=20)),
                    ('names', models.JSONField()),
                    ('kind', models.CharField(choices=[('industry', 'Industry'), ('trade', 'Trade'), ('services', 'Services')], max_length=10)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['position', 'code'],
                },
            ),
            migrations.CreateModel(
                name='AdminUnit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(max_length=2)),
                    ('code', models.CharField(max_length=6)),
                    ('name', models.CharField(max_length=80)),
                    ('sort_name', models.CharField(max_length=80)),
                ],
                options={
                    'ordering': ['country', 'sort_name'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'code'), name='admin_unit_code')],
                },
            ),
            migrations.CreateModel(
                name='Institution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=30, unique=True)),
                    ('names', models.JSONField()),
                    ('short_name', models.CharField(max_length=60)),
                    ('kind', models.CharField(choices=[('founder', 'Founder'), ('government', 'Government'), ('bank', 'Development bank'), ('business', 'Business organisation'), ('academia', 'Academia'), ('civil', 'Civil society'), ('international', 'International body')], max_length=15)),
                    ('country', models.CharField(blank=True, max_length=2)),
                ],
                options={
                    'ordering': ['short_name'],
                },
            ),
            migrations.CreateModel(
                name='BankAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=20, unique=True)),
                    ('name', models.CharField(max_length=80)),
                    ('bank', models.CharField(max_length=80)),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('clabe', models.CharField(blank=True, max_length=18)),
                    ('csv_columns', models.JSONField(blank=True, default=dict)),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='ExchangeRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('base', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('quote', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('on', models.DateField(verbose_name='day')),
                    ('rate', models.DecimalField(decimal_places=8, max_digits=18, verbose_name='rate')),
                    ('source', models.CharField(max_length=80, verbose_name='source')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['-on', 'base', 'quote'],
                    'constraints': [
                        models.UniqueConstraint(fields=('base', 'quote', 'on'), name='exchange_rate_day'),
                        models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive'),
                        models.CheckConstraint(condition=models.Q(('base', models.F('quote')), _negated=True), name='exchange_rate_pair'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BankStatement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(max_length=8)),
                    ('content', models.BinaryField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('lines_read', models.PositiveIntegerField()),
                    ('lines_known', models.PositiveIntegerField()),
                    ('imported_on', models.DateField()),
                    ('imported_at', models.DateTimeField(auto_now_add=True)),
                    ('set_aside_on', models.DateField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='fund.bankaccount')),
                    ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('set_aside_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('set_aside_by__isnull', True), ('set_aside_on__isnull', True)), models.Q(('set_aside_by__isnull', False), ('set_aside_on__isnull', False)), _connector='OR'), name='bank_statement_set_aside_by_and_on'),
                        models.UniqueConstraint(condition=models.Q(('set_aside_on', None)), fields=('account', 'sha256'), name='bank_statement_file_once_per_account'),
                        models.CheckConstraint(condition=models.Q(('lines_known__lte', models.F('lines_read'))), name='bank_statement_knows_what_it_read'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BankLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('ordinal', models.PositiveSmallIntegerField(default=1)),
                    ('value_on', models.DateField()),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('text', models.CharField(blank=True, max_length=500)),
                    ('payer', models.CharField(blank=True, max_length=200)),
                    ('payer_account', models.CharField(blank=True, max_length=40)),
                    ('reference', models.CharField(blank=True, max_length=80)),
                    ('bank_id', models.CharField(blank=True, max_length=80)),
                    ('live', models.BooleanField(default=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fund.bankaccount')),
                    ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fund.bankstatement')),
                ],
                options={
                    'ordering': ['value_on', 'pk'],
                    'indexes': [models.Index(fields=['account', 'value_on'], name='bank_line_by_value_date')],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('live', True)), fields=('account', 'fingerprint'), name='bank_line_once_per_account'),
                        models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='bank_line_moves_money'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Contribution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(max_length=20, unique=True, verbose_name='reference')),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3, verbose_name='currency')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19, verbose_name='amount pledged')),
                    ('pledged_on', models.DateField(verbose_name='pledged on')),
                    ('agreement', models.CharField(blank=True, max_length=120, verbose_name='agreement')),
                    ('purpose', models.CharField(blank=True, max_length=200, verbose_name='purpose')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('state', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.adminunit', verbose_name='state')),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='fund.institution')),
                    ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.sector', verbose_name='sector')),
                ],
                options={
                    'ordering': ['pledged_on', 'ref'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contribution_positive')],
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=120, unique=True, verbose_name='source')),
                    ('value_on', models.DateField(verbose_name='value date')),
                    ('booked_on', models.DateField(verbose_name='booked on')),
                    ('memo', models.CharField(max_length=300, verbose_name='text')),
                    ('line_count', models.PositiveSmallIntegerField()),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='fund.entry')),
                ],
                options={
                    'indexes': [models.Index(fields=['-booked_on', '-id'], name='entry_newest_first')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('line_count__gte', 2)), name='entry_has_two_lines'),
                        models.CheckConstraint(condition=models.Q(('value_on__lte', models.F('booked_on'))), name='entry_not_booked_ahead'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19, verbose_name='amount received')),
                    ('received_on', models.DateField(verbose_name='received on')),
                    ('key', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='fund.contribution')),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='fund.entry')),
                ],
                options={
                    'ordering': ['received_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='receipt_positive')],
                },
            ),
            migrations.CreateModel(
                name='CreditLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(max_length=20, unique=True, verbose_name='reference')),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3, verbose_name='currency')),
                    ('ceiling', models.DecimalField(decimal_places=2, max_digits=19, verbose_name='ceiling')),
                    ('annual_cost_pct', models.DecimalField(decimal_places=6, max_digits=9, verbose_name='yearly cost, percent')),
                    ('opened_on', models.DateField(verbose_name='recorded on')),
                    ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='may be drawn until')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_lines', to='fund.institution')),
                ],
                options={
                    'ordering': ['annual_cost_pct', 'ref'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ceiling__gt', 0)), name='credit_line_positive')],
                },
            ),
            migrations.CreateModel(
                name='LineService',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due', models.DateField()),
                    ('principal', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('interest', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('paid_on', models.DateField(null=True)),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='fund.creditline')),
                ],
                options={
                    'ordering': ['due'],
                    'constraints': [
                        models.UniqueConstraint(fields=('line', 'due'), name='line_service_once_a_day'),
                        models.CheckConstraint(condition=models.Q(('interest__gte', 0), ('principal__gte', 0)), name='line_service_not_negative'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Reservation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.CharField(db_index=True, max_length=40)),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('on', models.DateField()),
                    ('reason', models.CharField(max_length=200)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='reservation_moves')],
                },
            ),
            migrations.CreateModel(
                name='IssuedDocument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=60, unique=True, verbose_name='number')),
                    ('kind', models.CharField(max_length=40, verbose_name='kind')),
                    ('language', models.CharField(max_length=2, verbose_name='language')),
                    ('template', models.CharField(max_length=120)),
                    ('about', models.CharField(db_index=True, max_length=120)),
                    ('facts_text', models.TextField()),
                    ('facts_sha256', models.CharField(max_length=64)),
                    ('issued_on', models.DateField(verbose_name='issued on')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('content', models.BinaryField(null=True)),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('rendered_at', models.DateTimeField(null=True)),
                    ('issued_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-issued_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('rendered_at__isnull', True), ('sha256', '')), models.Q(('content__isnull', False), ('rendered_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='document_sealed_together')],
                },
            ),
            migrations.CreateModel(
                name='LedgerAccount',
                fields=[
                    ('code', models.CharField(max_length=10, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('asset', 'Assets'), ('liability', 'Liabilities'), ('equity', 'Equity'), ('income', 'Income'), ('expense', 'Expenses')], max_length=10)),
                    ('names', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('debit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=19)),
                    ('credit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=19)),
                    ('party', models.CharField(blank=True, max_length=60)),
                    ('loan', models.CharField(blank=True, max_length=40)),
                    ('tranche', models.CharField(blank=True, max_length=40)),
                    ('project', models.CharField(blank=True, max_length=40)),
                    ('value_on', models.DateField()),
                    ('booked_on', models.DateField()),
                    ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fund.ledgeraccount')),
                    ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fund.entry')),
                ],
                options={
                    'ordering': ['entry_id', 'position'],
                    'indexes': [
                        models.Index(fields=['account', 'currency', 'value_on'], include=('debit', 'credit', 'tranche'), name='line_account_value'),
                        models.Index(condition=models.Q(('loan', ''), _negated=True), fields=['loan', 'account'], name='line_loan'),
                        models.Index(condition=models.Q(('party', ''), _negated=True), fields=['party', 'account'], name='line_party'),
                        models.Index(condition=models.Q(('project', ''), _negated=True), fields=['project', 'account'], name='line_project'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('entry', 'position'), name='line_position'),
                        models.CheckConstraint(condition=models.Q(models.Q(('credit', 0), ('debit__gt', 0)), models.Q(('credit__gt', 0), ('debit', 0)), _connector='OR'), name='line_is_debit_or_credit'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='NumberSeries',
                fields=[
                    ('series', models.CharField(max_length=60, primary_key=True, serialize=False)),
                    ('last', models.PositiveIntegerField()),
                ],
            ),
            migrations.CreateModel(
                name='Fund',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                    ('names', models.JSONField()),
                    ('country', models.CharField(max_length=2)),
                    ('legal_basis', models.JSONField()),
                    ('founded_on', models.DateField()),
                    ('home_currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('reporting_currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('administrator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.institution')),
                    ('founders', models.ManyToManyField(related_name='+', to='fund.institution')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_fund')],
                },
            ),
            migrations.CreateModel(
                name='PolicyVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('in_force_from', models.DateField(verbose_name='in force from')),
                    ('values', models.JSONField()),
                    ('note', models.CharField(max_length=300, verbose_name='reason')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-in_force_from', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='VatRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(max_length=2)),
                    ('in_force_from', models.DateField()),
                    ('rate_pct', models.DecimalField(decimal_places=6, max_digits=9)),
                ],
                options={
                    'ordering': ['country', '-in_force_from'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'in_force_from'), name='vat_rate_day')],
                },
            ),
            migrations.CreateModel(
                name='Product',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40)),
                    ('in_force_from', models.DateField(verbose_name='in force from')),
                    ('in_force_until', models.DateField(blank=True, null=True, verbose_name='offered until')),
                    ('names', models.JSONField()),
                    ('summaries', models.JSONField(default=dict)),
                    ('purpose', models.CharField(choices=[('prevention', 'Prevention at the source'), ('audit', 'Closing lines of a voluntary environmental audit')], max_length=12, verbose_name='purpose')),
                    ('currency', models.CharField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], max_length=3)),
                    ('amount_min', models.DecimalField(decimal_places=2, max_digits=19, verbose_name='smallest amount')),
                    ('amount_max', models.DecimalField(decimal_places=2, max_digits=19, verbose_name='largest amount')),
                    ('annual_rate_pct', models.DecimalField(decimal_places=6, max_digits=9, verbose_name='yearly rate, percent')),
                    ('amortization', models.CharField(choices=[('level', 'Level instalments'), ('equal_principal', 'Equal principal'), ('bullet', 'Interest only, principal at the end'), ('flat', 'Interest on the first principal throughout')], max_length=16, verbose_name='repayment')),
                    ('day_count', models.CharField(choices=[('1/12', 'Equal periods (1/12)'), ('30/360 US', '30/360 US'), ('30E/360', '30E/360'), ('ACT/360', 'ACT/360'), ('ACT/365F', 'ACT/365F'), ('ACT/ACT ISDA', 'ACT/ACT ISDA')], max_length=16, verbose_name='day count')),
                    ('holiday_rule', models.CharField(choices=[('unadjusted', 'Not moved'), ('following', 'Next bank day'), ('modified_following', 'Next bank day, but within the month')], max_length=20, verbose_name='holiday rule')),
                    ('term_min', models.PositiveSmallIntegerField(verbose_name='shortest term, months')),
                    ('term_max', models.PositiveSmallIntegerField(verbose_name='longest term, months')),
                    ('term_default', models.PositiveSmallIntegerField(verbose_name='usual term, months')),
                    ('grace_max', models.PositiveSmallIntegerField(verbose_name='longest grace on principal, months')),
                    ('grace_default', models.PositiveSmallIntegerField(verbose_name='usual grace on principal, months')),
                    ('opening_fee_pct', models.DecimalField(decimal_places=6, default=0, max_digits=9, verbose_name='opening fee, percent')),
                    ('late_rate_multiple', models.DecimalField(blank=True, decimal_places=3, max_digits=5, null=True, verbose_name='late rate, times the ordinary rate')),
                    ('allocation_order', models.CharField(choices=[('interest_first', 'Late interest, interest, fees, principal'), ('interest_first_by_row', 'The same, instalment by instalment'), ('principal_first', 'Principal first')], default='interest_first', max_length=24)),
                    ('prepayment', models.CharField(choices=[('keep_credit', 'Kept as a credit of the firm'), ('lower_instalment', 'Lowers the instalments'), ('shorter_term', 'Shortens the term')], default='keep_credit', max_length=20)),
                    ('rounding', models.CharField(choices=[('half_up', 'Half a cent up'), ('half_even', 'Half a cent to the even one'), ('up', 'Every part of a cent up'), ('down', 'Every part of a cent down')], default='half_up', max_length=12)),
                    ('multiple', models.DecimalField(blank=True, decimal_places=2, max_digits=19, null=True, verbose_name='instalments rounded to')),
                    ('illustrative', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('broken_period', models.CharField(choices=[('spread', 'Spread over all instalments'), ('add_to_first', 'Added to the first instalment')], default='spread', max_length=12)),
                    ('every', models.PositiveSmallIntegerField(default=1, verbose_name='an instalment every')),
                    ('fee_per_instalment', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=19, verbose_name='fee with each instalment')),
                    ('grace_kind', models.CharField(choices=[('grace_principal', 'Interest is paid, principal waits'), ('grace_interest', 'Interest waits too and is collected after'), ('grace_free', 'No interest is charged'), ('grace_capitalised', 'Interest is added to the principal')], default='grace_principal', max_length=18)),
                    ('margin_pct', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=9, verbose_name='points above the reference')),
                    ('reference_rate', models.CharField(blank=True, max_length=40, verbose_name='reference rate')),
                    ('unit', models.CharField(choices=[('DAYS', 'days'), ('WEEKS', 'weeks'), ('MONTHS', 'months'), ('QUARTERS', 'quarters'), ('HALF_YEARS', 'half-years')], default='MONTHS', max_length=10, verbose_name='unit of the spacing')),
                ],
                options={
                    'ordering': ['code', '-in_force_from', '-pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('amount_min__gt', 0), ('amount_max__gte', models.F('amount_min'))), name='product_amounts'),
                        models.CheckConstraint(condition=models.Q(('term_min__gte', 1), ('term_max__gte', models.F('term_default')), ('term_default__gte', models.F('term_min'))), name='product_terms'),
                        models.CheckConstraint(condition=models.Q(('grace_max__lt', models.F('term_max')), ('grace_default__lte', models.F('grace_max'))), name='product_grace'),
                        models.CheckConstraint(condition=models.Q(('in_force_until__isnull', True), ('in_force_until__gte', models.F('in_force_from')), _connector='OR'), name='product_dates'),
                        models.CheckConstraint(condition=models.Q(('annual_rate_pct__gte', 0), ('every__gte', 1)), name='product_rate_and_spacing'),
                    ],
                },
            ),
        ),
    ]

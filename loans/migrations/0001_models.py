"""Loans: their schedules, payouts, payments and where these went, changes, securities, and what the bank told of them.

Payments and postings are found by loan in the indexes that begin with it, and nobody asks for loans or payments by
who wrote them or by their papers: an index of their own would only cost each payment.
"""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._steps import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('loans', '0010_leaner_still'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_models'),
        ('fund', '0001_models'),
        ('projects', '0001_models'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Loan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(max_length=20, unique=True)),
                    ('resolution', models.CharField(max_length=60)),
                    ('state', models.CharField(choices=[('drafted', 'Drafted'), ('signed', 'Signed'), ('active', 'Active'), ('paid_off', 'Paid off'), ('written_off', 'Written off'), ('cancelled', 'Cancelled')], default='drafted', max_length=12)),
                    ('currency', models.CharField(max_length=3)),
                    ('principal', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('terms_data', models.JSONField()),
                    ('first_due', models.DateField(blank=True, null=True)),
                    ('conditions', models.JSONField(default=list)),
                    ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English'), ('fr', 'French')], max_length=2)),
                    ('cat_pct', models.DecimalField(decimal_places=1, max_digits=7, null=True)),
                    ('reference', models.CharField(max_length=25, unique=True)),
                    ('numeric_reference', models.CharField(max_length=7, unique=True)),
                    ('prepared_on', models.DateField()),
                    ('signed_on', models.DateField(null=True)),
                    ('disbursed_on', models.DateField(null=True)),
                    ('paid_off_on', models.DateField(null=True)),
                    ('cancelled_on', models.DateField(null=True)),
                    ('balance', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=19)),
                    ('unpaid_since', models.DateField(null=True)),
                    ('booked_to', models.DateField(null=True)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='projects.application')),
                    ('contract', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.issueddocument')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='projects.firm')),
                    ('prepared_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('signed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('signed_copy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                    ('written_off_on', models.DateField(null=True)),
                    ('drawn', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=19)),
                    ('payout_plan', models.JSONField(blank=True, default=list)),
                    ('rest_ended_on', models.DateField(null=True)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['state', 'unpaid_since'], name='loan_by_arrears')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('signed_by__isnull', True), ('signed_on__isnull', True)), models.Q(('signed_by__isnull', False), ('signed_on__isnull', False)), _connector='OR'), name='loan_signed_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('signed_by__isnull', True), ('prepared_by__isnull', True), models.Q(('prepared_by', models.F('signed_by')), _negated=True), _connector='OR'), name='loan_two_pairs_of_eyes'),
                        models.CheckConstraint(condition=models.Q(('principal__gt', 0)), name='loan_principal_above_zero'),
                        models.CheckConstraint(condition=models.Q(('balance__gte', 0), ('balance__lte', models.F('principal'))), name='loan_balance_within_principal'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['active', 'paid_off', 'written_off']), _negated=True), ('disbursed_on__isnull', False), _connector='OR'), name='loan_active_was_disbursed'),
                        models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('application',), name='loan_one_per_application'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'written_off'), _negated=True), ('written_off_on__isnull', False), _connector='OR'), name='loan_written_off_has_its_day'),
                        models.CheckConstraint(condition=models.Q(('drawn__gte', 0), ('drawn__lte', models.F('principal'))), name='loan_drawn_within_principal'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PayoutAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=34)),
                    ('bank', models.CharField(max_length=80)),
                    ('holder', models.CharField(max_length=200)),
                    ('typed_on', models.DateField()),
                    ('seen_on', models.DateField(null=True)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='loans.loan')),
                    ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('typed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('seen_by__isnull', True), ('seen_on__isnull', True)), models.Q(('seen_by__isnull', False), ('seen_on__isnull', False)), _connector='OR'), name='payout_account_seen_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('seen_by__isnull', True), ('typed_by__isnull', True), models.Q(('typed_by', models.F('seen_by')), _negated=True), _connector='OR'), name='payout_account_two_pairs_of_eyes'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Payment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=20, unique=True)),
                    ('key', models.CharField(max_length=80, unique=True)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('value_on', models.DateField()),
                    ('method', models.CharField(choices=[('transfer', 'Bank transfer'), ('cheque', 'Cheque'), ('deposit', 'Deposit at the counter')], default='transfer', max_length=10)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('recorded_on', models.DateField()),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('reversed_on', models.DateField(null=True)),
                    ('reversal_reason', models.CharField(blank=True, max_length=300)),
                    ('loan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='loans.loan')),
                    ('receipt', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.issueddocument')),
                    ('recorded_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reversed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('prepayment', models.CharField(blank=True, choices=[('keep_credit', 'Keep it as a credit'), ('lower_instalment', 'Lower the instalments'), ('shorter_term', 'Shorten the term')], max_length=20)),
                ],
                options={
                    'ordering': ['-value_on', '-pk'],
                    'indexes': [models.Index(fields=['loan', 'value_on'], name='payment_by_value_date')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_above_zero'),
                        models.CheckConstraint(condition=models.Q(models.Q(('reversed_by__isnull', True), ('reversed_on__isnull', True)), models.Q(('reversed_by__isnull', False), ('reversed_on__isnull', False)), _connector='OR'), name='payment_reversed_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('reversed_on', None), models.Q(('reversal_reason', ''), _negated=True), _connector='OR'), name='payment_reversal_has_a_reason'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Allocation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('n', models.PositiveSmallIntegerField()),
                    ('part', models.CharField(choices=[('late_interest', 'Late interest'), ('late_vat', 'VAT on late interest'), ('interest', 'Interest'), ('interest_vat', 'VAT on interest'), ('fees', 'Fees'), ('fees_vat', 'VAT on fees'), ('principal', 'Principal'), ('credit', 'Kept as credit'), ('refunded', 'Refunded')], max_length=14)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('value_on', models.DateField()),
                    ('ended_on', models.DateField(null=True)),
                    ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='loans.payment')),
                ],
                options={
                    'ordering': ['payment', 'pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='allocation_above_zero'),
                        models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('payment', 'n', 'part', 'value_on'), name='allocation_live_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BankMatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found', models.CharField(choices=[('matched', 'Matched'), ('suggested', 'Suggested'), ('unmatched', 'Unmatched'), ('repeated', 'Perhaps known'), ('outgoing', 'Money out')], max_length=10)),
                    ('why', models.JSONField(default=list)),
                    ('decision', models.CharField(blank=True, choices=[('pay', 'Pays a loan'), ('hold', 'Keep as unmatched money'), ('ignore', 'Leave out')], max_length=6)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('decided_on', models.DateField(null=True)),
                    ('queued_on', models.DateField(null=True)),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('problem', models.CharField(blank=True, max_length=300)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('held', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.entry')),
                    ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='match', to='fund.bankline')),
                    ('loan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_matches', to='loans.loan')),
                    ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_match', to='loans.payment')),
                    ('queued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('released', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.entry')),
                ],
                options={
                    'ordering': ['line__value_on', 'line_id'],
                    'indexes': [models.Index(fields=['decision', 'queued_on'], name='bank_match_by_decision')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_on__isnull', True)), models.Q(('decided_by__isnull', False), ('decided_on__isnull', False)), _connector='OR'), name='bank_match_decided_by_and_on'),
                        models.CheckConstraint(condition=models.Q(models.Q(('queued_by__isnull', True), ('queued_on__isnull', True)), models.Q(('queued_by__isnull', False), ('queued_on__isnull', False)), _connector='OR'), name='bank_match_queued_by_and_on'),
                        models.CheckConstraint(condition=models.Q(models.Q(('decision', 'pay'), _negated=True), ('loan__isnull', False), _connector='OR'), name='bank_match_pays_a_loan'),
                        models.CheckConstraint(condition=models.Q(models.Q(('decision', 'ignore'), _negated=True), models.Q(('reason', ''), _negated=True), ('found', 'outgoing'), _connector='OR'), name='bank_match_left_out_with_a_reason'),
                        models.CheckConstraint(condition=models.Q(('released', None), ('held__isnull', False), _connector='OR'), name='bank_match_released_was_held'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LoanChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(max_length=24, unique=True)),
                    ('kind', models.CharField(choices=[('pause', 'Interest pause'), ('new_date', 'New due date'), ('rate', 'New rate'), ('extra_terms', 'More instalments'), ('new_terms', 'New schedule for all that is owed'), ('refund', 'Refund of a credit'), ('write_off', 'Write-off')], max_length=12)),
                    ('state', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                    ('value_on', models.DateField()),
                    ('data', models.JSONField(default=dict)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19, null=True)),
                    ('reason', models.CharField(max_length=300)),
                    ('resolution', models.CharField(blank=True, max_length=60)),
                    ('proposed_on', models.DateField()),
                    ('approved_on', models.DateField(null=True)),
                    ('withdrawn_on', models.DateField(null=True)),
                    ('addendum', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.issueddocument')),
                    ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='loans.loan')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['loan', 'state'], name='loan_change_by_state')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('approved_on__isnull', True)), models.Q(('approved_by__isnull', False), ('approved_on__isnull', False)), _connector='OR'), name='loan_change_approved_by_and_on'),
                        models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_by__isnull', True), ('withdrawn_on__isnull', True)), models.Q(('withdrawn_by__isnull', False), ('withdrawn_on__isnull', False)), _connector='OR'), name='loan_change_withdrawn_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('proposed_by__isnull', True), models.Q(('proposed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='loan_change_two_pairs_of_eyes'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_by__isnull', False), _connector='OR'), name='loan_change_approved_by_somebody'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('kind', 'refund'), models.Q(('resolution', ''), _negated=True), _connector='OR'), name='loan_change_by_resolution'),
                        models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind', 'refund')), models.Q(models.Q(('kind', 'refund'), _negated=True), ('amount', None)), _connector='OR'), name='loan_change_refund_has_an_amount'),
                        models.UniqueConstraint(condition=models.Q(('kind', 'write_off'), ('state', 'approved')), fields=('loan',), name='loan_written_off_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Disbursement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField(default=1)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('state', models.CharField(choices=[('prepared', 'Prepared'), ('approved', 'Paid out'), ('cancelled', 'Cancelled')], default='prepared', max_length=10)),
                    ('prepared_on', models.DateField()),
                    ('approved_on', models.DateField(null=True)),
                    ('value_on', models.DateField(null=True)),
                    ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disbursements', to='loans.loan')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.payoutaccount')),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('approved_on__isnull', True)), models.Q(('approved_by__isnull', False), ('approved_on__isnull', False)), _connector='OR'), name='disbursement_approved_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('prepared_by__isnull', True), models.Q(('prepared_by', models.F('approved_by')), _negated=True), _connector='OR'), name='disbursement_two_pairs_of_eyes'),
                        models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='disbursement_above_zero'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_by__isnull', False), ('value_on__isnull', False)), _connector='OR'), name='disbursement_leaves_only_approved'),
                        models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('loan', 'number'), name='disbursement_number_once_per_loan'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Funding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('tranche', models.CharField(max_length=30)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('reporting_amount', models.DecimalField(decimal_places=2, max_digits=19, null=True)),
                    ('disbursement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='loans.disbursement')),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='loans.loan')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.UniqueConstraint(fields=('disbursement', 'tranche'), name='funding_tranche_once'),
                        models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='funding_above_zero'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='FollowUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('call', 'Telephone call'), ('visit', 'Visit'), ('letter', 'Letter or e-mail'), ('note', 'Note')], max_length=6)),
                    ('text', models.CharField(max_length=500)),
                    ('promised_amount', models.DecimalField(decimal_places=2, max_digits=19, null=True)),
                    ('promised_on', models.DateField(null=True)),
                    ('next_action_on', models.DateField(null=True)),
                    ('on', models.DateField()),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='loans.loan')),
                ],
                options={
                    'ordering': ['-on', '-pk'],
                    'indexes': [models.Index(fields=['loan', '-on'], name='follow_up_by_loan')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('promised_amount__isnull', True), ('promised_on__isnull', True)), models.Q(('promised_amount__isnull', False), ('promised_on__isnull', False)), _connector='OR'), name='follow_up_promise_amount_and_day'),
                        models.CheckConstraint(condition=models.Q(('promised_amount', None), ('promised_amount__gt', 0), _connector='OR'), name='follow_up_promise_above_zero'),
                        models.CheckConstraint(condition=models.Q(('promised_on', None), ('promised_on__gte', models.F('on')), _connector='OR'), name='follow_up_promise_not_in_the_past'),
                        models.CheckConstraint(condition=models.Q(('next_action_on', None), ('next_action_on__gte', models.F('on')), _connector='OR'), name='follow_up_action_not_in_the_past'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Posting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event', models.CharField(max_length=60)),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('ended_on', models.DateField(null=True)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.entry')),
                    ('loan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='loans.loan')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.UniqueConstraint(fields=('loan', 'event', 'round'), name='posting_round_once'),
                        models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('loan', 'event'), name='posting_live_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IdentityFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('representative', models.CharField(max_length=150)),
                    ('position', models.CharField(max_length=100)),
                    ('identification', models.CharField(max_length=100)),
                    ('powers', models.CharField(max_length=300)),
                    ('owners', models.JSONField(default=list)),
                    ('consents_on', models.DateField()),
                    ('written_on', models.DateField()),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_files', to='projects.firm')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('firm', 'number'), name='identity_version_once')],
                },
            ),
            migrations.CreateModel(
                name='IdentityPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('powers', "Deed with the representative's powers"), ('identity', "Representative's official identification"), ('address', "Proof of the firm's address"), ('owner', "Beneficial owner's identification"), ('other', 'Other')], max_length=10)),
                    ('added_on', models.DateField()),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_papers', to='projects.firm')),
                ],
                options={
                    'ordering': ['kind', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='ListCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('lists', models.CharField(max_length=200)),
                    ('found', models.BooleanField()),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('checked_on', models.DateField()),
                    ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='loans.identityfile')),
                ],
                options={
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='Guarantee',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('guarantor', 'Guarantor'), ('pledge', 'Pledge of equipment or stock'), ('mortgage', 'Mortgage'), ('deposit', 'Deposit')], max_length=10)),
                    ('giver', models.CharField(max_length=150)),
                    ('what', models.CharField(max_length=300)),
                    ('value', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('added_on', models.DateField()),
                    ('released_on', models.DateField(null=True)),
                    ('release_note', models.CharField(blank=True, max_length=300)),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guarantees', to='loans.loan')),
                    ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                    ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='guarantee_above_zero'),
                        models.CheckConstraint(condition=models.Q(models.Q(('released_by__isnull', True), ('released_on__isnull', True)), models.Q(('released_by__isnull', False), ('released_on__isnull', False)), _connector='OR'), name='guarantee_released_by_and_on'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='InvoiceFolio',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('folio', models.CharField(max_length=60, unique=True)),
                    ('issued_on', models.DateField()),
                    ('noted_on', models.DateField()),
                    ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('posting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='loans.posting')),
                ],
                options={
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='ProofOfUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('handed_in', 'Handed in'), ('accepted', 'Accepted'), ('returned', 'Returned')], default='handed_in', max_length=10)),
                    ('note', models.CharField(max_length=1000)),
                    ('handed_in_on', models.DateField()),
                    ('decided_on', models.DateField(null=True)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('disbursement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='loans.disbursement')),
                    ('handed_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_on__isnull', True)), models.Q(('decided_by__isnull', False), ('decided_on__isnull', False)), _connector='OR'), name='proof_of_use_decided_by_and_on'),
                        models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('handed_in_by__isnull', True), models.Q(('handed_in_by', models.F('decided_by')), _negated=True), _connector='OR'), name='proof_of_use_two_pairs_of_eyes'),
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('state', 'handed_in')), models.Q(models.Q(('state', 'handed_in'), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='proof_of_use_decided_by_somebody'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proof_of_use_returned_with_a_reason'),
                        models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('disbursement',), name='proof_of_use_one_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScheduleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('reason', models.CharField(choices=[('disbursement', 'Disbursement'), ('tranche', 'Later payout'), ('prepayment', 'Prepayment'), ('pause', 'Interest pause'), ('new_date', 'New due date'), ('rate', 'New rate'), ('extra_terms', 'More instalments'), ('new_terms', 'New schedule for all that is owed'), ('correction', 'Correction of an earlier event')], max_length=20)),
                    ('in_force_from', models.DateField()),
                    ('superseded_on', models.DateField(null=True)),
                    ('terms_data', models.JSONField()),
                    ('made_on', models.DateField()),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='loans.loan')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['loan', 'number'],
                    'constraints': [
                        models.UniqueConstraint(fields=('loan', 'number'), name='schedule_version_number_once_per_loan'),
                        models.UniqueConstraint(condition=models.Q(('superseded_on', None)), fields=('loan',), name='schedule_version_one_in_force'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Instalment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('n', models.PositiveSmallIntegerField()),
                    ('due_on', models.DateField()),
                    ('pay_on', models.DateField()),
                    ('days', models.PositiveIntegerField()),
                    ('principal', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('interest', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('vat', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('fees', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('total', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('balance', models.DecimalField(decimal_places=2, max_digits=19)),
                    ('fees_vat', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=19)),
                    ('capitalised', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=19)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='loans.scheduleversion')),
                ],
                options={
                    'ordering': ['version', 'n'],
                    'indexes': [models.Index(fields=['pay_on'], name='instalment_by_pay_day')],
                    'constraints': [
                        models.UniqueConstraint(fields=('version', 'n'), name='instalment_number_once_per_version'),
                        models.CheckConstraint(condition=models.Q(('balance__gte', 0), ('fees__gte', 0), ('interest__gte', 0), ('principal__gte', 0), ('vat__gte', 0)), name='instalment_not_negative'),
                    ],
                },
            ),
        ),
    ]

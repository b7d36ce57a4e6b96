"""Bodies and their members, sessions, appraisals, votes, resolutions, minutes, conditions."""

import datetime
import django.db.models.deletion
import djmoney.models.fields
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._steps import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('committee', '0003_proofs_of_conditions'),
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
                name='Body',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=4, unique=True)),
                    ('names', models.JSONField()),
                    ('duties', models.JSONField(default=dict)),
                    ('letter', models.CharField(max_length=1)),
                    ('decides', models.BooleanField(default=False)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['position', 'code'],
                },
            ),
            migrations.CreateModel(
                name='BodyRules',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField()),
                    ('since', models.DateField()),
                    ('content', models.JSONField()),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_sets', to='committee.body')),
                ],
                options={
                    'ordering': ['body', 'since', 'version'],
                    'constraints': [models.UniqueConstraint(fields=('body', 'version'), name='body_rules_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=12)),
                    ('names', models.JSONField()),
                    ('constituency', models.CharField(choices=[('industry', 'Industry'), ('cooperation', 'Environmental cooperation'), ('fund', 'Administration of the fund'), ('academia', 'Academia'), ('civil', 'Civil society'), ('government', 'Government'), ('banking', 'Development banking'), ('donor', 'Donors')], max_length=12)),
                    ('votes', models.BooleanField(default=True)),
                    ('presides', models.BooleanField(default=False)),
                    ('since', models.DateField()),
                    ('until', models.DateField(blank=True, null=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='committee.body')),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='fund.institution')),
                ],
                options={
                    'ordering': ['body', 'position', 'code'],
                    'constraints': [
                        models.UniqueConstraint(fields=('body', 'code', 'since'), name='seat_once_in_a_body'),
                        models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='seat_ends_after_it_begins'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Appointment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('alternate', models.BooleanField(default=False)),
                    ('since', models.DateField()),
                    ('until', models.DateField(blank=True, null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='committee.seat')),
                ],
                options={
                    'ordering': ['seat', 'alternate', 'since', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('alternate', False), ('until', None)), fields=('seat',), name='seat_has_one_holder'),
                        models.UniqueConstraint(condition=models.Q(('until', None)), fields=('seat', 'person'), name='seat_names_a_person_once'),
                        models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='appointment_ends_after_it_begins'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Declaration',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('matter', models.CharField(blank=True, db_index=True, max_length=60)),
                    ('conflict', models.BooleanField(default=False)),
                    ('reason_class', models.CharField(blank=True, choices=[('ownership', 'Owner or shareholder'), ('family', 'Family or close friendship'), ('employment', 'Works or has worked for the firm'), ('business', 'Supplier, customer, creditor or competitor'), ('affiliation', "The institution's own affiliate"), ('other', 'Another reason')], max_length=12)),
                    ('statement', models.TextField(blank=True)),
                    ('made_on', models.DateField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('matter', ''), _negated=True), fields=('person', 'matter', 'conflict'), name='declaration_once_per_case'),
                        models.CheckConstraint(condition=models.Q(('conflict', False), ('matter', ''), models.Q(('reason_class', ''), _negated=True), _connector='OR'), name='declared_conflict_has_its_class'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Session',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=16, unique=True)),
                    ('held_on', models.DateField()),
                    ('begins_at', models.TimeField(default=datetime.time(10, 0))),
                    ('place', models.CharField(max_length=200)),
                    ('state', models.CharField(choices=[('planned', 'Planned'), ('called', 'Called'), ('open', 'Open'), ('closed', 'Closed'), ('minuted', 'Minutes drafted'), ('sealed', 'Minutes sealed')], default='planned', max_length=8)),
                    ('planned_on', models.DateField()),
                    ('called_on', models.DateField(blank=True, null=True)),
                    ('opened_on', models.DateField(blank=True, null=True)),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('minuted_on', models.DateField(blank=True, null=True)),
                    ('sealed_on', models.DateField(blank=True, null=True)),
                    ('minutes', models.JSONField(blank=True, default=dict)),
                    ('minutes_hash', models.CharField(blank=True, max_length=64)),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='committee.body')),
                    ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-held_on', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='AgendaItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(choices=[('application', 'Loan application'), ('donation', 'Earmarked donation'), ('credit_line', 'Credit line'), ('write_off', 'Write-off'), ('restructuring', 'Restructuring'), ('rule_change', 'Rule change'), ('waiver', 'Waiver of a condition'), ('free', 'Other matter')], max_length=14)),
                    ('reference', models.CharField(max_length=40)),
                    ('title', models.CharField(max_length=240)),
                    ('paper', models.JSONField(default=dict)),
                    ('paper_hash', models.CharField(max_length=64)),
                    ('version', models.CharField(blank=True, max_length=80)),
                    ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], default=None, editable=False, max_length=3, null=True)),
                    ('amount', djmoney.models.fields.MoneyField(blank=True, currency_choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], decimal_places=2, max_digits=19, null=True)),
                    ('deferred_before', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('listed', 'On the agenda'), ('voting', 'Vote open'), ('decided', 'Decided'), ('postponed', 'Put off'), ('withdrawn', 'Withdrawn')], default='listed', max_length=10)),
                    ('note', models.TextField(blank=True)),
                    ('quorum', models.JSONField(blank=True, default=dict)),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='committee.session')),
                ],
                options={
                    'ordering': ['session', 'position'],
                    'indexes': [models.Index(fields=['reference', 'kind'], name='item_by_reference')],
                    'constraints': [
                        models.UniqueConstraint(fields=('session', 'position'), name='item_position_once'),
                        models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('session', 'kind', 'reference'), name='item_matter_once_in_a_session'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Attendance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('alternate', models.BooleanField(default=False)),
                    ('remote', models.BooleanField(default=False)),
                    ('present', models.BooleanField(default=True)),
                    ('marked_on', models.DateField()),
                    ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='committee.seat')),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='committee.session')),
                ],
                options={
                    'ordering': ['seat__position', 'alternate', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('session', 'person'), name='attendance_once_per_person')],
                },
            ),
            migrations.CreateModel(
                name='Ballot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('vote', models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstention')], max_length=8)),
                    ('by_roll_call', models.BooleanField(default=False)),
                    ('cast_on', models.DateField()),
                    ('cast_at', models.DateTimeField(auto_now=True)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='committee.agendaitem')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to=settings.AUTH_USER_MODEL)),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='committee.seat')),
                ],
                options={
                    'ordering': ['item', 'seat__position'],
                    'constraints': [
                        models.UniqueConstraint(fields=('item', 'seat'), name='ballot_once_per_seat'),
                        models.CheckConstraint(condition=models.Q(('by_roll_call', True), ('person', models.F('recorded_by')), _connector='OR'), name='ballot_of_another_is_a_roll_call'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Resolution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=24, unique=True)),
                    ('outcome', models.CharField(choices=[('approved', 'Approved'), ('rejected', 'Rejected'), ('deferred', 'Deferred')], max_length=8)),
                    ('decided_on', models.DateField()),
                    ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], default=None, editable=False, max_length=3, null=True)),
                    ('amount', djmoney.models.fields.MoneyField(blank=True, currency_choices=[('MXN', 'MXN'), ('USD', 'USD'), ('CAD', 'CAD'), ('COP', 'COP'), ('PEN', 'PEN'), ('EUR', 'EUR'), ('CLP', 'CLP')], decimal_places=2, max_digits=19, null=True)),
                    ('terms', models.JSONField(blank=True, default=dict)),
                    ('tally', models.JSONField()),
                    ('quorum', models.JSONField()),
                    ('presence', models.JSONField()),
                    ('recusals', models.JSONField()),
                    ('file_version', models.CharField(blank=True, max_length=80)),
                    ('paper_hash', models.CharField(max_length=64)),
                    ('rules', models.JSONField()),
                    ('withdrawn_on', models.DateField(blank=True, null=True)),
                    ('withdrawn_reason', models.TextField(blank=True)),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='committee.body')),
                    ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resolution', to='committee.agendaitem')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='committee.session')),
                    ('grounds', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['-decided_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_by__isnull', True), ('withdrawn_on__isnull', True)), models.Q(('withdrawn_by__isnull', False), ('withdrawn_on__isnull', False)), _connector='OR'), name='resolution_withdrawn_by_and_on')],
                },
            ),
            migrations.CreateModel(
                name='Condition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(choices=[('precedent', 'Before any money'), ('during', 'During the loan'), ('after', 'Lasting undertaking')], max_length=10)),
                    ('text', models.TextField()),
                    ('owner', models.CharField(choices=[('firm', 'The firm'), ('officer', "The fund's loan officer"), ('benefits', "The fund's benefits officer"), ('treasurer', "The fund's treasurer")], max_length=10)),
                    ('due_on', models.DateField()),
                    ('proof', models.CharField(max_length=240)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('met', 'Met'), ('waived', 'Waived')], default='open', max_length=8)),
                    ('settled_on', models.DateField(blank=True, null=True)),
                    ('proof_given', models.TextField(blank=True)),
                    ('proof_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                    ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='committee.resolution')),
                    ('waived_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='committee.resolution')),
                ],
                options={
                    'ordering': ['resolution', 'number'],
                    'constraints': [
                        models.UniqueConstraint(fields=('resolution', 'number'), name='condition_number_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('settled_by__isnull', True), ('settled_on__isnull', True)), models.Q(('settled_by__isnull', False), ('settled_on__isnull', False)), _connector='OR'), name='condition_settled_by_and_on'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), ('waived_by__isnull', False), _connector='OR'), name='condition_waived_by_a_resolution'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Rubric',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField(unique=True)),
                    ('since', models.DateField()),
                    ('spread_limit', models.PositiveSmallIntegerField(default=2)),
                ],
                options={
                    'ordering': ['since', 'version'],
                },
            ),
            migrations.CreateModel(
                name='Criterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=20)),
                    ('names', models.JSONField()),
                    ('hints', models.JSONField(default=dict)),
                    ('weight', models.PositiveSmallIntegerField()),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('rubric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='committee.rubric')),
                ],
                options={
                    'ordering': ['rubric', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('rubric', 'code'), name='criterion_once_in_a_rubric')],
                },
            ),
            migrations.CreateModel(
                name='Evaluation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('role', models.CharField(choices=[('technical', 'Technical reading'), ('financial', 'Financial reading'), ('third', 'Third reading')], max_length=10)),
                    ('state', models.CharField(choices=[('assigned', 'Declaration awaited'), ('open', 'Being read'), ('finished', 'Finished'), ('conflict', 'Closed by a conflict')], default='assigned', max_length=10)),
                    ('assigned_on', models.DateField()),
                    ('declared_on', models.DateField(blank=True, null=True)),
                    ('finished_on', models.DateField(blank=True, null=True)),
                    ('proposal', models.CharField(blank=True, choices=[('approve', 'Approve'), ('conditions', 'Approve with conditions'), ('more', 'Ask for more'), ('reject', 'Reject')], max_length=10)),
                    ('opinion', models.TextField(blank=True)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='projects.application')),
                    ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('evaluator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to=settings.AUTH_USER_MODEL)),
                    ('rubric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.rubric')),
                ],
                options={
                    'ordering': ['application', 'round', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(fields=('application', 'round', 'evaluator'), name='evaluation_two_different_people'),
                        models.UniqueConstraint(condition=models.Q(('state', 'conflict'), _negated=True), fields=('application', 'round', 'role'), name='evaluation_one_reader_per_role'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Score',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('value', models.PositiveSmallIntegerField()),
                    ('reason', models.TextField()),
                    ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.criterion')),
                    ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='committee.evaluation')),
                ],
                options={
                    'ordering': ['evaluation', 'criterion__position'],
                    'constraints': [
                        models.UniqueConstraint(fields=('evaluation', 'criterion'), name='score_once_per_criterion'),
                        models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 5)), name='score_from_0_to_5'),
                        models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='score_has_a_reason'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='JointNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('text', models.TextField()),
                    ('written_on', models.DateField()),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joint_notes', to='projects.application')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='MinutesComment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField()),
                    ('written_on', models.DateField()),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='committee.session')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Signature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('facts_hash', models.CharField(max_length=64)),
                    ('signed_on', models.DateField()),
                    ('signed_at', models.DateTimeField(auto_now_add=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.seat')),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='committee.session')),
                ],
                options={
                    'ordering': ['seat__position'],
                    'constraints': [models.UniqueConstraint(fields=('session', 'seat', 'facts_hash'), name='minutes_signed_once_per_seat')],
                },
            ),
            migrations.CreateModel(
                name='ConditionProof',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('note', models.TextField(blank=True)),
                    ('state', models.CharField(choices=[('sent', 'Sent'), ('taken', 'Accepted'), ('refused', 'Not enough')], default='sent', max_length=8)),
                    ('sent_on', models.DateField()),
                    ('seen_on', models.DateField(blank=True, null=True)),
                    ('reason', models.TextField(blank=True)),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='committee.condition')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile')),
                    ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('seen_by__isnull', True), ('seen_on__isnull', True)), models.Q(('seen_by__isnull', False), ('seen_on__isnull', False)), _connector='OR'), name='proof_seen_by_and_on'),
                        models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('condition',), name='one_proof_waits_a_condition'),
                        models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('note', ''), _negated=True), _connector='OR'), name='proof_is_a_file_or_words'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proof_refused_with_a_reason'),
                    ],
                },
            ),
        ),
    ]

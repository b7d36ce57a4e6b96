"""People and their roles, files, the trail of what was done and read, notices, calendar feeds."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._steps import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0003_search_and_feeds'),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('full_name', models.CharField(max_length=150, verbose_name='full name')),
                    ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English'), ('fr', 'French')], default='es', max_length=2, verbose_name='language')),
                    ('is_active', models.BooleanField(default=True)),
                    ('joined_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_any_case')],
                },
            ),
            migrations.CreateModel(
                name='CalendarFeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('secret', models.CharField(max_length=64, unique=True)),
                    ('begun_on', models.DateField()),
                    ('ended_on', models.DateField(blank=True, null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('user',), name='one_feed_a_person')],
                },
            ),
            migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('about', models.CharField(db_index=True, max_length=120)),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(max_length=100)),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('content', models.FileField(max_length=200, upload_to='files/%Y/%m/')),
                    ('uploaded_on', models.DateField()),
                    ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Role',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(unique=True)),
                    ('names', models.JSONField(default=dict)),
                    ('duties', models.JSONField(default=dict)),
                    ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('handles_money', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Grant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_on', models.DateField()),
                    ('to_on', models.DateField(blank=True, null=True)),
                    ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='accounts.role')),
                ],
                options={
                    'ordering': ['role_id', 'from_on'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('to_on', None), ('to_on__gte', models.F('from_on')), _connector='OR'), name='grant_ends_after_it_begins'),
                        models.UniqueConstraint(condition=models.Q(('to_on', None)), fields=('user', 'role'), name='grant_open_once_per_role'),
                        models.CheckConstraint(condition=models.Q(('user', models.F('granted_by')), _negated=True), name='grant_never_by_oneself'),
                        models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('user', models.F('confirmed_by')), _negated=True), _connector='OR'), name='grant_never_confirmed_by_oneself'),
                        models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('granted_by__isnull', True), models.Q(('granted_by', models.F('confirmed_by')), _negated=True), _connector='OR'), name='grant_two_pairs_of_eyes'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=300, unique=True)),
                    ('kind', models.SlugField(max_length=60)),
                    ('about', models.CharField(max_length=120)),
                    ('due', models.DateField(blank=True, null=True)),
                    ('email', models.EmailField(max_length=254)),
                    ('language', models.CharField(max_length=2)),
                    ('facts', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting for release'), ('due', 'To be sent'), ('claimed', 'Being sent'), ('sent', 'Sent'), ('unknown', 'Unknown, resent'), ('failed', 'Failed')], default='due', max_length=10)),
                    ('not_before', models.DateTimeField()),
                    ('message_id', models.CharField(max_length=120, unique=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('claimed_at', models.DateTimeField(blank=True, null=True)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('was_unknown', models.BooleanField(default=False)),
                    ('last_error', models.TextField(blank=True)),
                    ('released_at', models.DateTimeField(blank=True, null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundled', to='accounts.notice')),
                    ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                    ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [
                        models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before'], name='notice_to_send'),
                        models.Index(fields=['about'], name='notice_by_about'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AuditEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('on', models.DateField(null=True)),
                    ('person', models.CharField(max_length=254)),
                    ('verb', models.CharField(max_length=80)),
                    ('object', models.CharField(max_length=120)),
                    ('label', models.CharField(max_length=200)),
                    ('before', models.JSONField(default=dict)),
                    ('after', models.JSONField(default=dict)),
                    ('note', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [
                        models.Index(fields=['object', '-id'], name='trail_by_object'),
                        models.Index(fields=['person', '-id'], name='trail_by_person'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Seal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sealed_at', models.DateTimeField(auto_now_add=True)),
                    ('events', models.PositiveIntegerField()),
                    ('head', models.CharField(max_length=64)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='SealedEvent',
                fields=[
                    ('position', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                    ('event_id', models.PositiveBigIntegerField(unique=True)),
                    ('digest', models.CharField(max_length=64)),
                    ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='accounts.seal')),
                ],
                options={
                    'ordering': ['position'],
                },
            ),
            migrations.CreateModel(
                name='ReadEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('person', models.CharField(max_length=254)),
                    ('what', models.CharField(max_length=40)),
                    ('object', models.CharField(max_length=120)),
                ],
                options={
                    'ordering': ['-pk'],
                },
            ),
        ),
    ]

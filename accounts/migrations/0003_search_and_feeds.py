"""Searches fold accents in the database (no extension needed); a person has a calendar feed (N-3)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PLAIN = r"""
CREATE FUNCTION fiprev_plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN lower(words)
    ELSE lower(regexp_replace(normalize(words, NFD), U&'[\0300-\036F]', '', 'g')) END;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only")]

    operations = [
        migrations.RunSQL(PLAIN, "DROP FUNCTION fiprev_plain(text)"),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("begun_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)), fields=("user",), name="one_feed_a_person"
                    )
                ],
            },
        ),
    ]

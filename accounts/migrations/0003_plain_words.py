"""Searches fold accents in the database (no extension needed)."""

from django.db import migrations

PLAIN = r"""
CREATE FUNCTION fiprev_plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN lower(words)
    ELSE lower(regexp_replace(normalize(words, NFD), U&'[\0300-\036F]', '', 'g')) END;
"""


class Migration(migrations.Migration):
    replaces = [("accounts", "0004_words_of_notices")]
    dependencies = [("accounts", "0002_trail_is_kept")]

    operations = [migrations.RunSQL(PLAIN, "DROP FUNCTION fiprev_plain(text)")]

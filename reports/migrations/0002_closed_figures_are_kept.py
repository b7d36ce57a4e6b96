"""Figures of a closed year and their restatements are never changed or removed (B-6, G-5)."""

from django.db import migrations

from accounts.migrations._steps import kept


class Migration(migrations.Migration):
    replaces = [("reports", "0002_published_figures_are_kept")]
    dependencies = [("reports", "0001_models"), ("accounts", "0002_trail_is_kept")]

    operations = [kept("reports_closedfigure", "reports_restatement")]

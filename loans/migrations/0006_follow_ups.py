"""Contacts with firms in arrears are kept as they were noted (rules P-7, G-5)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGER = """
CREATE TRIGGER loans_followup_is_kept BEFORE UPDATE OR DELETE ON loans_followup
FOR EACH ROW EXECUTE FUNCTION loans_keep('{}');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("loans", "0005_identity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Telephone call"),
                            ("visit", "Visit"),
                            ("letter", "Letter or e-mail"),
                            ("note", "Note"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("promised_amount", models.DecimalField(decimal_places=2, max_digits=19, null=True)),
                ("promised_on", models.DateField(null=True)),
                ("next_action_on", models.DateField(null=True)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="loans.loan",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["loan", "-on"], name="follow_up_by_loan")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promised_amount__isnull", True), ("promised_on__isnull", True)),
                            models.Q(("promised_amount__isnull", False), ("promised_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_promise_amount_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("promised_amount", None), ("promised_amount__gt", 0), _connector="OR"
                        ),
                        name="follow_up_promise_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("promised_on", None), ("promised_on__gte", models.F("on")), _connector="OR"
                        ),
                        name="follow_up_promise_not_in_the_past",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_action_on", None), ("next_action_on__gte", models.F("on")), _connector="OR"
                        ),
                        name="follow_up_action_not_in_the_past",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER loans_followup_is_kept ON loans_followup;"),
    ]

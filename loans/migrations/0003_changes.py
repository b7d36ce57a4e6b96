"""Changes of a running loan, the firm's choice on a payment, and the day of a write-off (rules S-5, P-4, P-8)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGER = """
CREATE TRIGGER loans_loanchange_is_kept BEFORE UPDATE OR DELETE ON loans_loanchange FOR EACH ROW
EXECUTE FUNCTION loans_keep(
    '{state,resolution,approved_by_id,approved_on,withdrawn_by_id,withdrawn_on,addendum_id}'
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_append_only"),
        ("fund", "0002_books_are_kept"),
        ("loans", "0002_money_is_kept"),
        ("projects", "0003_measurements_are_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LoanChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pause", "Interest pause"),
                            ("new_date", "New due date"),
                            ("rate", "New rate"),
                            ("extra_terms", "More instalments"),
                            ("new_terms", "New schedule for all that is owed"),
                            ("refund", "Refund of a credit"),
                            ("write_off", "Write-off"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("value_on", models.DateField()),
                ("data", models.JSONField(default=dict)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=19, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("resolution", models.CharField(blank=True, max_length=60)),
                ("proposed_on", models.DateField()),
                ("approved_on", models.DateField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="loan",
            name="written_off_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="prepayment",
            field=models.CharField(
                blank=True,
                choices=[
                    ("keep_credit", "Keep it as a credit"),
                    ("lower_instalment", "Lower the instalments"),
                    ("shorter_term", "Shorten the term"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="part",
            field=models.CharField(
                choices=[
                    ("late_interest", "Late interest"),
                    ("late_vat", "VAT on late interest"),
                    ("interest", "Interest"),
                    ("interest_vat", "VAT on interest"),
                    ("fees", "Fees"),
                    ("fees_vat", "VAT on fees"),
                    ("principal", "Principal"),
                    ("credit", "Kept as credit"),
                    ("refunded", "Refunded"),
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="scheduleversion",
            name="reason",
            field=models.CharField(
                choices=[
                    ("disbursement", "Disbursement"),
                    ("prepayment", "Prepayment"),
                    ("pause", "Interest pause"),
                    ("new_date", "New due date"),
                    ("rate", "New rate"),
                    ("extra_terms", "More instalments"),
                    ("new_terms", "New schedule for all that is owed"),
                    ("correction", "Correction of an earlier event"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "written_off"), _negated=True),
                    ("written_off_on__isnull", False),
                    _connector="OR",
                ),
                name="loan_written_off_has_its_day",
            ),
        ),
        migrations.AddField(
            model_name="loanchange",
            name="addendum",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="fund.issueddocument",
            ),
        ),
        migrations.AddField(
            model_name="loanchange",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="loanchange",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="loans.loan"
            ),
        ),
        migrations.AddField(
            model_name="loanchange",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="loanchange",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="loanchange",
            index=models.Index(fields=["loan", "state"], name="loan_change_by_state"),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by__isnull", True), ("approved_on__isnull", True)),
                    models.Q(("approved_by__isnull", False), ("approved_on__isnull", False)),
                    _connector="OR",
                ),
                name="loan_change_approved_by_and_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)),
                    models.Q(("withdrawn_by__isnull", False), ("withdrawn_on__isnull", False)),
                    _connector="OR",
                ),
                name="loan_change_withdrawn_by_and_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("proposed_by__isnull", True),
                    models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="loan_change_two_pairs_of_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("approved_by__isnull", False),
                    _connector="OR",
                ),
                name="loan_change_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("kind", "refund"),
                    models.Q(("resolution", ""), _negated=True),
                    _connector="OR",
                ),
                name="loan_change_by_resolution",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "refund")),
                    models.Q(models.Q(("kind", "refund"), _negated=True), ("amount", None)),
                    _connector="OR",
                ),
                name="loan_change_refund_has_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "write_off"), ("state", "approved")),
                fields=("loan",),
                name="loan_written_off_once",
            ),
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER loans_loanchange_is_kept ON loans_loanchange;"),
    ]

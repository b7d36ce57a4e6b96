"""A loan's record as the database tells it, at once, and the same under the loan's row lock (rules P-3, L-2).

`loans/record.py` reads what these functions say. A column that a record needs is added by a migration that
replaces them.
"""

from django.db import migrations

RECORD = """
CREATE FUNCTION loans_record(wanted bigint) RETURNS text LANGUAGE sql STABLE AS $$
SELECT json_build_object(
    'rows', (SELECT json_agg(json_build_array(
            i.n, i.due_on, i.pay_on, i.days, i.principal, i.interest, i.vat, i.fees, i.total, i.balance,
            i.fees_vat, i.capitalised) ORDER BY i.n)
        FROM loans_instalment i JOIN loans_scheduleversion v ON v.id = i.version_id
        WHERE v.loan_id = wanted AND v.number = 1),
    'payments', (SELECT json_agg(json_build_array(
            id, number, key, value_on, amount, prepayment, reversed_on IS NULL) ORDER BY value_on, id)
        FROM loans_payment WHERE loan_id = wanted),
    'changes', (SELECT json_agg(json_build_array(ref, kind, value_on, data, amount) ORDER BY value_on, id)
        FROM loans_loanchange WHERE loan_id = wanted AND state = 'approved' AND kind <> 'write_off'),
    'funding', (SELECT json_agg(json_build_array(d.number, d.value_on, d.amount, f.tranche, f.amount)
            ORDER BY d.number, f.id)
        FROM loans_funding f JOIN loans_disbursement d ON d.id = f.disbursement_id WHERE f.loan_id = wanted),
    'postings', (SELECT json_agg(json_build_array(
            p.id, p.event, p.round, p.fingerprint, p.ended_on IS NULL, e.value_on) ORDER BY p.id)
        FROM loans_posting p JOIN fund_entry e ON e.id = p.entry_id
        WHERE p.loan_id = wanted AND p.event NOT LIKE 'disbursement:%'),
    'allocations', (SELECT json_agg(json_build_array(a.id, p.number, a.n, a.part, a.value_on, a.amount) ORDER BY a.id)
        FROM loans_allocation a JOIN loans_payment p ON p.id = a.payment_id
        WHERE p.loan_id = wanted AND a.ended_on IS NULL),
    'version', (SELECT number FROM loans_scheduleversion WHERE loan_id = wanted AND superseded_on IS NULL)
)::text
$$
"""
# Each statement of a volatile function sees what is committed when it begins: the record is read after the lock was
# waited for, so that nothing of what its holder wrote is missed.
LOCKED = """
CREATE FUNCTION loans_locked_record(wanted bigint) RETURNS TABLE (loan loans_loan, record text)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT l.* INTO loan FROM loans_loan l WHERE l.id = wanted FOR UPDATE;
    IF FOUND THEN
        record := loans_record(wanted);
        RETURN NEXT;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    replaces = [("loans", "0011_on_record")]
    dependencies = [("loans", "0003_numbers_are_looked_up_whole")]

    operations = [
        migrations.RunSQL(RECORD, "DROP FUNCTION loans_record(bigint)"),
        migrations.RunSQL(LOCKED, "DROP FUNCTION loans_locked_record(bigint)"),
    ]

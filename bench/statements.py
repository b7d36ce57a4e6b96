"""A bank statement taken in and posted, beside the time that posting its payments one by one takes in the same run.

    python -m bench.statements [--lines 1000] [--loans 50]

Goals: 1,000 lines previewed (read, fingerprinted, matched, kept) in 10 s; posted in 20 s. Each line is a payment
with its own transaction, allocation, ledger entries, receipt and audit row. Runs in a database of its own, which it
makes and drops; nothing of the installation is touched.
"""

import argparse
import os
import sys
import time
from datetime import timedelta
from decimal import Decimal

PREVIEW_GOAL, POST_GOAL = 10.0, 20.0


def loans_for(count: int) -> list[str]:
    """Payment references of running loans."""
    from tests.loans.builders import approved, firm, money_to_lend
    from tests.stories import loans as story

    money_to_lend("90000000.00")
    return [
        story.paid_out(approved("120000.00", of=firm("lupe", name=f"Tannery {number}"), term=18)).reference
        for number in range(count)
    ]


def measure(lines: int, loans: int) -> tuple[float, float, int]:
    """Seconds to preview, seconds to post, payments made."""
    from loans import bank_posting
    from loans.models import Payment
    from tests.stories import banking as story
    from tests.world import DAY, person

    running = loans_for(loans)
    on = DAY + timedelta(45)
    rows = [
        story.row(on - timedelta(n % 10), Decimal(6000 + n) / 100, f"SPEI {n}", reference=running[n % loans])
        for n in range(lines)
    ]
    started = time.perf_counter()
    statement = story.taken_in(*rows, on=on)
    previewed = time.perf_counter() - started
    bank_posting.order(statement=statement, by=person("carmen"), on=on)
    started = time.perf_counter()
    bank_posting.post_ordered(statement)
    return previewed, time.perf_counter() - started, Payment.objects.count()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--loans", type=int, default=50)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", verbosity=0)
        previewed, posted, payments = measure(wanted.lines, wanted.loans)
    finally:
        teardown_databases(databases, verbosity=0)
    each = posted / max(payments, 1) * 1_000
    print(
        f"{wanted.lines} lines of {wanted.loans} loans: previewed in {previewed:.2f} s (goal {PREVIEW_GOAL:.0f} s)"
    )
    print(f"{payments} payments posted in {posted:.1f} s, {each:.1f} ms each (goal {POST_GOAL:.0f} s)")
    return 0 if previewed <= PREVIEW_GOAL and posted <= POST_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

"""Payments per second beside the pgbench floor of the same run, with one client and with eight in two processes.

    python -m bench.payments [--loans 480] [--rounds 3] [--seconds 2] [--no-night]

One payment of ours is the whole verb: key, row lock, replay, allocation, entry with its lines, receipt, audit. What
fell due by then was booked by the night's task, as every night (Rule L-2); with --no-night each payment books a
month's entries besides. The first payments of a client are not counted: the server plans its statements then; as the
floor's, each client then goes on for so many seconds, or until its loans are paid. Goals:
at least 0.10x the floor with 1 and with 8 clients; no shared row is updated; the books check clean in the run. A
database of its own is made and dropped; DATABASE_URL names the server, which should commit durably, or the floor is
none. Rounds of floor and ours are interleaved and the figures are medians.
"""

import argparse
import gc
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

GOAL = 0.10
CLIENTS, PROCESSES = 8, 2
WARMING = 8
"""Payments of a client before the clock starts: the server plans a statement for good at its sixth time."""
Work = list[tuple[str, int]]


def ready(work: Work) -> Callable[[float], float]:
    """A client who has read its loans and paid the first of them.

    Called, it pays for so many seconds and says how many payments that were per second; then it pays the others.
    """
    from django.db import connection

    from tests.stories import loans as story
    from tests.world import person

    connection.close()  # a new one, as every process takes each minute: plans of empty tables go with the old one
    found = {loan.ref: (loan, story.rows(loan)) for loan in _loans({ref for ref, _ in work})}
    carmen = person("carmen")  # as a request knows its user

    def pay(ref: str, n: int) -> None:
        loan, rows = found[ref]
        row = rows[n - 1]
        story.pay(loan, row.total, row.pay_on, key=f"{ref}:bench:{n}", by=carmen)

    def go(seconds: float) -> float:
        begin, paid = time.perf_counter(), 0
        for item in waiting:
            pay(*item)
            paid += 1
            if time.perf_counter() - begin >= seconds:
                break
        rate = paid / (time.perf_counter() - begin)
        for item in waiting:
            pay(*item)
        return rate

    waiting = iter(work)
    for item in islice(waiting, WARMING):
        pay(*item)
    gc.freeze()  # as the web process does, see fiprev/wsgi.py
    return go


def _loans(refs: set[str]) -> Any:
    from loans.models import Loan

    return Loan.objects.filter(ref__in=refs).select_related("firm__state", "application")


def threads(parts: Sequence[Work], seconds: float, line: Callable[[], object]) -> float:
    """Payments per second of one thread for each part; all begin once `line` has been read."""
    from django.db import connections

    start = threading.Barrier(len(parts) + 1)
    rates = []

    def run(part: Work) -> None:
        pay = ready(part)
        start.wait()
        start.wait()
        rates.append(pay(seconds))
        connections.close_all()

    running = [threading.Thread(target=run, args=(part,)) for part in parts]
    for thread in running:
        thread.start()
    start.wait()
    line()
    start.wait()
    for thread in running:
        thread.join()
    return sum(rates)


def worker(seconds: str, *words: str) -> int:
    """A process of the eight-client round: gets ready, waits for a line, pays with four threads, says how fast."""
    django.setup()
    parts = [[(ref, int(n)) for ref, n in (item.split("/") for item in part.split(","))] for part in words]

    def line() -> None:
        print("ready", flush=True)
        sys.stdin.readline()

    print(threads(parts, float(seconds), line), flush=True)
    return 0


def eight(work: Work, seconds: float, url: str) -> float:
    """Payments per second of eight clients in two processes; no two clients pay the same loan."""
    parts = [work[start::CLIENTS] for start in range(CLIENTS)]
    each = CLIENTS // PROCESSES
    running = []
    for at in range(PROCESSES):
        words = [",".join(f"{ref}/{n}" for ref, n in part) for part in parts[at * each : (at + 1) * each]]
        command = [sys.executable, "-m", "bench.payments", "--worker", str(seconds), *words]
        environment = os.environ | {"DATABASE_URL": url}
        running.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
            )
        )
    for process in running:
        assert process.stdout
        process.stdout.readline()
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in running)


def prepared(count: int) -> list[str]:
    """So many active loans of twelve instalments, and the capital they came from."""
    from tests.loans.builders import approved, firm, money_to_lend
    from tests.stories import loans as story

    money_to_lend("90000000.00", parts=3)
    loans = [approved("50000.00", of=firm("lupe", name=f"Tannery {number}")) for number in range(count)]
    return [story.paid_out(application).ref for application in loans]


def updated() -> dict[str, int]:
    """How many rows of each table were updated so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname, n_tup_upd FROM pg_stat_user_tables WHERE relname NOT LIKE 'floor_%%'")
        return dict(cursor.fetchall())


def fallen_due(refs: list[str], n: int, arguments: argparse.Namespace) -> Work:
    """Instalment `n` of each loan, to be paid after the night in which it fell due was booked."""
    from accounts.models import User
    from loans.accruals import fall_due
    from loans.models import Loan
    from tests.stories import loans as story

    if not arguments.no_night:
        fall_due(on=story.rows(Loan.objects.get(ref=refs[0]))[n - 1].pay_on, by=User.objects.system())
    return [(ref, n) for ref in refs]


def measure(refs: list[str], arguments: argparse.Namespace, database: dict[str, Any], url: str) -> Any:
    from bench.floors import payments as floor

    found: dict[str, list[float]] = {
        "floor 1": [],
        "ours 1": [],
        f"floor {CLIENTS}": [],
        f"ours {CLIENTS}": [],
    }
    shape = {"loans": len(refs), "seconds": arguments.seconds}
    for n in range(1, 2 * arguments.rounds, 2):
        found["floor 1"].append(floor.rate(database, clients=1, **shape))
        found["ours 1"].append(ready(fallen_due(refs, n, arguments))(arguments.seconds))
        found[f"floor {CLIENTS}"].append(floor.rate(database, clients=CLIENTS, **shape))
        work = fallen_due(refs, n + 1, arguments)
        found[f"ours {CLIENTS}"].append(eight(work, arguments.seconds, url))
    return {name: statistics.median(rates) for name, rates in found.items()}


def checked(payments: int) -> list[str]:
    """What the run did wrong: nothing, if every payment is there once and the books agree."""
    from datetime import date

    from loans.models import Payment
    from tests.loans.builders import findings

    wrong = [str(item) for item in findings(date(2027, 3, 1))]
    if Payment.objects.count() != payments:
        wrong.append(f"{Payment.objects.count()} payments instead of {payments}")
    return wrong


def in_own_database(run: Callable[[dict[str, Any], str], int]) -> int:
    """Make a database on the server, run, drop it."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from tests.world import everybody

    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", verbosity=0)
        everybody()
        database = connection.settings_dict
        url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
        return run(database, url)
    finally:
        teardown_databases(made, verbosity=0)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--loans", type=int, default=480)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 7))
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--no-night", action="store_true", help="each payment books what fell due before it")
    arguments = parser.parse_args()
    django.setup()
    return in_own_database(lambda database, url: report(arguments, database, url))


def report(arguments: argparse.Namespace, database: dict[str, Any], url: str) -> int:
    from django.db import connection

    from bench.floors import payments as floor

    refs = prepared(arguments.loans)
    with connection.cursor() as cursor:
        cursor.execute(floor.TABLES.format(loans=len(refs)))
    before = updated()
    rates = measure(refs, arguments, database, url)
    payments = 2 * arguments.rounds * len(refs)
    hot = sorted(name for name, count in updated().items() if count > before.get(name, 0))
    print(
        f"{payments} payments on {len(refs)} loans, median of {arguments.rounds} rounds, load {os.getloadavg()[0]:.1f}"
    )
    print("| clients | floor, payments/s | ours, payments/s | x floor |\n|---|---|---|---|")
    for clients in (1, CLIENTS):
        own, base = rates[f"ours {clients}"], rates[f"floor {clients}"]
        print(f"| {clients} | {base:,.0f} | {own:,.0f} | {own / base:.3f} |")
    print(f"tables with updated rows: {', '.join(hot)}")
    wrong = checked(payments)
    print(f"checks of the run: {wrong or 'clean'}")
    met = not wrong and all(rates[f"ours {c}"] >= GOAL * rates[f"floor {c}"] for c in (1, CLIENTS))
    print(f"goals (>= {GOAL:g}x with 1 and {CLIENTS} clients, books clean): {'met' if met else 'NOT met'}")
    return 0 if met else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        sys.exit(worker(*sys.argv[2:]))
    sys.exit(main())

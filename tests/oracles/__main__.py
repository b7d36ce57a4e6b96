"""`python -m tests.oracles CASES.json [--actual]`: exit 0 if all came out, 1 if not, 2 if the file cannot be read."""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracles.cases import NotOurs, compute
from tests.oracles.figures import same, shaped
from tests.oracles.words import reading, remarks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case."""

    id: str
    kind: str
    actual: Any
    passed: bool
    reason: str = ""
    """Why the case is no bar: the source itself could not be recomputed, or the convention is none of ours."""
    remark: str = ""
    """Why it could not be computed, or what of it nobody knows: the figures decide whether that mattered."""


def run(case: Mapping[str, Any]) -> Outcome:
    """Compute one case and compare it."""
    why_not = "" if case.get("reproduced", True) else str(case.get("why_not") or "not reproduced")
    name, kind, read = str(case.get("id", "")), str(case.get("kind", "")), reading(case)
    try:
        actual = shaped(case["expected"], compute(read))
    except NotOurs as reason:
        return Outcome(name, kind, None, False, str(reason))
    except (ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError) as error:
        return Outcome(name, kind, {"error": repr(error)}, False, why_not, told(error))
    passed = same(case["expected"], actual, tolerance_of(case))
    return Outcome(name, kind, actual, passed, why_not, "; ".join(remarks(read["params"], read["events"])))


def told(error: Exception) -> str:
    """What an exception says, in one line."""
    return f"{error} is missing" if isinstance(error, KeyError) else str(error) or repr(error)


def tolerance_of(case: Mapping[str, Any]) -> Decimal | None:
    """Half of what the source itself allows: given for rates, written into the rounding of unrounded rows."""
    if given := case["expected"].get("tolerance"):
        return Decimal(str(given))
    found = re.search(r"tolerance\s+([\d.]*\d)", str((case.get("params") or {}).get("rounding", "")))
    return Decimal(found[1]) if found else None


def report(outcomes: Sequence[Outcome]) -> str:
    """Per kind how many passed, with the ids that did not."""
    by_kind = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    lines = []
    for kind, found in by_kind.items():
        barred = [o for o in found if not o.reason]
        failing = [o.id for o in barred if not o.passed]
        lines.append(
            f"{kind:<11} {len(barred) - len(failing)}/{len(barred)}" + "".join(f" {name}" for name in failing)
        )
        lines += [f"{'':<12}{o.id}{'' if o.passed else ' failed'}: {o.remark}" for o in barred if o.remark]
        lines += [
            f"{'':<12}{o.id} {'came out' if o.passed else 'no bar'}: {o.reason}" for o in found if o.reason
        ]
    barred = [o for o in outcomes if not o.reason]
    lines.append(f"{'all':<11} {sum(o.passed for o in barred)}/{len(barred)}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracles", description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument(
        "--actual", action="store_true", help="print our figures as JSON in the form of `expected`"
    )
    arguments = parser.parse_args()
    try:
        cases = json.loads(arguments.cases.read_text(encoding="utf-8"))["cases"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        print(f"{arguments.cases} cannot be read as cases: {error}", file=sys.stderr)
        return 2
    outcomes = [run(case) for case in cases]
    if arguments.actual:
        print(json.dumps([{"id": o.id, "actual": o.actual} for o in outcomes], indent=1, ensure_ascii=False))
    else:
        print(report(outcomes))
    return 0 if all(o.passed for o in outcomes if not o.reason) else 1


if __name__ == "__main__":
    sys.exit(main())

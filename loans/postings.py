"""From a loan's event to the sides of its ledger entry, pure (rules L-2, K-2, S-6).

Nothing here knows a database. An event of a loan (money leaves, interest falls due, a payment comes) is
turned into sides that balance; `loans.books` adds party, loan and project and posts them.

Cash always says whose money it is: a tranche of capital, own earnings (interest), or money held for
others (VAT until it is paid to the tax office, credits of firms).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from fund import chart
from fund.money import allocate

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Side:
    """One line of an entry: debit or credit, and for cash and principal the tranche of capital."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    tranche: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a loan and how the books say it. `key` is unique within the loan."""

    key: str
    value_on: date
    memo: str
    sides: tuple[Side, ...]

    @property
    def fingerprint(self) -> str:
        """Equal for events that mean the same entry; a replay that changes the meaning changes it."""
        sides = sorted(f"{s.account}|{s.debit}|{s.credit}|{s.tranche}" for s in self.sides)
        return sha256("\n".join([self.value_on.isoformat(), *sides]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Parts:
    """What an amount of money paid, by kind (Rule P-4). `credit` is kept for the firm."""

    late: Decimal = ZERO
    late_vat: Decimal = ZERO
    interest: Decimal = ZERO
    interest_vat: Decimal = ZERO
    fees: Decimal = ZERO
    fees_vat: Decimal = ZERO
    principal: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def earned(self) -> Decimal:
        return self.late + self.interest + self.fees

    @property
    def vat(self) -> Decimal:
        return self.late_vat + self.interest_vat + self.fees_vat

    @property
    def total(self) -> Decimal:
        return self.earned + self.vat + self.principal + self.credit


def disbursed(
    shares: Mapping[str, Decimal], *, fee: Decimal = ZERO, fee_vat: Decimal = ZERO
) -> tuple[Side, ...]:
    """The money leaves: each tranche's cash becomes principal of the loan (Rule K-2).

    An opening fee and its VAT are kept back from it: received at once, so the VAT is owed at once.
    """
    lent = [(chart.LOANS, amount, ZERO, tranche) for tranche, amount in shares.items()]
    paid = [(chart.CASH, ZERO, amount, tranche) for tranche, amount in shares.items()]
    return _sides(
        *lent,
        *paid,
        (chart.CASH, fee, ZERO, chart.OWN),
        (chart.CASH, fee_vat, ZERO, chart.HELD),
        (chart.FEE_INCOME, ZERO, fee, ""),
        (chart.VAT_OWED, ZERO, fee_vat, ""),
    )


def fell_due(*, interest: Decimal, vat: Decimal, fees: Decimal = ZERO) -> tuple[Side, ...]:
    """Interest and fees become claimable and their VAT "to be collected" (Rule S-6)."""
    return _sides(
        (chart.INTEREST_DUE, interest, ZERO, ""),
        (chart.INTEREST_INCOME, ZERO, interest, ""),
        (chart.FEES_DUE, fees, ZERO, ""),
        (chart.FEE_INCOME, ZERO, fees, ""),
        (chart.VAT_DUE, vat, ZERO, ""),
        (chart.VAT_TO_COLLECT, ZERO, vat, ""),
    )


def charged_late(*, late: Decimal, vat: Decimal) -> tuple[Side, ...]:
    """Late interest is charged, and its VAT is to be collected (rules P-6, S-6)."""
    return _sides(
        (chart.LATE_INTEREST_DUE, late, ZERO, ""),
        (chart.LATE_INTEREST_INCOME, ZERO, late, ""),
        (chart.VAT_DUE, vat, ZERO, ""),
        (chart.VAT_TO_COLLECT, ZERO, vat, ""),
    )


def suspended(*, interest: Decimal, late: Decimal) -> tuple[Side, ...]:
    """Rule P-7: so much more unpaid interest is taken out of income into suspense; below zero, put back."""
    rows = []
    for income, amount in ((chart.INTEREST_INCOME, interest), (chart.LATE_INTEREST_INCOME, late)):
        into, back = max(amount, ZERO), max(-amount, ZERO)
        rows += [(income, into, back, ""), (chart.SUSPENDED_INTEREST, back, into, "")]
    return _sides(*rows)


def received(parts: Parts, returned: Mapping[str, Decimal]) -> tuple[Side, ...]:
    """A payment: principal to its tranches, interest to own earnings, VAT and credit held (rules K-2, P-4)."""
    cash = [(chart.CASH, amount, ZERO, tranche) for tranche, amount in returned.items()]
    cash += [
        (chart.CASH, parts.earned, ZERO, chart.OWN),
        (chart.CASH, parts.vat + parts.credit, ZERO, chart.HELD),
    ]
    return _sides(*cash, *_settled(parts, returned), (chart.FIRM_CREDITS, ZERO, parts.credit, ""))


def credit_used(parts: Parts, returned: Mapping[str, Decimal]) -> tuple[Side, ...]:
    """A credit kept for the firm pays what has fallen due since (Rule P-4): held cash finds its owner."""
    freed = parts.earned + parts.principal
    cash = [(chart.CASH, amount, ZERO, tranche) for tranche, amount in returned.items()]
    cash += [(chart.CASH, parts.earned, ZERO, chart.OWN), (chart.CASH, ZERO, freed, chart.HELD)]
    return _sides(
        *cash, *_settled(parts, returned), (chart.FIRM_CREDITS, parts.total - parts.credit, ZERO, "")
    )


def _settled(parts: Parts, returned: Mapping[str, Decimal]) -> Iterable[tuple[str, Decimal, Decimal, str]]:
    """The receivables that the money extinguishes, and VAT going from "to be collected" to "owed" (S-6)."""
    yield from ((chart.LOANS, ZERO, amount, tranche) for tranche, amount in returned.items())
    yield chart.INTEREST_DUE, ZERO, parts.interest, ""
    yield chart.LATE_INTEREST_DUE, ZERO, parts.late, ""
    yield chart.FEES_DUE, ZERO, parts.fees, ""
    yield chart.VAT_DUE, ZERO, parts.vat, ""
    yield chart.VAT_TO_COLLECT, parts.vat, ZERO, ""
    yield chart.VAT_OWED, ZERO, parts.vat, ""


def refunded(amount: Decimal) -> tuple[Side, ...]:
    """Credit of a firm leaves to it: held cash that was never the fund's (rules P-4, L-2)."""
    return _sides((chart.FIRM_CREDITS, amount, ZERO, ""), (chart.CASH, ZERO, amount, chart.HELD))


def accrued(interest: Decimal) -> tuple[Side, ...]:
    """Interest earned by the end of a month and not due yet; with a minus, taken back the day after (Rule L-2)."""
    into, back = max(interest, ZERO), max(-interest, ZERO)
    return _sides((chart.ACCRUED_INTEREST, into, back, ""), (chart.INTEREST_INCOME, back, into, ""))


def provided(amount: Decimal) -> tuple[Side, ...]:
    """Rule P-7: so much more is set aside for losses; below zero, so much is set free."""
    into, back = max(amount, ZERO), max(-amount, ZERO)
    return _sides((chart.PROVISIONS, into, back, ""), (chart.ALLOWANCE, back, into, ""))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a loan owes on the day on which it is written off, apart from its principal (Rule P-8)."""

    interest: Decimal
    late: Decimal
    fees: Decimal
    vat: Decimal
    suspended: Decimal
    """The part of the interest that had left income already (Rule P-7)."""
    allowance: Decimal
    """What had been set aside."""


def written_off(shares: Mapping[str, Decimal], claim: Claim) -> tuple[Side, ...]:
    """The claim leaves the books: set-aside money first, the rest is a loss (rules P-8, K-2).

    Principal goes out of each tranche that still had some out; VAT was only to be collected and is no loss.
    """
    principal = [(chart.LOANS, ZERO, amount, tranche) for tranche, amount in shares.items()]
    lost = sum(shares.values(), ZERO) + claim.interest + claim.late + claim.fees - claim.suspended
    covered = min(claim.allowance, lost)
    spare = claim.allowance - covered
    return _sides(
        *principal,
        (chart.INTEREST_DUE, ZERO, claim.interest, ""),
        (chart.LATE_INTEREST_DUE, ZERO, claim.late, ""),
        (chart.FEES_DUE, ZERO, claim.fees, ""),
        (chart.SUSPENDED_INTEREST, claim.suspended, ZERO, ""),
        (chart.ALLOWANCE, claim.allowance, ZERO, ""),
        (chart.PROVISIONS, ZERO, spare, ""),
        (chart.WRITE_OFFS, lost - covered, ZERO, ""),
        (chart.VAT_TO_COLLECT, claim.vat, ZERO, ""),
        (chart.VAT_DUE, ZERO, claim.vat, ""),
    )


def recovered(parts: Parts, *, is_new: bool) -> tuple[Side, ...]:
    """Money for a claim that was written off: a recovery, but for the VAT in it, which is owed (Rule P-8)."""
    gain = parts.earned + parts.principal
    if is_new:
        cash = (chart.CASH, parts.vat + parts.credit, ZERO, chart.HELD)
        credit = (chart.FIRM_CREDITS, ZERO, parts.credit, "")
    else:
        cash = (chart.CASH, ZERO, gain, chart.HELD)
        credit = (chart.FIRM_CREDITS, gain + parts.vat, ZERO, "")
    return _sides(
        (chart.CASH, gain, ZERO, chart.OWN),
        cash,
        credit,
        (chart.RECOVERIES, ZERO, gain, ""),
        (chart.VAT_OWED, ZERO, parts.vat, ""),
    )


def returns(
    funding: Mapping[str, Decimal],
    paid: Sequence[Decimal],
    currency: str,
    later: Sequence[Mapping[str, Decimal]] = (),
) -> tuple[dict[str, Decimal], ...]:
    """Rule K-2: how each amount of repaid principal returns to the tranches that lent it.

    In proportion to what each tranche still has out, largest remainder; so that no tranche ever gets back
    more than it gave, and the last payment clears every tranche to the cent. `later` is what the tranches
    gave besides since the payment before, one for each payment (Rule D-3).
    """
    out = dict(funding)
    steps: list[dict[str, Decimal]] = []
    for amount, fresh in zip(paid, later or ({},) * len(paid), strict=True):
        out |= {tranche: out.get(tranche, ZERO) + more for tranche, more in fresh.items()}
        if not amount:
            steps.append({})
            continue
        parts = allocate(amount, list(out.values()), currency) if len(out) > 1 else (amount,)
        shares = dict(zip(out, parts, strict=True))
        out = {tranche: left - shares[tranche] for tranche, left in out.items()}
        steps.append({tranche: share for tranche, share in shares.items() if share})
    return tuple(steps)


def _sides(*rows: tuple[str, Decimal, Decimal, str]) -> tuple[Side, ...]:
    return tuple(
        Side(account, debit, credit, tranche) for account, debit, credit, tranche in rows if debit or credit
    )

"""Apache Fineract: the schedule as planned, before any payment.

Named conventions:
    progressive level   instalment = P x prod(1+f) / F with F(1)=1, F(k)=1+F(k-1)(1+f(k)), to the cent or the multiple;
                        interest of a row = balance x f; the last row takes the balance
    smoothing           while the last row is off by more cents than half the rows, the gap / rows is added to the
                        instalment; kept only if the gap gets smaller; at most three times
    tranche, new rate,  the instalment is computed anew from the row that contains the day, earlier ones stay
    more rows
    progressive flat    interest of each row on its own; instalment = (principal + interest) / rows
    cumulative flat     interest of the whole term rounded once and divided by the rows; the last takes the rest
    down payment        a share of the principal falls due on the day of disbursement, the rest in the rows
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from loans.arithmetic.calendar import MonthEnd, step
from loans.arithmetic.conventions.fineract import (
    DIGITS_19,
    Extra,
    FineractTerms,
    NewDue,
    NewRate,
    Pause,
    Span,
    Spread,
    Tranche,
    factor,
)
from loans.arithmetic.periods import due_dates
from loans.arithmetic.rounding import ZERO

SMOOTHING_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of the plan; `instalment` is what it was meant to pay before the last row took the rest."""

    n: int
    span: Span
    principal: Decimal
    interest: Decimal
    balance: Decimal
    instalment: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def plan(terms: FineractTerms) -> list[Planned]:
    """The rows as planned, changes and tranches included, if every row is paid on its day."""
    refuse_unknown(terms)
    if terms.down_payment_pct:
        return with_down_payment(terms)
    if terms.cumulative:
        return cumulative(terms)
    return progressive_flat(terms) if terms.flat else progressive(terms, instalments(terms))


def refuse_unknown(terms: FineractTerms) -> None:
    """Raise `ValueError` for what the generator does not know; its figures would be wrong without a word."""
    extras = [change for change in terms.changes if isinstance(change, Extra)]
    later = any(tranche.on > terms.start for tranche in terms.tranches)
    if later and terms.down_payment_pct:
        raise ValueError("the down payment of a later tranche is not known here")
    if terms.cumulative:
        if any(isinstance(change, Pause) for change in terms.changes):
            raise ValueError("the older generator knows no pause of interest")
        if later:
            raise ValueError("the older generator's way with a later tranche is not known here")
    elif any(
        (terms.grace_principal, terms.grace_interest, *(e.grace_principal + e.grace_interest for e in extras))
    ):
        raise ValueError("the progressive generator knows no grace")
    elif terms.flat and (extras or any(isinstance(change, NewRate) for change in terms.changes)):
        raise ValueError("the progressive generator's way with a changed flat loan is not known here")
    elif terms.spread is not Spread.LEVEL:
        raise ValueError("the progressive generator repays in level instalments only")


def tranches_by_row(terms: FineractTerms) -> FineractTerms:
    """Tranches bear the interest of the whole row they fall in: whole periods that know no part of one."""
    starts = [span.start for span in spans(terms)]
    moved = (replace(t, on=max((day for day in starts if day <= t.on), default=t.on)) for t in terms.tranches)
    return replace(terms, tranches=tuple(moved))


def drawn(tranches: Sequence[Tranche]) -> Decimal:
    """The sum of these tranches."""
    return sum((tranche.amount for tranche in tranches), ZERO)


def down_payment(terms: FineractTerms) -> Decimal:
    """The share of the principal that falls due on the day of disbursement."""
    return terms.round(drawn(terms.tranches) * terms.down_payment_pct / 100)


def with_down_payment(terms: FineractTerms) -> list[Planned]:
    """A row for the down payment, then the rows that repay the rest."""
    paid = down_payment(terms)
    opening, *later = terms.tranches
    rest = (replace(opening, amount=opening.amount - paid), *later)
    rows = plan(replace(terms, tranches=rest, down_payment_pct=ZERO))
    first = Planned(1, Span(terms.start, terms.start), paid, ZERO, drawn(rest), paid)
    return [first, *(replace(row, n=row.n + 1) for row in rows)]


def spans(terms: FineractTerms) -> list[Span]:
    """The dates of the rows, extra rows and moved due dates included."""
    n = terms.n + sum(c.terms + c.grace_principal for c in terms.changes if isinstance(c, Extra))
    dates = list(due_dates(terms.start, None, n, terms.every, terms.unit, terms.month_end))
    rolls = terms.month_end is MonthEnd.ROLL
    made = [
        Span(a, b, regular=not rolls or a.day == b.day)
        for a, b in zip([terms.start, *dates], dates, strict=False)
    ]
    for change in terms.changes:
        if isinstance(change, NewDue):
            k = row_due(made, change.due)
            moved = [step(change.new_due, i, terms.every, terms.unit, terms.month_end) for i in range(n - k)]
            starts = [made[k].start, *moved]
            made[k:] = [
                Span(a, b, regular=i > 0) for i, (a, b) in enumerate(zip(starts, moved, strict=False))
            ]
    return made


def row_due(row_spans: Sequence[Span], since: date) -> int:
    """The first row that falls due on a day or after it."""
    k = next((i for i, span in enumerate(row_spans) if span.due >= since), None)
    if k is None:
        raise ValueError(f"no row falls due on {since} or later")
    return k


def progressive(terms: FineractTerms, amounts: Sequence[Decimal]) -> list[Planned]:
    """Rows that pay these amounts on declining balance; the last one takes what is left."""
    rows, balance, row_spans = [], ZERO, spans(terms)
    for k, (span, amount) in enumerate(zip(row_spans, amounts, strict=True)):
        interest = ZERO
        begin = span.start
        for tranche in sorted(tranches_in(terms, span), key=lambda t: t.on):
            interest += balance * factor(terms, span, begin, tranche.on)
            balance, begin = balance + tranche.amount, tranche.on
        interest = terms.round(interest + DIGITS_19.multiply(balance, factor(terms, span, begin, span.due)))
        if k == len(row_spans) - 1:
            principal = balance
        else:
            principal = min(max(amount - interest, ZERO), balance)
        balance -= principal
        rows.append(Planned(k + 1, span, principal, interest, balance, amount))
    return rows


def tranches_in(terms: FineractTerms, span: Span) -> list[Tranche]:
    return [t for t in terms.tranches if span.start <= t.on < span.due]


def instalments(terms: FineractTerms) -> list[Decimal]:
    """The instalment of each row: computed at the start, and anew from each row with a tranche or a new rate."""
    first = [t for t in terms.tranches if t.on == terms.start]
    known = replace(terms, tranches=tuple(first), changes=())
    amounts = level_from(known, [ZERO] * terms.n, 0)
    known = replace(known, changes=tuple(c for c in terms.changes if isinstance(c, NewDue)))
    later: list[tuple[date, Tranche | NewRate | Extra]]
    later = [(t.on, t) for t in terms.tranches if t.on > terms.start]
    later += [(c.since, c) for c in terms.changes if isinstance(c, NewRate | Extra)]
    for day, event in sorted(later, key=lambda pair: pair[0]):
        if isinstance(event, Tranche):
            known = replace(known, tranches=(*known.tranches, event))
            k = row_drawing(known, day)
        else:
            known = replace(known, changes=(*known.changes, event))
            amounts += [ZERO] * (event.terms if isinstance(event, Extra) else 0)
            k = row_bearing(known, day)
        amounts = level_from(known, amounts, k)
    return amounts


def row_drawing(terms: FineractTerms, day: date) -> int:
    """The row in which money is drawn: from its start to the day before its due date."""
    found = (i for i, span in enumerate(spans(terms)) if span.start <= day < span.due)
    k = next(found, None)
    if k is None:
        raise ValueError(f"no row is left to repay what is drawn on {day}")
    return k


def row_bearing(terms: FineractTerms, day: date) -> int:
    """The row in which a day bears interest: after its start, up to its due date."""
    return next((i for i, span in enumerate(spans(terms)) if day <= span.due), terms.n - 1)


def level_from(terms: FineractTerms, amounts: Sequence[Decimal], k: int) -> list[Decimal]:
    """Level instalments from row `k` on, smoothed; the rows before keep theirs."""
    row_spans = spans(terms)
    before = progressive(terms, amounts)[:k]
    balance = before[-1].balance if before else ZERO
    balance += drawn(tranches_in(terms, row_spans[k]))
    product, sum_f = Decimal(1), ZERO
    for span in row_spans[k:]:
        plus = DIGITS_19.add(1, factor(terms, span, span.start, span.due))
        product = DIGITS_19.multiply(product, plus)
        sum_f = DIGITS_19.add(1, DIGITS_19.multiply(sum_f, plus))
    amount = terms.level_amount(DIGITS_19.divide(DIGITS_19.multiply(balance, product), sum_f))
    return smooth(terms, list(amounts[:k]), amount, len(row_spans) - k)


def smooth(terms: FineractTerms, before: list[Decimal], amount: Decimal, rows: int) -> list[Decimal]:
    """Bring the last row near the others; see 'smoothing' above."""

    def gap_of(value: Decimal) -> Decimal:
        return progressive(terms, before + [value] * rows)[-1].total - value

    gap = gap_of(amount)
    for _ in range(SMOOTHING_ROUNDS):
        if abs(gap).scaleb(terms.decimals) <= rows // 2:
            break
        candidate = terms.level_amount(amount + terms.round(gap / rows))
        smaller = gap_of(candidate)
        if abs(smaller) >= abs(gap):
            break
        amount, gap = candidate, smaller
    return before + [amount] * rows


def progressive_flat(terms: FineractTerms) -> list[Planned]:
    """Flat rows; a later tranche re-spreads from the row that contains it and bears interest for its days."""
    row_spans = spans(terms)
    interests = [flat_interest(terms, terms.tranches, span) for span in row_spans]
    rows: list[Planned] = []
    balance = amount = ZERO
    for k, (span, interest) in enumerate(zip(row_spans, interests, strict=True)):
        if new := drawn(tranches_in(terms, span)):
            balance += new
            seen = known_flat_interest(terms, row_spans, k)
            amount = terms.to_instalment((balance + sum(seen, ZERO)) / len(seen))
        principal = balance if k == len(row_spans) - 1 else min(amount - interest, balance)
        balance -= principal
        rows.append(Planned(k + 1, span, principal, interest, balance, amount))
    return rows


def known_flat_interest(terms: FineractTerms, row_spans: Sequence[Span], k: int) -> list[Decimal]:
    """Interest of rows k.. on the money drawn until row k ends."""
    seen = [t for t in terms.tranches if t.on < row_spans[k].due]
    return [flat_interest(terms, seen, span) for span in row_spans[k:]]


def flat_interest(terms: FineractTerms, tranches: Sequence[Tranche], span: Span) -> Decimal:
    """Flat interest of one row on what was drawn before it ends, each tranche for its days."""
    parts = (
        t.amount * factor(terms, span, max(t.on, span.start), span.due) for t in tranches if t.on < span.due
    )
    return terms.round(sum(parts, ZERO))


def cumulative(terms: FineractTerms) -> list[Planned]:
    """The older generator: no smoothing, principal shares first, interest flat or on the balance."""
    row_spans = spans(terms)
    principals = principal_shares(terms, row_spans)
    rows, balance, waiting = [], drawn(terms.tranches), ZERO
    flat_interests = cumulative_flat_interest(terms, row_spans) if terms.flat else None
    for k, span in enumerate(row_spans):
        if flat_interests is not None:
            interest = flat_interests[k]
        else:
            interest = round_interest(terms, balance * factor(terms, span, span.start, span.due))
        grace = terms.grace_principal
        amount = principals[k] if principals else level_cumulative(terms, row_spans[grace:])
        wanted = amount if principals else amount - interest if k >= grace else ZERO
        principal = balance if k == len(row_spans) - 1 else min(max(wanted, ZERO), balance)
        balance -= principal
        waiting += interest
        if k not in interest_waits(terms, row_spans):
            interest, waiting = waiting, ZERO
        else:
            interest = ZERO
        rows.append(Planned(k + 1, span, principal, interest, balance, principal + interest))
    return rows


def round_interest(terms: FineractTerms, interest: Decimal) -> Decimal:
    """Interest to the cent; with equal principal to the product's multiple, like the principal."""
    return terms.to_instalment(interest) if terms.spread is Spread.EQUAL_PRINCIPAL else terms.round(interest)


def level_cumulative(terms: FineractTerms, row_spans: Sequence[Span]) -> Decimal:
    discount, annuity = Decimal(1), ZERO
    for span in row_spans:
        discount /= 1 + factor(terms, span, span.start, span.due)
        annuity += discount
    return terms.to_instalment(drawn(terms.tranches) / annuity)


def principal_shares(terms: FineractTerms, row_spans: Sequence[Span]) -> list[Decimal]:
    """Principal of each row where it does not depend on interest; empty for level rows on declining balance."""
    n, total = len(row_spans), drawn(terms.tranches)
    if terms.spread is Spread.FIXED_PERCENT:
        return [terms.round(total * terms.fixed_percent / 100)] * n
    zero_rate = not terms.annual_rate_pct and not any(isinstance(c, NewRate) for c in terms.changes)
    if not (terms.flat or terms.spread is Spread.EQUAL_PRINCIPAL or zero_rate):
        return []
    shares = [terms.to_instalment(total / (terms.n - terms.grace_principal))] * n
    shares[: terms.grace_principal] = [ZERO] * terms.grace_principal
    for change in terms.changes:
        if isinstance(change, Extra):
            k = row_due(row_spans, change.since)
            free = k + change.grace_principal
            shares[k:free] = [ZERO] * change.grace_principal
            if change.terms:
                left = total - sum(shares[:k], ZERO)
                shares[free:] = [terms.to_instalment(left / (n - free))] * (n - free)
    return shares


def cumulative_flat_interest(terms: FineractTerms, row_spans: Sequence[Span]) -> list[Decimal]:
    """Flat interest: of the whole term, rounded once; after a new rate row by row on the whole principal."""
    total, n = drawn(terms.tranches), len(row_spans)
    if terms.changes:
        return [terms.round(total * row_rate(terms, span) * row_share(terms, span)) for span in row_spans]
    years = sum((row_share(terms, span) for span in row_spans), ZERO)
    whole = terms.round(total * terms.annual_rate_pct / 100 * years)
    share = terms.round(whole / n)
    return [share] * (n - 1) + [whole - share * (n - 1)]


def row_rate(terms: FineractTerms, span: Span) -> Decimal:
    """A new flat rate holds for rows that fall due on or after its day."""
    pct = terms.annual_rate_pct
    for change in terms.changes:
        if isinstance(change, NewRate) and change.since <= span.due:
            pct = change.annual_rate_pct
    return pct / 100


def row_share(terms: FineractTerms, span: Span) -> Decimal:
    plain = replace(terms, annual_rate_pct=Decimal(100), changes=())
    return factor(plain, span, span.start, span.due)


def interest_waits(terms: FineractTerms, row_spans: Sequence[Span]) -> set[int]:
    """Rows whose interest is collected with the first row after them."""
    rows = set(range(terms.grace_interest))
    for change in terms.changes:
        if isinstance(change, Extra) and change.grace_interest:
            k = row_due(row_spans, change.since)
            rows |= set(range(k, k + change.grace_interest))
    return rows

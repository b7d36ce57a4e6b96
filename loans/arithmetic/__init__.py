"""Loan arithmetic: pure functions of terms, dates and amounts. No Django, no clock, no database, no app of ours.

    rounding.py     cents, rounding modes                   calendar.py     steps of months, bank days, holiday rule
    daycount.py     1/12, 30/360, ACT/360, ... exact        periods.py      due and pay dates, parts of a year
    terms.py        everything a loan is computed from      schedule.py     rows: principal, interest, VAT, fees
    late.py         late interest and its grace             allocation.py   which debt a payment clears
    events.py       what can happen to a loan               servicing.py    replay: a loan on any date
    state.py        what a replay finds                     replaying.py    the replay itself, with owing.py
    revision.py     rows computed anew after a change       cat.py          CAT, effective rates
    parts.py        a loan drawn in parts, as planned
    quoting.py      a quote from JSON to JSON               reading.py      terms as JSON and back
    problems.py     what is wrong with typed figures, as codes with sentences that a page translates
    conventions/    what only one other system does, so that its portfolio can be migrated to the cent

The rules cited (S-1, P-6, ...) are in docs/rules.md.
"""

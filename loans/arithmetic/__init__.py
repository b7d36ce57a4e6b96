"""Loan arithmetic: pure functions of terms, dates and amounts. No Django, no clock, no database, no app of ours.

    rounding.py     cents, modes                            calendar.py     steps of months, bank days, holiday rule
    daycount.py     1/12, 30/360, ACT/360, ...              periods.py      due and pay dates, parts of a year
    terms.py        everything a loan is computed from      schedule.py     rows: principal, interest, VAT, fees
    late.py         late interest and its grace             allocation.py   which debt a payment clears
    servicing.py    state of a loan on any date, by replay  cat.py          CAT, effective rates
    problems.py     what is wrong with typed figures        reading.py      terms as JSON and back
    conventions/    what only one other system does, so that its portfolio can be migrated to the cent

The rules cited (S-1, P-6, ...) are in docs/rules.md.
"""

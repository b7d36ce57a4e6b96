"""What only one other system does: named and documented here, so that its portfolio can be migrated to the cent.

    fineract.py         Apache Fineract: terms, year parts (cut on 31 December, 29 February rule), 19 digits
    fineract_plan.py    its schedules: progressive with smoothing, flat, cumulative, multiples, down payment
    fineract_replay.py  its servicing: interest recalculated by day, instalment kept, last unpaid row absorbs
    frappe.py           Frappe Lending: instalment rounded up to a whole unit, penalty and late days counted inclusively

Nothing here is used for the fund's own loans.
"""

"""The demonstration: an invented fund that reproduces the published totals of November 2002, and a day of today.

Everything is played through the real verbs, in the order of its dates, by people who hold the roles for it.
"""

"""Figures that we did not invent: cases from a file, mapped to our engine and compared to the cent.

python -m tests.oracles CASES.json [--actual]

words.py    the parameters and events of a case; what nobody reads or knows of them is named in the report
params.py   one general mapping from a case's parameters to our terms; no case is known by its id
cases.py    what is computed for each kind of case
rates.py    the rates of return among them
figures.py  the form of the expected figures, and the comparison
"""

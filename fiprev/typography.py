"""French as it is printed: spaces that never break before high punctuation and inside « », apostrophes that curl.

A translator types plain spaces and straight apostrophes; the catalogue is compiled with the right ones.
"""

import re

NBSP = "\N{NO-BREAK SPACE}"
_BEFORE = re.compile(r" (?=[;:!?»]|%%|%(?![\w(]))")
_AFTER = re.compile(r"(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[\w«%{<])")


def french(text: str) -> str:
    return _APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text)))

"""The memos of a loan's entries, kept in English, in the reader's language (Rule G-2)."""

import re

from django.utils.translation import gettext, gettext_noop

KINDS = (
    (re.compile(r"Instalment (?P<n>\d+) falls due"), gettext_noop("Instalment %(n)s falls due")),
    (re.compile(r"Payment (?P<ref>\S+)"), gettext_noop("Payment %(ref)s")),
    (re.compile(r"Credit of payment (?P<ref>\S+)"), gettext_noop("Credit of payment %(ref)s")),
    (re.compile(r"Disbursement"), gettext_noop("Disbursement")),
    (re.compile(r"Late interest"), gettext_noop("Late interest")),
    (re.compile(r"Interest accrued"), gettext_noop("Interest accrued")),
    (re.compile(r"Accrual taken back"), gettext_noop("Accrual taken back")),
    (re.compile(r"Interest in suspense"), gettext_noop("Interest in suspense")),
    (re.compile(r"Provision"), gettext_noop("Provision")),
    (re.compile(r"Write-off"), gettext_noop("Write-off")),
)


def said(memo: str) -> str | None:
    """`L-2026-0001: Instalment 7 falls due` as the reader's language has it; None for what is no loan's memo."""
    loan, colon, text = memo.partition(": ")
    for pattern, words in KINDS if colon else ():
        if found := pattern.fullmatch(text):
            return f"{loan} · {gettext(words) % found.groupdict()}"
    return None

"""How a line is known again when it comes a second time, in the same file or in another one; pure (Rule P-2).

The mark is made of what the bank says of the movement, not of its place in a file, so that two files whose
days overlap agree on it. Two movements that a bank tells with the same words on the same day are told
apart by counting: the second one of a file is the second one of every file that holds the whole day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from fund.banking.lines import ReadLine


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with its mark; `ordinal` above 1 says that the file told the same movement before."""

    line: ReadLine
    fingerprint: str
    ordinal: int


def marked(account: str, lines: Iterable[ReadLine]) -> list[Marked]:
    """The lines of one file with their marks, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        said = said_by_bank(line)
        seen[said] += 1
        digest = sha256(f"{account}|{said}|{seen[said]}".encode()).hexdigest()
        found.append(Marked(line, digest, seen[said]))
    return found


def said_by_bank(line: ReadLine) -> str:
    """What the bank says of a movement, in letters and digits only: banks change spaces and capitals at will."""
    words = f"{line.text}{line.payer}{line.payer_account}{line.reference}{line.bank_id}"
    plain = "".join(char for char in words.casefold() if char.isalnum())
    return f"{line.value_on.isoformat()}|{line.amount}|{plain}"

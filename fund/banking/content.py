"""From the bytes of an upload to text, and which kind of statement it is; pure (Rule P-2)."""

from __future__ import annotations

import re

from fund.banking.lines import LARGEST, LONGEST_LINE, Kind, Trouble, Unreadable

# What other programs write: PDF, ZIP (also XLSX), images, old Office, gzip.
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"GIF8",
    b"Rar!",
)
_MT940_TAG = re.compile(r"^:(?:20|25|60F|60M|61):", re.MULTILINE)


def check_bytes(content: bytes) -> None:
    """Raise Unreadable for a file that is empty, far too large, or no text at all."""
    if not content.strip():
        raise Unreadable(Trouble.EMPTY)
    if len(content) > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    if content.startswith(_BINARY) or (b"\x00" in content and not _is_utf16(content)):
        raise Unreadable(Trouble.WRONG_KIND)


def _is_utf16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def text_of(content: bytes) -> str:
    """The text, in UTF-8 or UTF-16 if it is that, else as Windows and Latin-1 write it; lines end in one way."""
    check_bytes(content)
    try:
        text = content.decode("utf-16" if _is_utf16(content) else "utf-8-sig")
    except UnicodeDecodeError:
        if _is_utf16(content):
            raise Unreadable(Trouble.WRONG_KIND) from None
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable(Trouble.EMPTY)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable(Trouble.LINE_TOO_LONG, line=number)
    return text


def kind_of(content: bytes) -> Kind:
    """Which kind of statement the bytes are, told by the content and never by the name (Rule X-5)."""
    check_bytes(content)
    head = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:4_000]
    if head.startswith(b"<") or (_is_utf16(content) and "<?xml" in content[:200].decode("utf-16", "ignore")):
        if re.match(rb"<(!doctype\s+)?html", head, re.IGNORECASE):
            raise Unreadable(Trouble.WRONG_KIND)
        return Kind.CAMT053
    if _MT940_TAG.search(text_of(content)):
        return Kind.MT940
    return Kind.CSV

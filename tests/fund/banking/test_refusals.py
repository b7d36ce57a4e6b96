"""Rule P-2: a statement that is not taken is refused by name, with the line and what stands there."""

from datetime import date
from decimal import Decimal as D

import pytest

from fund.banking.lines import MOST_LINES, Trouble, Unreadable
from fund.banking.reading import read
from tests.fund.banking import files


def refusal(content):
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value


def said(content):
    found = refusal(content)
    return found.trouble, found.line, found.found


def line_of(content, words):
    """The line of the file on which these words stand."""
    return content[: content.index(words)].count(b"\n") + 1


def camt(change, by):
    """The usual statement with one thing in it changed."""
    content = files.camt()
    assert change in content
    return content.replace(change, by, 1)


# CAMT.053 ----------------------------------------------------------------------------------------


def test_rule_P2_camt_statements_of_two_accounts_are_not_taken_as_one():
    one = files.camt()
    other = files.camt(account="072225001234567897")
    stmt = other[other.index(b"<Stmt>") : other.index(b"</Stmt>") + len(b"</Stmt>")]
    both = one.replace(b"</BkToCstmrStmt>", stmt + b"</BkToCstmrStmt>")
    trouble, _line, found = said(both)
    assert (trouble, found) == (Trouble.OTHER_ACCOUNT, "032180000118359719, 072225001234567897")


def test_rule_P2_camt_entries_of_two_currencies_are_not_added():
    entries = files.entry(), files.entry(currency="USD")
    trouble, _line, found = said(files.camt(*entries, opening="", closing=""))
    assert (trouble, found) == (Trouble.OTHER_CURRENCY, "MXN, USD")


def test_rule_P2_camt_without_entries_has_no_movements():
    empty = files.camt(files.entry().replace("BOOK", "PDNG"), opening="", closing="")
    assert said(empty)[0] == Trouble.NO_LINES


def test_rule_P2_camt_of_another_message_is_of_another_kind():
    assert said(files.camt().replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"))[0] == Trouble.WRONG_KIND


def test_rule_P2_camt_of_too_many_entries():
    short = (
        b"<Ntry><Amt Ccy='MXN'>1</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-03-02</Dt></ValDt></Ntry>"
    )
    content = files.camt("", opening="", closing="").replace(
        b"</Stmt>", short * (MOST_LINES + 1) + b"</Stmt>"
    )
    assert said(content)[0] == Trouble.TOO_MANY


@pytest.mark.parametrize(
    ("change", "by", "found"),
    [
        (b'<Amt Ccy="MXN">1200.00</Amt>', b'<Amt Ccy="MXN">1.200,00</Amt>', "1.200,00"),
        (b'<Amt Ccy="MXN">1200.00</Amt>', b'<Amt Ccy="MXN">1200.005</Amt>', "1200.005"),
        (b'<Amt Ccy="MXN">1200.00</Amt>', b'<Amt Ccy="MXN">NaN</Amt>', "NaN"),
        (b'<Amt Ccy="MXN">1200.00</Amt>', b'<Amt Ccy="MXN">1e40</Amt>', "1e40"),
        (b'<Amt Ccy="MXN">1200.00</Amt>', b"", "CRDT"),
        (b"1200.00</Amt><CdtDbtInd>CRDT", b"1200.00</Amt><CdtDbtInd>CREDIT", "1200.00 CREDIT"),
    ],
)
def test_rule_P2_camt_names_the_line_and_the_text_of_an_amount_that_is_none(change, by, found):
    content = camt(change, by)
    at = content[: content.index(b"2026-03-04")].rindex(b"<Ntry>")
    assert said(content) == (Trouble.BAD_AMOUNT, content[:at].count(b"\n") + 1, found)


@pytest.mark.parametrize("day", [b"2026-02-30", b"04/03/2026", b"1926-03-04", b"2126-03-04"])
def test_rule_P2_camt_names_the_line_and_the_text_of_a_day_that_is_none(day):
    content = files.camt().replace(b"2026-03-04", day)
    at = content[: content.index(day)].rindex(b"<Ntry>")
    assert said(content) == (Trouble.BAD_DATE, content[:at].count(b"\n") + 1, day.decode())


@pytest.mark.parametrize(
    "field", ["<Amt Ccy='MXN'>{}</Amt>", "<AmtDtls><TxAmt><Amt>{}</Amt></TxAmt></AmtDtls>"]
)
def test_rule_P2_camt_a_batch_is_told_apart_wherever_the_bank_writes_the_parts(field):
    parts = "".join(f"<TxDtls>{field.format(amount)}</TxDtls>" for amount in ("1000.00", "500.00"))
    whole = files.entry(amount="1500.00").split("<NtryDtls>")[0] + f"<NtryDtls>{parts}</NtryDtls></Ntry>"
    lines = read(files.camt(whole, closing="11500.00")).lines
    assert [line.amount for line in lines] == [D("1000.00"), D("500.00")]


def test_rule_P2_camt_a_batch_whose_parts_do_not_sum_stays_one_movement():
    parts = "".join(f"<TxDtls><Amt Ccy='MXN'>{amount}</Amt></TxDtls>" for amount in ("1000.00", "400.00"))
    whole = files.entry(amount="1500.00").split("<NtryDtls>")[0] + f"<NtryDtls>{parts}</NtryDtls></Ntry>"
    assert [line.amount for line in read(files.camt(whole, closing="11500.00")).lines] == [D("1500.00")]


def test_rule_P2_camt_an_entry_of_nothing_is_no_movement():
    nothing = files.entry(amount="0.00")
    lines = read(files.camt(nothing, files.entry(), closing="13500.50")).lines
    assert [line.amount for line in lines] == [D("3500.50")]


# MT940 -------------------------------------------------------------------------------------------


def test_rule_P2_mt940_messages_of_two_accounts_are_not_taken_as_one():
    second = files.mt940((date(2026, 3, 9), D("7.00"), "NONREF", "OTRO"), account="072225001234567897")
    first = files.mt940()
    assert said(first + second) == (Trouble.OTHER_ACCOUNT, first.count(b"\n") + 1, "072225001234567897")


def test_rule_P2_mt940_messages_of_two_currencies_are_not_taken_as_one():
    second = files.mt940((date(2026, 3, 9), D("7.00"), "NONREF", "OTRO"), currency="USD")
    assert said(files.mt940() + second)[0] == Trouble.OTHER_ACCOUNT


def test_rule_P2_mt940_of_too_many_movements():
    content = b":20:X\n" + b":61:2603020302C1,00NTRFNONREF\n" * (MOST_LINES + 1)
    assert said(content)[0] == Trouble.TOO_MANY


def test_rule_P2_mt940_names_the_currency_that_is_none():
    content = files.mt940().replace(b"C260301MXN10000", b"C260301mx110000")
    assert refusal(content).trouble in (Trouble.OTHER_CURRENCY, Trouble.BAD_LINE, Trouble.CUT_OFF)


def test_rule_P2_mt940_names_the_line_of_an_amount_beyond_the_books():
    content = files.mt940((date(2026, 3, 2), D("99999999999999"), "NONREF", "X"), opening="0,00")
    assert said(content) == (Trouble.BAD_AMOUNT, line_of(content, b":61:"), "99999999999999")


def test_rule_P2_mt940_a_movement_of_nothing_is_no_movement():
    nothing = (date(2026, 3, 2), D("-0.00"), "NONREF", "AVISO")
    money = (date(2026, 3, 3), D("5.00"), "NONREF", "ABONO")
    assert [line.amount for line in read(files.mt940(nothing, money)).lines] == [D("5.00")]

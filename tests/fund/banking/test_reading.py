"""Rule P-2: statements in CSV, MT940 and CAMT.053 become the same lines; whatever is wrong has one name."""

import gzip
from datetime import date
from decimal import Decimal as D

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from fund.bank import sentence
from fund.banking import csv_file
from fund.banking.columns import ColumnMap, guess, headings
from fund.banking.content import kind_of, text_of
from fund.banking.fingerprints import marked
from fund.banking.lines import LARGEST, Kind, ReadLine, ReadStatement, Trouble, Unreadable
from fund.banking.reading import read
from fund.models import BankAccount
from tests.fund.banking import files

MAP = ColumnMap(
    "Fecha", credit="Abono", debit="Cargo", text="Concepto", reference="Referencia", date_format="%d/%m/%Y"
)


def trouble(content, columns=MAP):
    """The name of what is wrong with a file, and the line."""
    with pytest.raises(Unreadable) as caught:
        read(content, columns)
    return caught.value.trouble, caught.value.line


@pytest.mark.parametrize(
    ("content", "kind"), [(files.csv(), "csv"), (files.mt940(), "mt940"), (files.camt(), "camt053")]
)
def test_rule_P2_three_kinds_of_file_tell_the_same_movements(content, kind):
    said = read(content, MAP)
    assert said.kind == kind
    assert [(line.value_on, line.amount) for line in said.lines] == [
        (date(2026, 3, 2), D("3500.50")),
        (date(2026, 3, 3), D("-100.00")),
        (date(2026, 3, 4), D("1200.00")),
    ]
    assert said.lines[0].reference == "RF82L20260001"


def test_rule_P2_mt940_and_camt_say_whose_account_it_is():
    for content in (files.mt940(), files.camt()):
        said = read(content)
        assert (said.account, said.currency) == ("032180000118359719", "MXN")


def test_rule_P2_camt_names_the_payer_and_his_account():
    line = read(files.camt()).lines[0]
    assert line.payer == "Curtidos La Paloma SA de CV"
    assert line.payer_account == "072225001234567897"
    assert line.bank_id == "B1"


def test_rule_P2_a_batch_that_the_bank_books_as_one_entry_is_told_apart():
    part = '<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs><Amt Ccy="MXN">{}</Amt></TxDtls>'
    details = part.format("RF82L20260001", "1000.00") + part.format("RF55L20260002", "500.00")
    whole = files.entry(amount="1500.00").split("<NtryDtls>")[0] + f"<NtryDtls>{details}</NtryDtls></Ntry>"
    lines = read(files.camt(whole, closing="11500.00")).lines
    assert [(line.amount, line.reference) for line in lines] == [
        (D("1000.00"), "RF82L20260001"),
        (D("500.00"), "RF55L20260002"),
    ]
    assert lines[0].bank_id != lines[1].bank_id


def test_an_entry_that_is_only_announced_is_not_money_yet():
    pending = files.entry(amount="9.00").replace("BOOK</Cd>", "PDNG</Cd>")
    lines = read(files.camt(pending, files.entry(), closing="13500.50")).lines
    assert [line.amount for line in lines] == [D("3500.50")]


def test_mt940_numbered_parts_of_field_86_name_payer_and_account():
    movement = (
        date(2026, 3, 2),
        D("10"),
        "NONREF",
        "?00ABONO?20PAGO RF82?21L20260001?31072225001?32CURTIDOS LA?33 PALOMA",
    )
    line = read(files.mt940(movement)).lines[0]
    assert (line.payer, line.payer_account) == ("CURTIDOS LA PALOMA", "072225001")
    assert line.text == "ABONO PAGO RF82L20260001"


@pytest.mark.parametrize(
    ("mark", "amount"), [("C", "10.00"), ("D", "-10.00"), ("RC", "-10.00"), ("RD", "10.00")]
)
def test_mt940_a_reversed_credit_takes_money_back(mark, amount):
    content = files.mt940(
        (date(2026, 3, 2), D("10"), "NONREF", "X"), closing=f"{10_000 + D(amount):.2f}".replace(".", ",")
    )
    lines = read(content.replace(b"0302C10", f"0302{mark}10".encode())).lines
    assert lines[0].amount == D(amount)


def test_several_messages_in_one_mt940_file():
    second = files.mt940((date(2026, 3, 9), D("7.00"), "NONREF", "OTRO"))
    lines = read(files.mt940() + second).lines
    assert [line.amount for line in lines] == [D("3500.50"), D("-100.00"), D("1200.00"), D("7.00")]
    assert lines[3].n == 12 + 5


# Bad input: each has one name, and the line where it stands.


@pytest.mark.parametrize("content", [b"", b"   \r\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(content):
    assert trouble(content)[0] in (Trouble.EMPTY, Trouble.NO_COLUMNS)
    assert trouble(content.replace(b"\xef\xbb\xbf", b"")) == (Trouble.EMPTY, 0)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4\nfoo", b"PK\x03\x04foo", b"\x89PNG\r\n", b"a,b\x00c\n", gzip.compress(b"x", mtime=0),
     b"<html><body>Sesion</body>", b"<!DOCTYPE html><p>", b"<other/>"],
)  # fmt: skip
def test_a_file_of_another_kind(content):
    assert trouble(content)[0] == Trouble.WRONG_KIND


def test_fifty_megabytes():
    assert trouble(b"1,2,3\n" * (50 * 1024 * 1024 // 6)) == (Trouble.TOO_LARGE, 0)
    assert len(b"x") < LARGEST


def test_a_line_of_a_hundred_thousand_characters():
    assert trouble(files.csv(files.ROWS[0], "x" * 100_000)) == (Trouble.LINE_TOO_LONG, 3)


def test_too_many_lines():
    assert trouble(files.csv(*["02/03/2026,A,,,1.00"] * 20_001))[0] == Trouble.TOO_MANY


def test_a_truncated_mt940_misses_its_closing_balance():
    whole = files.mt940()
    assert trouble(whole[: whole.index(b":62F:")]) == (Trouble.CUT_OFF, 10)


def test_a_truncated_camt_is_no_document():
    whole = files.camt()
    assert trouble(whole[: len(whole) * 2 // 3])[0] == Trouble.CUT_OFF


@pytest.mark.parametrize("row", ["05/03/2026,SPE", '05/03/2026,"SPEI'])
def test_a_truncated_csv_ends_within_a_line(row):
    assert trouble(files.csv(*files.ROWS, row)) == (Trouble.CUT_OFF, 5)


@pytest.mark.parametrize("row", ["05/03/2026,SPE", '05/03/2026,"SPEI', "05/03/2026"])
def test_a_truncated_csv_is_told_before_anybody_has_said_its_columns(row):
    assert trouble(files.csv(*files.ROWS, row), None) == (Trouble.CUT_OFF, 5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('Día;Suma\n1;"2', (Trouble.CUT_OFF, 2)),
        (files.HEAD, (Trouble.NO_LINES, 0)),
        (files.csv(), (Trouble.NO_COLUMNS, 0)),
        ("Uno,Dos\n1,2\n", (Trouble.NO_COLUMNS, 0)),
        (f"{files.HEAD}\nayer,,,,1.00\n", (Trouble.NO_COLUMNS, 0)),
    ],
)
def test_what_another_map_would_cure_asks_for_the_map(content, expected):
    assert trouble(content if isinstance(content, bytes) else content.encode(), None) == expected


def test_last_cells_that_a_bank_leaves_out_are_no_damage():
    short = b"Fecha,Abono,Concepto,Referencia\n02/03/2026,5.00\n03/03/2026,7.00,SPEI,RF1\n"
    assert trouble(short, None)[0] == Trouble.NO_COLUMNS
    assert [
        line.amount for line in read(short, ColumnMap("Fecha", credit="Abono", date_format="%d/%m/%Y")).lines
    ] == [5, 7]


def test_another_mark_between_the_columns_is_no_damage():
    quoted = b'"Fecha";"Abono";"Cargo";"Concepto";"Referencia"\n"02/03/2026";"5.00";"";"";""\n'
    assert trouble(quoted) == (Trouble.NO_COLUMNS, 0)


def test_movements_that_do_not_lead_to_the_closing_balance():
    assert trouble(files.mt940(closing="14600,51"))[0] == Trouble.BALANCE
    assert trouble(files.camt(closing="14600.51"))[0] == Trouble.BALANCE


@pytest.mark.parametrize(
    ("language", "written"), [("en", "14,600.51"), ("es", "14,600.51"), ("fr", "14 600,51")]
)
def test_the_balance_is_written_as_amounts_are(language, written):
    problem = Unreadable(Trouble.BALANCE, line=8, found="14600.51")
    with override(language):
        said = sentence(problem, name="x.sta", account=BankAccount(name="Fiprev MXN", currency="MXN"))
    assert written in said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\xa0", " ")
    other = Unreadable(Trouble.BAD_AMOUNT, line=8, found="cinco mil")
    assert "cinco mil" in sentence(other, name="x.csv", account=BankAccount(name="Fiprev MXN"))


def test_a_movement_that_cannot_be_read_is_named_by_its_line():
    content = files.mt940().replace(b":61:2603030303D100,00", b":61:26XX030303D100,00")
    assert trouble(content) == (Trouble.BAD_LINE, 7)
    content = files.mt940().replace(b":61:2603030303", b":61:2613030303")
    assert trouble(content) == (Trouble.BAD_LINE, 7)


def test_latin_1_and_utf_16_are_read_like_utf_8():
    row = "02/03/2026,Señor Núñez,RF82L20260001,,10.00"
    plain = read(files.csv(row), MAP).lines
    for encoding in ("latin-1", "cp1252", "utf-16", "utf-8-sig"):
        assert read(files.csv(row, encoding=encoding), MAP).lines == plain


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [("3,500.50", ".", "3500.50"), ("3.500,50", ",", "3500.50"), ("3500,5", ",", "3500.50"),
     ("$ 1,000", ".", "1000.00"), ("(12.00)", ".", "-12.00"), ("12.00-", ".", "-12.00"), ("-12", ".", "-12.00"),
     ("1 234,56", ",", "1234.56"), ("+5", ".", "5.00")],
)  # fmt: skip
def test_figures_as_banks_write_them(text, mark, amount):
    assert csv_file.amount_of(text, mark, line=1) == D(amount)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("3500,50", "."), ("3.500,50", "."), ("3,500.50", ","), ("1,23,456", "."), ("1.234", "."), ("x", "."), ("", "."),
     ("1e5", "."), ("٣", "."), ("9" * 30, "."), ("--1", "."), ("NaN", "."), ("Infinity", ",")],
)  # fmt: skip
def test_a_decimal_comma_where_the_map_says_point_is_never_guessed(text, mark):
    with pytest.raises(Unreadable) as caught:
        csv_file.amount_of(text, mark, line=7)
    assert (caught.value.trouble, caught.value.line) == (Trouble.BAD_AMOUNT, 7)


def test_a_day_in_another_way_of_writing_is_named():
    assert trouble(files.csv(files.ROWS[0], "2026-03-04,X,,,1.00")) == (Trouble.BAD_DATE, 3)
    assert trouble(files.csv("02/03/1026,X,,,1.00")) == (Trouble.BAD_DATE, 2)


def test_a_csv_without_its_columns():
    assert trouble(b"a,b\n1,2\n") == (Trouble.NO_COLUMNS, 0)
    assert trouble(files.csv(), None) == (Trouble.NO_COLUMNS, 0)
    assert trouble(files.csv(), ColumnMap("Fecha")) == (Trouble.NO_COLUMNS, 0)


def test_a_statement_without_movements():
    assert trouble((files.HEAD + "\n").encode())[0] == Trouble.NO_LINES
    assert trouble(b":20:X\n:25:1\n:60F:C260301MXN10,\n:62F:C260301MXN10,\n")[0] == Trouble.NO_LINES


def test_an_entity_reads_no_file_and_blows_nothing_up():
    for head in (
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ):
        content = files.camt(files.entry(text="&e;"), head=head, closing="13500.50")
        assert trouble(content)[0] == Trouble.WRONG_KIND
        utf16 = content.decode().replace("UTF-8", "UTF-16").encode("utf-16")
        assert trouble(utf16)[0] in (Trouble.WRONG_KIND, Trouble.CUT_OFF)


# The column map.


def test_a_first_guess_of_the_columns_and_of_how_figures_are_written():
    found = guess(files.csv().decode())
    assert found == MAP
    semicolons = "Banco X;;;\nPeriodo;marzo;;\nDatum;;;\nDate valeur;Libellé;Montant;Référence\n"
    semicolons += "02-03-2026;Virement;1.234,56;RF1\n"
    other = guess(semicolons)
    assert other is not None
    assert (other.delimiter, other.decimal_mark, other.date_format) == (";", ",", "%d-%m-%Y")
    assert (other.value_on, other.amount, other.text) == ("Date valeur", "Montant", "Libellé")
    assert read(semicolons.encode(), other).lines[0].amount == D("1234.56")
    assert headings(semicolons, ";") == ["Date valeur", "Libellé", "Montant", "Référence"]


def test_nothing_is_guessed_of_a_file_without_headings():
    assert guess("1,2,3\n4,5,6\n") is None
    assert guess("") is None
    assert guess('"') is None


def test_the_map_is_kept_as_it_was_said():
    assert ColumnMap.of(MAP.as_dict() | {"gone": "x"}) == MAP
    assert MAP.is_whole
    assert not ColumnMap("Fecha").is_whole


# Fingerprints.


def test_rule_P2_a_line_is_known_again_in_another_file_that_overlaps():
    first = marked("mxn", read(files.csv(*files.ROWS[:2]), MAP).lines)
    second = marked("mxn", read(files.csv(*files.ROWS[1:]), MAP).lines)
    assert first[1].fingerprint == second[0].fingerprint
    assert len({item.fingerprint for item in first + second}) == 3


def test_rule_P2_the_second_of_two_equal_lines_is_told_as_such():
    twice = marked("mxn", read(files.csv(files.ROWS[0], files.ROWS[0]), MAP).lines)
    assert [item.ordinal for item in twice] == [1, 2]
    assert twice[0].fingerprint != twice[1].fingerprint
    assert twice == marked("mxn", [item.line for item in twice])


def test_another_account_another_day_another_amount_are_other_lines():
    line = ReadLine(1, date(2026, 3, 2), D("10.00"), text="Pago RF 82")
    marks = {marked("mxn", [line])[0].fingerprint, marked("usd", [line])[0].fingerprint}
    for change in ({"value_on": date(2026, 3, 3)}, {"amount": D("10.01")}, {"text": "Pago RF 83"}):
        kept = {"n": 9, "value_on": line.value_on, "amount": line.amount, "text": line.text}
        marks.add(marked("mxn", [ReadLine(**(kept | change))])[0].fingerprint)
    assert len(marks) == 5
    spaced = ReadLine(7, line.value_on, line.amount, text="PAGO  rf-82")
    assert marked("mxn", [spaced])[0].fingerprint == marked("mxn", [line])[0].fingerprint


# Fuzz: whatever the bytes are, lines or the one named error.


def reads_or_refuses(content, columns=MAP):
    try:
        said = read(content, columns)
    except Unreadable as problem:
        assert problem.trouble in Trouble
        assert problem.line >= 0
        assert len(problem.found) <= 80
    else:
        assert isinstance(said, ReadStatement)
        assert said.lines
        for line in said.lines:
            assert line.amount == line.amount.quantize(D("0.01"))
            assert line.amount != 0
            assert len(line.text) <= 500
            assert line.text.isprintable()


WHOLE = st.sampled_from([files.csv(), files.mt940(), files.camt(), files.csv(encoding="latin-1")])


@given(st.binary(max_size=400))
def test_fuzz_any_bytes(content):
    reads_or_refuses(content)


@given(
    st.text(alphabet=st.sampled_from("<>:/,.;\"'\n\r\t0123456789ACDNRSTFEXmn -?\u00e9\u0660"), max_size=300)
)
def test_fuzz_text_of_the_letters_that_matter(text):
    for head in ("", ":20:", ":61:", ":20:X\n:60F:C260301MXN10,\n:61:", "<Document>", files.HEAD + "\n"):
        reads_or_refuses((head + text).encode())


@given(WHOLE, st.data())
def test_fuzz_a_whole_statement_cut_and_bent(content, data):
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + data.draw(st.binary(max_size=12)) + content[end:]
    reads_or_refuses(content)


@given(WHOLE, st.integers(0, 2_000))
def test_fuzz_a_statement_cut_off_anywhere_never_loses_a_line_silently(content, end):
    """What is cut off may lack a line only where the file has no balance to tell so by (CSV)."""
    cut = content[:end]
    try:
        said = read(cut, MAP)
    except Unreadable:
        return
    if said.kind is not Kind.CSV:
        assert len(said.lines) == 3


@given(st.text(max_size=60), st.sampled_from([",", ";", "\t", "|"]))
def test_fuzz_guessing_columns(text, delimiter):
    guess(text)
    guess(f"Fecha{delimiter}Importe\n{text}")
    assert kind_of(b"a,b") is Kind.CSV
    assert text_of("é".encode("latin-1")) == "é"

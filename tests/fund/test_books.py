"""Rule L-3: every check is clean on sound books and finds what it looks for; rule L-5: the journal exports."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import load_workbook

from accounts.registries import check_names
from fund import books, chart, journal
from fund.apps import CHECKS as FUND_CHECKS
from fund.models import Line
from tests.stories import fund as story
from tests.world import DAY, person

D = Decimal
CHECKS = (
    "every_entry_balances", "trial_balance_is_zero", "cash_is_not_negative", "capital_agrees_with_receipts",
    "receipts_stay_within_pledges", "reservations_are_not_negative", "amounts_are_whole_units",
)  # fmt: skip


def tamper(sql: str) -> None:
    """What only somebody with the server's own rights could do: write past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def sound(db) -> None:
    contribution = story.contributed("1000.00")
    story.entry("lent", "400.00", debit="1200", credit="1010", tranche=contribution.ref, loan="L-1")
    story.entry("earned", "40.00", debit="1010", credit="4010", tranche="OWN", loan="L-1")
    story.capital.reserve(project="F-1", amount=story.Money("100", "MXN"), by=person("sofia"), on=DAY)


@pytest.mark.usefixtures("sound")
class TestChecks:
    @pytest.mark.parametrize("name", CHECKS)
    def test_rule_L3_sound_books_have_no_finding(self, name):
        assert getattr(books, name)(DAY) == []

    @pytest.mark.parametrize("name", CHECKS)
    def test_rule_L3_every_check_is_registered(self, name):
        assert name in FUND_CHECKS.values()
        assert set(FUND_CHECKS) <= set(check_names())

    @pytest.mark.parametrize(
        ("name", "sql", "subject"),
        [("every_entry_balances", "UPDATE fund_line SET debit = 399 WHERE debit = 400", "entry:"),
         ("every_entry_balances", "DELETE FROM fund_line WHERE debit = 400", "entry:"),
         ("trial_balance_is_zero", "UPDATE fund_line SET debit = 399 WHERE debit = 400", "MXN"),
         ("cash_is_not_negative", "UPDATE fund_line SET tranche = 'K-9' WHERE debit = 1000", "K-2026-01"),
         ("capital_agrees_with_receipts", "DELETE FROM fund_receipt", "K-2026-01"),
         ("receipts_stay_within_pledges", "UPDATE fund_contribution SET amount = 999", "K-2026-01"),
         ("reservations_are_not_negative", "UPDATE fund_reservation SET amount = -1", "F-1"),
         ("amounts_are_whole_units", "UPDATE fund_line SET currency = 'CLP', debit = 1.5 WHERE debit > 0", "entry:")],
    )  # fmt: skip
    def test_rule_L3_what_was_tampered_with_is_found(self, name, sql, subject):
        tamper(sql)
        found = getattr(books, name)(DAY)
        assert found
        assert all(finding.check == name and finding.message for finding in found)
        assert found[0].subject.startswith(subject)

    def test_rule_L3_a_check_is_for_a_day(self):
        tamper("UPDATE fund_line SET debit = 399 WHERE debit = 400")
        assert books.trial_balance_is_zero(date(2026, 3, 1)) == []


@pytest.mark.usefixtures("sound")
class TestCommand:
    def run(self, capsys, *options: str) -> str:
        call_command("check_books", "--on", DAY.isoformat(), *options)
        return capsys.readouterr().out

    def only_ours(self, monkeypatch) -> None:
        import accounts.registries as registries

        ours = {name: f"fund.books.{name}" for name in CHECKS}
        monkeypatch.setattr(registries._registry, "checks", ours)

    def test_rule_L3_the_command_says_that_all_is_well(self, capsys, monkeypatch):
        self.only_ours(monkeypatch)
        assert self.run(capsys) == f"7 checks on {DAY}: 0 findings.\n"
        assert json.loads(self.run(capsys, "--json")) == {"on": "2026-03-02", "findings": []}

    def test_rule_L3_findings_are_printed_and_the_exit_is_1(self, capsys, monkeypatch):
        self.only_ours(monkeypatch)
        tamper("UPDATE fund_reservation SET amount = -1")
        with pytest.raises(SystemExit) as stopped:
            self.run(capsys, "--json")
        assert stopped.value.code == 1
        (finding,) = json.loads(capsys.readouterr().out)["findings"]
        assert finding == {
            "check": "reservations_are_not_negative", "subject": "F-1", "expected": ">= 0", "found": "-1.00 MXN",
            "message": "More was freed than was reserved for F-1.",
        }  # fmt: skip

    def test_a_day_that_is_none_is_bad_input(self):
        with pytest.raises(CommandError) as problem:
            call_command("check_books", "--on", "soon")
        assert problem.value.returncode == 2


def beancount_balances(text: str) -> dict[tuple[str, str], Decimal]:
    """An independent reader of the text we write: sums the postings of every transaction."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in text.splitlines():
        if found := re.match(r"^  ([A-Z]\w+:\S+)  (-?[\d.]+) ([A-Z]{3})$", line):
            sums[found[1], found[3]] += D(found[2])
    return sums


@pytest.mark.usefixtures("sound")
class TestExport:
    def test_rule_L5_the_csv_has_every_line(self):
        rows = list(csv.DictReader(io.StringIO("".join(journal.as_csv()))))
        assert len(rows) == Line.objects.count()
        assert tuple(rows[0]) == journal.COLUMNS
        assert sum(D(row["debit"]) for row in rows) == sum(D(row["credit"]) for row in rows) == D("1440.00")
        assert rows[2]["loan"] == "L-1"

    def test_rule_X5_a_text_that_looks_like_a_formula_stays_a_text(self):
        story.post(
            source="=1+1", value_on=DAY, on=DAY, memo="@SUM(A1)", by=person("teresa"),
            legs=[story.Leg("1200", "MXN", debit=D(1)), story.Leg("4010", "MXN", credit=D(1))],
        )  # fmt: skip
        rows = list(csv.DictReader(io.StringIO("".join(journal.as_csv()))))
        assert (rows[-1]["source"], rows[-1]["memo"]) == ("'=1+1", "'@SUM(A1)")
        book = io.BytesIO()
        journal.as_xlsx(book)
        cells = list(load_workbook(book).active.iter_rows())[-1]
        assert (cells[3].value, cells[3].data_type) == ("=1+1", "s")

    def test_rule_L5_the_workbook_has_every_line_with_numbers_as_numbers(self):
        book = io.BytesIO()
        journal.as_xlsx(book)
        rows = list(load_workbook(book).active.iter_rows(values_only=True))
        assert rows[0] == journal.COLUMNS
        assert len(rows) == Line.objects.count() + 1
        assert rows[1][10] == 1000

    def test_rule_L5_the_beancount_text_opens_every_account_and_states_our_balances(self):
        text = "".join(journal.as_beancount())
        names = [account.beancount for account in chart.CHART]
        assert len(set(names)) == len(names)
        assert all(
            re.fullmatch(r"(Assets|Liabilities|Equity|Income|Expenses):[A-Z][A-Za-z0-9]+", n) for n in names
        )
        assert [f"1990-01-01 open {name}" in text for name in names] == [True] * len(names)
        stated = {
            (found[1], found[3]): D(found[2])
            for found in re.finditer(r"^\d{4}-\d\d-\d\d balance (\S+)  (-?[\d.]+) ([A-Z]{3})$", text, re.M)
        }
        assert stated == dict(beancount_balances(text))
        assert stated["Assets:CashAtBanks", "MXN"] == D("640.00")
        assert sum(stated.values()) == 0

    def test_rule_L5_quotes_and_line_ends_in_a_text_break_nothing(self):
        story.post(
            source='a"b', value_on=DAY, on=DAY, memo='say "hi"\n2026-01-01 open X', by=person("teresa"),
            legs=[story.Leg("1200", "MXN", debit=D(1)), story.Leg("4010", "MXN", credit=D(1))],
        )  # fmt: skip
        text = "".join(journal.as_beancount())
        assert '"say \\"hi\\" 2026-01-01 open X"' in text
        assert "\n2026-01-01 open X" not in text

    def test_rule_L5_an_export_ends_with_a_booking_day(self):
        assert "".join(journal.as_csv(date(2026, 1, 31))).count("\n") == 3
        assert "balance" not in "".join(journal.as_beancount(date(2025, 1, 1)))

    def test_rule_L5_the_command_writes_to_stdout_or_a_file(self, capsys, tmp_path):
        call_command("export_journal", "--format", "csv")
        out = capsys.readouterr().out
        assert out.startswith("entry,booked_on,value_on,source")
        target = tmp_path / "journal.xlsx"
        call_command("export_journal", "--format", "xlsx", "--output", str(target))
        assert load_workbook(target).active.max_row == Line.objects.count() + 1
        call_command("export_journal", "--format", "beancount", "--output", str(tmp_path / "j.beancount"))
        assert "option" in (tmp_path / "j.beancount").read_text()

    def test_rule_L5_a_workbook_is_not_written_where_there_is_only_text(self):
        with pytest.raises(CommandError, match="a workbook is no text: name a file") as refused:
            call_command("export_journal", "--format", "xlsx", stdout=io.StringIO())
        assert refused.value.returncode == 2

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_rule_L5_a_file_that_cannot_be_written_is_named(self, tmp_path, kind):
        with pytest.raises(CommandError, match=r"journal\.out: No such file or directory") as refused:
            call_command(
                "export_journal", "--format", kind, "--output", str(tmp_path / "none" / "journal.out")
            )
        assert refused.value.returncode == 2

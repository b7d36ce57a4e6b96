"""Rules A-7 and C-9: numbers without gaps."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from fund.models import NumberSeries
from fund.numbers import next_number


@pytest.mark.django_db
def test_rule_A7_numbers_of_a_series_follow_each_other():
    assert [next_number("F-2026") for _n in range(3)] == ["F-2026-0001", "F-2026-0002", "F-2026-0003"]
    assert next_number("F-2027") == "F-2027-0001"


@pytest.mark.django_db
def test_rule_C9_a_series_that_ends_in_a_letter_has_no_dash():
    assert [next_number("CT-2026-02-R", width=2) for _n in range(2)] == ["CT-2026-02-R01", "CT-2026-02-R02"]


@pytest.mark.django_db(transaction=True)
def test_rule_A7_a_number_is_not_taken_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        next_number("F-2026")


@pytest.mark.django_db(transaction=True)
def test_rule_A7_a_number_of_a_failed_transaction_is_given_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_number("F-2026")
        _ = 1 / 0
    with transaction.atomic():
        assert next_number("F-2026") == "F-2026-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    ["UPDATE fund_numberseries SET last = last + 2", "UPDATE fund_numberseries SET last = last - 1",
     "UPDATE fund_numberseries SET series = 'G-2026', last = last + 1", "DELETE FROM fund_numberseries",
     "INSERT INTO fund_numberseries VALUES ('H-2026', 7)"],
)  # fmt: skip
def test_rule_A7_the_database_lets_a_counter_move_by_one_only(sql):
    next_number("F-2026")
    with pytest.raises(IntegrityError, match="one after the other"), transaction.atomic():
        connection.cursor().execute(sql)
    assert NumberSeries.objects.get(series="F-2026").last == 1


@pytest.mark.django_db(transaction=True)
def test_rule_A7_eight_threads_of_which_some_fail_leave_no_gap():
    gate, kept = threading.Barrier(8), []

    def work(number: int) -> None:
        try:
            gate.wait()
            for step in range(5):
                try:
                    with transaction.atomic():
                        given = next_number("F-2026")
                        if (number + step) % 3 == 0:
                            raise ZeroDivisionError
                    kept.append(given)
                except ZeroDivisionError:
                    continue
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [f"F-2026-{n:04d}" for n in range(1, len(kept) + 1)]
    assert len(kept) == 8 * 5 - sum((number + step) % 3 == 0 for number in range(8) for step in range(5))

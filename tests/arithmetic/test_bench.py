"""The measurement's own check: every row equals the floor's, to the cent (figures are measured by `bench`)."""

from bench.schedules import made_up_terms, naive_rows, own_rows


def test_the_engine_s_rows_equal_the_plain_loop_s() -> None:
    for terms in made_up_terms(100):
        assert own_rows(terms) == naive_rows(terms)

"""M-1: every stored amount has the digits of its currency, in every table that a whole chain writes."""

import ast
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import DecimalField
from djmoney.models.fields import MoneyField

from fund.money import is_quantized
from tests.house import source

HOUSE = ("accounts", "fund", "projects", "committee", "loans", "reports")
AMOUNT = (19, 2)


def money_fields() -> Iterator[MoneyField]:
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            yield from (field for field in model._meta.local_fields if isinstance(field, MoneyField))


def amounts_that_are_not_quantized() -> Iterator[str]:
    """Each stored amount that differs from itself rounded to the currency beside it."""
    for field in money_fields():
        model, name = field.model, field.name
        for key, amount, currency in model._base_manager.values_list("pk", name, f"{name}_currency"):
            if amount is not None and not is_quantized(Decimal(amount), currency):
                yield f"{model._meta.label} {key}: {name} = {amount} {currency}"


def test_there_are_amounts_to_look_at():
    assert list(money_fields())


@pytest.mark.parametrize("field", list(money_fields()), ids=str)
def test_rule_M1_an_amount_is_a_numeric_of_nineteen_digits(field: MoneyField):
    assert (field.max_digits, field.decimal_places) == AMOUNT


def test_rule_M1_no_model_keeps_a_float():
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            kinds = {field.get_internal_type() for field in model._meta.local_fields}
            assert "FloatField" not in kinds, model._meta.label


def test_rule_M1_every_decimal_says_how_many_digits_it_has():
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_fields:
                if isinstance(field, DecimalField):
                    assert field.max_digits, str(field)
                    assert field.decimal_places is not None, str(field)


@pytest.mark.django_db
def test_rule_M1_every_amount_that_the_chain_stores_is_quantized():
    from tests.access import objects

    objects.arguments()  # an application, a decision, a loan, a payment: through the real verbs
    assert list(amounts_that_are_not_quantized()) == []


def test_rule_M1_the_pure_arithmetic_of_money_makes_no_float():
    """A float may be used inside a root search or a projection only; these modules have none at all."""
    for path in source.python_files("fund", "loans"):
        if source.name(path) in {"fund/money.py", "loans/postings.py", "fund/ledger.py"}:
            calls = [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.Call)]
            names = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
            assert "float" not in names, source.name(path)
            floats = [
                node for node in ast.walk(source.tree(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, float)
            ]  # fmt: skip
            assert not floats, source.name(path)

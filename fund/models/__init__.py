"""The fund's money and the data everything else refers to."""

from fund.models.bank import BankLine, BankStatement
from fund.models.capital import Contribution, CreditLine, LineService, Receipt, Reservation
from fund.models.document import IssuedDocument
from fund.models.ledger import Entry, LedgerAccount, Line
from fund.models.numbers import NumberSeries
from fund.models.policy import Fund, PolicyVersion, Product, VatRate
from fund.models.reference import (
    AdminUnit,
    BankAccount,
    CountryProfile,
    ExchangeRate,
    Institution,
    Sector,
)

__all__ = [
    "AdminUnit",
    "BankAccount",
    "BankLine",
    "BankStatement",
    "Contribution",
    "CountryProfile",
    "CreditLine",
    "Entry",
    "ExchangeRate",
    "Fund",
    "Institution",
    "IssuedDocument",
    "LedgerAccount",
    "Line",
    "LineService",
    "NumberSeries",
    "PolicyVersion",
    "Product",
    "Receipt",
    "Reservation",
    "Sector",
    "VatRate",
]

"""Chart of accounts: the codes that every posting uses, with their names in three languages (Rule L-1).

Kinds decide the normal side: assets and expenses grow by debit, the other three by credit.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

CASH = "1010"
LOANS = "1200"
ALLOWANCE = "1290"
ACCRUED_INTEREST = "1300"
INTEREST_DUE = "1310"
LATE_INTEREST_DUE = "1320"
FEES_DUE = "1330"
VAT_DUE = "1340"
UNMATCHED = "2010"
FIRM_CREDITS = "2020"
VAT_TO_COLLECT = "2110"
VAT_OWED = "2120"
SUSPENDED_INTEREST = "2210"
CREDIT_LINES = "2500"
CAPITAL = "3010"
RETAINED = "3100"
INTEREST_INCOME = "4010"
LATE_INTEREST_INCOME = "4020"
FEE_INCOME = "4030"
RECOVERIES = "4090"
OPERATING_COST = "5010"
FUNDING_COST = "5020"
PROVISIONS = "5110"
WRITE_OFFS = "5120"
EXCHANGE = "5900"

# Tranches of cash that are no contribution and no credit line (Rule K-2).
OWN = "OWN"
HELD = "HELD"


class Kind(StrEnum):
    """The five kinds of ledger account."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def grows_by_debit(self) -> bool:
        return self in (Kind.ASSET, Kind.EXPENSE)


# Capital base of Rule A-4: what was paid in, and own earnings less losses.
BASE_KINDS: tuple[Kind, ...] = (Kind.EQUITY, Kind.INCOME, Kind.EXPENSE)


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger account as the chart defines it."""

    code: str
    kind: Kind
    es: str
    en: str
    fr: str

    @property
    def names(self) -> dict[str, str]:
        return {"es": self.es, "en": self.en, "fr": self.fr}

    @property
    def beancount(self) -> str:
        """The account's name in a Beancount file: kind, code and English name."""
        root = {
            Kind.ASSET: "Assets",
            Kind.LIABILITY: "Liabilities",
            Kind.EQUITY: "Equity",
            Kind.INCOME: "Income",
            Kind.EXPENSE: "Expenses",
        }[self.kind]
        words = "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z]+", self.en))
        return f"{root}:{words}"


CHART: tuple[Account, ...] = (
    Account(CASH, Kind.ASSET, "Bancos", "Cash at banks", "Banques"),
    Account(LOANS, Kind.ASSET, "Créditos otorgados, capital", "Loans, principal", "Prêts, capital"),
    Account(
        ALLOWANCE,
        Kind.ASSET,
        "Estimación para créditos incobrables",
        "Loan loss allowance",
        "Provision pour prêts douteux",
    ),
    Account(
        ACCRUED_INTEREST,
        Kind.ASSET,
        "Intereses devengados no vencidos",
        "Interest accrued, not yet due",
        "Intérêts courus non échus",
    ),
    Account(INTEREST_DUE, Kind.ASSET, "Intereses por cobrar", "Interest due", "Intérêts à recevoir"),
    Account(
        LATE_INTEREST_DUE,
        Kind.ASSET,
        "Intereses moratorios por cobrar",
        "Late interest due",
        "Intérêts de retard à recevoir",
    ),
    Account(FEES_DUE, Kind.ASSET, "Comisiones por cobrar", "Fees due", "Frais à recevoir"),
    Account(
        VAT_DUE,
        Kind.ASSET,
        "IVA por cobrar a empresas",
        "VAT due from firms",
        "TVA à recevoir des entreprises",
    ),
    Account(UNMATCHED, Kind.LIABILITY, "Pagos por identificar", "Unmatched money", "Paiements à identifier"),
    Account(
        FIRM_CREDITS,
        Kind.LIABILITY,
        "Saldos a favor de empresas",
        "Credits of firms",
        "Avoirs des entreprises",
    ),
    Account(VAT_TO_COLLECT, Kind.LIABILITY, "IVA por trasladar", "VAT to be collected", "TVA à encaisser"),
    Account(VAT_OWED, Kind.LIABILITY, "IVA por pagar", "VAT owed", "TVA due"),
    Account(
        SUSPENDED_INTEREST,
        Kind.LIABILITY,
        "Intereses en suspenso",
        "Interest in suspense",
        "Intérêts suspendus",
    ),
    Account(CREDIT_LINES, Kind.LIABILITY, "Líneas de crédito", "Credit lines", "Lignes de crédit"),
    Account(CAPITAL, Kind.EQUITY, "Aportaciones de capital", "Contributed capital", "Capital versé"),
    Account(RETAINED, Kind.EQUITY, "Resultados acumulados", "Retained earnings", "Résultats reportés"),
    Account(INTEREST_INCOME, Kind.INCOME, "Intereses ganados", "Interest income", "Produits d’intérêts"),
    Account(
        LATE_INTEREST_INCOME,
        Kind.INCOME,
        "Intereses moratorios ganados",
        "Late interest income",
        "Produits d’intérêts de retard",
    ),
    Account(FEE_INCOME, Kind.INCOME, "Comisiones ganadas", "Fee income", "Produits de frais"),
    Account(RECOVERIES, Kind.INCOME, "Recuperación de créditos castigados", "Recoveries", "Récupérations"),
    Account(OPERATING_COST, Kind.EXPENSE, "Gastos de operación", "Operating cost", "Frais de fonctionnement"),
    Account(FUNDING_COST, Kind.EXPENSE, "Costo de fondeo", "Cost of funds", "Coût des fonds"),
    Account(PROVISIONS, Kind.EXPENSE, "Estimaciones del periodo", "Provisions", "Dotations aux provisions"),
    Account(WRITE_OFFS, Kind.EXPENSE, "Castigos", "Write-offs", "Passages en perte"),
    Account(EXCHANGE, Kind.EXPENSE, "Resultado cambiario", "Exchange differences", "Écarts de change"),
)

BY_CODE: dict[str, Account] = {account.code: account for account in CHART}

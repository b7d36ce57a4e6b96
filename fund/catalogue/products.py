"""What the fund offers, and the illustrative product of its first years."""
# ruff: noqa: E501 - tables: a row is a line

from datetime import date
from decimal import Decimal
from typing import Any

from loans.arithmetic.calendar import HolidayRule
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.terms import Amortization

PRODUCTS: tuple[dict[str, Any], ...] = (
    {
        "code": "prevention-usd",
        "in_force_from": date(1996, 12, 1),
        "in_force_until": date(2002, 12, 31),
        "names": {
            "es": "Crédito de prevención 1996-2002",
            "en": "Prevention loan 1996-2002",
            "fr": "Prêt de prévention 1996-2002",
        },
        "summaries": {
            "es": "Condiciones ilustrativas de los primeros años: 36 pagos mensuales, los seis primeros sólo de intereses.",
            "en": "Illustrative terms of the first years: 36 monthly payments, the first six of interest only.",
            "fr": "Conditions illustratives des premières années\N{NO-BREAK SPACE}: 36 versements mensuels, les six premiers d’intérêts seuls.",
        },
        "purpose": "prevention",
        "currency": "USD",
        "amount_min": Decimal("1000.00"),
        "amount_max": Decimal("50000.00"),
        "annual_rate_pct": Decimal("12"),
        "amortization": Amortization.LEVEL,
        "day_count": DayCount.TWELFTHS,
        "holiday_rule": HolidayRule.MODIFIED_FOLLOWING,
        "term_min": 12,
        "term_default": 36,
        "term_max": 60,
        "grace_default": 6,
        "grace_max": 12,
        "illustrative": True,
    },
    {
        "code": "cleaner-process",
        "in_force_from": date(2012, 1, 1),
        "names": {
            "es": "Crédito para procesos más limpios",
            "en": "Cleaner process loan",
            "fr": "Prêt pour des procédés plus propres",
        },
        "summaries": {
            "es": "Para cambiar equipo o proceso y dejar de generar residuos: pagos iguales, hasta seis meses sólo de intereses.",
            "en": "To change equipment or process and stop making waste: level payments, up to six months of interest only.",
            "fr": "Pour changer d’équipement ou de procédé et ne plus produire de déchets\N{NO-BREAK SPACE}: versements égaux, jusqu’à six mois d’intérêts seuls.",
        },
        "purpose": "prevention",
        "currency": "MXN",
        "amount_min": Decimal("50000.00"),
        "amount_max": Decimal("900000.00"),
        "annual_rate_pct": Decimal("14"),
        "amortization": Amortization.LEVEL,
        "day_count": DayCount.TWELFTHS,
        "holiday_rule": HolidayRule.MODIFIED_FOLLOWING,
        "term_min": 12,
        "term_default": 36,
        "term_max": 48,
        "grace_default": 3,
        "grace_max": 6,
        "opening_fee_pct": Decimal("1"),
    },
    {
        "code": "audit-upgrade",
        "in_force_from": date(2012, 1, 1),
        "names": {
            "es": "Crédito para el plan de auditoría",
            "en": "Audit upgrade loan",
            "fr": "Prêt pour le plan d’audit",
        },
        "summaries": {
            "es": "Para cerrar líneas del plan de acción de una auditoría ambiental voluntaria (NMX-AA-162): capital igual cada mes.",
            "en": "To close lines of a voluntary environmental audit’s action plan (NMX-AA-162): the same principal each month.",
            "fr": "Pour clore des lignes du plan d’action d’un audit environnemental volontaire (NMX-AA-162)\N{NO-BREAK SPACE}: même capital chaque mois.",
        },
        "purpose": "audit",
        "currency": "MXN",
        "amount_min": Decimal("20000.00"),
        "amount_max": Decimal("500000.00"),
        "annual_rate_pct": Decimal("12"),
        "amortization": Amortization.EQUAL_PRINCIPAL,
        "day_count": DayCount.ACT_360,
        "holiday_rule": HolidayRule.MODIFIED_FOLLOWING,
        "term_min": 6,
        "term_default": 24,
        "term_max": 36,
        "grace_default": 0,
        "grace_max": 3,
    },
    {
        "code": "good-housekeeping",
        "in_force_from": date(2012, 1, 1),
        "names": {
            "es": "Crédito de buenas prácticas",
            "en": "Good housekeeping loan",
            "fr": "Prêt de bonnes pratiques",
        },
        "summaries": {
            "es": "Sumas pequeñas para medidores, válvulas y recuperación sencilla de agua o insumos, en pagos iguales.",
            "en": "Small sums for meters, valves and simple recovery of water or inputs, in level payments.",
            "fr": "Petites sommes pour compteurs, vannes et récupération simple d’eau ou d’intrants, en versements égaux.",
        },
        "purpose": "prevention",
        "currency": "MXN",
        "amount_min": Decimal("10000.00"),
        "amount_max": Decimal("120000.00"),
        "annual_rate_pct": Decimal("13"),
        "amortization": Amortization.LEVEL,
        "day_count": DayCount.TWELFTHS,
        "holiday_rule": HolidayRule.MODIFIED_FOLLOWING,
        "term_min": 6,
        "term_default": 12,
        "term_max": 18,
        "grace_default": 0,
        "grace_max": 2,
    },
)  # fmt: skip

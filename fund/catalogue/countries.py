"""Country profiles as dated data: tax id, size rule, tax on interest, index units, grid factors (Rules G-4, A-2)."""
# ruff: noqa: E501 - tables: a row is a line

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ProfileRow:
    country: str
    in_force_from: date
    names: dict[str, str]
    currency: str
    tax_id_kind: str
    tax_id_names: dict[str, str]
    size_rule: dict[str, Any]
    interest_tax: dict[str, Any]
    activity_code: str
    unit_names: dict[str, str]
    iati_agency: str
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    grid_factors: dict[str, str] = field(default_factory=dict)


MEXICO_NAMES = {"es": "México", "en": "Mexico", "fr": "Mexique"}
RFC = {"es": "RFC", "en": "Tax id (RFC)", "fr": "Identifiant fiscal (RFC)"}
STATE = {"es": "Estado", "en": "State", "fr": "État"}
REGION = {"es": "Región", "en": "Region", "fr": "Région"}
DEPARTMENT = {"es": "Departamento", "en": "Department", "fr": "Département"}
IVA = {"name": {"es": "IVA", "en": "VAT", "fr": "TVA"}, "taxed": True}
NO_TAX = {"name": {"es": "IVA", "en": "VAT", "fr": "TVA"}, "taxed": False}
IGV = {"name": {"es": "IGV", "en": "VAT (IGV)", "fr": "TVA (IGV)"}, "taxed": True}

WORKERS_1999 = {
    "industry": ["30", "100", "500"],
    "trade": ["5", "20", "100"],
    "services": ["20", "50", "100"],
}
# Before 2009 Mexico sized a firm by its workers alone; with a weight of one that is a score too.
MEXICO_1999 = {
    "source": "DOF 30/03/1999",
    "kind": "score",
    "workers_weight": "1",
    "sales_weight": "0",
    "caps": WORKERS_1999,
    "worker_caps": WORKERS_1999,
}
MEXICO_2009 = {
    "source": "DOF 30/06/2009",
    "kind": "score",
    "workers_weight": "0.10",
    "sales_weight": "0.90",
    "caps": {
        "industry": ["4.6", "95", "250"],
        "services": ["4.6", "95", "235"],
        "trade": ["4.6", "93", "235"],
    },
    "worker_caps": {
        "industry": ["10", "50", "250"],
        "services": ["10", "50", "100"],
        "trade": ["10", "30", "100"],
    },
}
CHILE_2010 = {
    "source": "Ley 20.416",
    "kind": "index",
    "index_name": "UF",
    "index_value": "39727.96",
    "index_year": 2026,
    "caps": {"*": ["2400", "25000", "100000"]},
}
COLOMBIA_2019 = {
    "source": "Decreto 957 de 2019",
    "kind": "index",
    "index_name": "UVT",
    "index_value": "52374",
    "index_year": 2026,
    "caps": {
        "industry": ["23563", "204995", "1736565"],
        "services": ["32988", "131951", "483034"],
        "trade": ["44769", "431196", "2160692"],
    },
}
PERU_2013 = {
    "source": "Ley 30056",
    "kind": "index",
    "index_name": "UIT",
    "index_value": "5500",
    "index_year": 2026,
    "caps": {"*": ["150", "1700", "2300"]},
}

# Tonnes of CO2 equivalent per MWh, by year (SEMARNAT's notices for the RENE; Colombia: Resolución 762 de 2023).
MEXICO_GRID = {
    "2013": "0.456", "2019": "0.505", "2020": "0.494", "2021": "0.423", "2022": "0.435", "2023": "0.438", "2024": "0.444",
}  # fmt: skip

PROFILES: tuple[ProfileRow, ...] = (
    ProfileRow(
        "MX", date(1996, 1, 1), MEXICO_NAMES, "MXN", "rfc", RFC, MEXICO_1999, IVA, "SCIAN", STATE, "MX-RFC",
        grid_factors=MEXICO_GRID,
    ),
    ProfileRow(
        "MX", date(2009, 7, 1), MEXICO_NAMES, "MXN", "rfc", RFC, MEXICO_2009, IVA, "SCIAN", STATE, "MX-RFC",
        units={"UMA": {"2024": "108.57", "2025": "113.14", "2026": "117.31"}}, grid_factors=MEXICO_GRID,
    ),
    ProfileRow(
        "CL", date(2010, 2, 3), {"es": "Chile", "en": "Chile", "fr": "Chili"}, "CLP", "rut",
        {"es": "RUT", "en": "Tax id (RUT)", "fr": "Identifiant fiscal (RUT)"}, CHILE_2010, NO_TAX, "CIIU4.CL", REGION,
        "CL-RUT", units={"UF": {"2026": "39727.96"}},
    ),
    ProfileRow(
        "CO", date(2019, 12, 5), {"es": "Colombia", "en": "Colombia", "fr": "Colombie"}, "COP", "nit",
        {"es": "NIT", "en": "Tax id (NIT)", "fr": "Identifiant fiscal (NIT)"}, COLOMBIA_2019, NO_TAX, "CIIU4 A.C.",
        DEPARTMENT, "CO-RUE", units={"UVT": {"2025": "49799", "2026": "52374"}}, grid_factors={"2022": "0.112"},
    ),
    ProfileRow(
        "PE", date(2013, 7, 3), {"es": "Perú", "en": "Peru", "fr": "Pérou"}, "PEN", "ruc",
        {"es": "RUC", "en": "Tax id (RUC)", "fr": "Identifiant fiscal (RUC)"}, PERU_2013, IGV, "CIIU4", DEPARTMENT,
        "PE-RUC", units={"UIT": {"2025": "5350", "2026": "5500"}},
    ),
)  # fmt: skip

# Rule S-6: Mexico 15 % to the end of 2009, 16 % after. Peru's lenders outside the banks charge 18 %.
VAT: tuple[tuple[str, date, str], ...] = (
    ("MX", date(1995, 4, 1), "15"),
    ("MX", date(2010, 1, 1), "16"),
    ("PE", date(2011, 3, 1), "18"),
)

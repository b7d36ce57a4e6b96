"""The size rules that the pure tests use, as a country's profile keeps them."""

from decimal import Decimal

from projects.sizing import SizeRule

MEXICO = SizeRule.from_dict(
    "MX",
    "MXN",
    {
        "kind": "score",
        "source": "DOF 30/06/2009",
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
    },
)
CHILE = SizeRule.from_dict(
    "CL",
    "CLP",
    {
        "kind": "index",
        "source": "Ley 20.416",
        "index_name": "UF",
        "index_value": "39000",
        "index_year": 2025,
        "caps": {"*": ["2400", "25000", "100000"]},
    },
)
PESOS = Decimal(1_000_000)

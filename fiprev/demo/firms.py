"""The firms of the story: invented names, 35 tanneries and thirteen others, and what each trade changes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as D

from stdnum.mx import rfc


@dataclass(frozen=True, slots=True)
class Trade:
    """What a measure changes in a trade, per unit of production: water, chemical discharge, yearly cost.

    `production` is that of a project of the mean size; before and after are m3, t and US$ per unit.
    """

    title: str
    technique: str
    summary: str
    change: str
    purpose: str
    unit: str
    production: int
    water: tuple[D, D]
    discharge: tuple[D, D]
    cost: tuple[int, int]


def _trade(
    words: tuple[str, str, str, str], purpose: str, unit: str, production: int, *figures: str
) -> Trade:
    water, discharge, cost = (figure.split("-") for figure in figures)
    return Trade(
        *words, purpose, unit, production,
        (D(water[0]), D(water[1])), (D(discharge[0]), D(discharge[1])), (int(cost[0]), int(cost[1])),
    )  # fmt: skip


TANNING = (
    _trade(
        (
            "Recirculación de baños de cromo",
            "Filtrado y reúso directo de los baños de curtido",
            "Los baños de curtido con cromo se tiran después de un solo uso y el agua se toma de pozo.",
            "Los baños se filtran, se ajustan y se usan otra vez; los enjuagues van a remojo.",
        ),
        "reuse", "t", 208, "30-18", "0.60-0.37", "250-162",
    ),
    _trade(
        (
            "Pelambre con recuperación de pelo",
            "Pelambre enzimático y filtración del pelo antes de disolverse",
            "El pelambre con sulfuro disuelve el pelo y la descarga lleva toda su carga.",
            "El pelo se separa entero y los baños de cal se usan de nuevo.",
        ),
        "process", "t", 210, "28-16", "0.58-0.35", "240-153",
    ),
    _trade(
        (
            "Curtido de alto agotamiento",
            "Sales de cromo de alto agotamiento y control de temperatura en el tambor",
            "Una tercera parte del cromo se va con el baño agotado.",
            "El tambor controla temperatura y pH: el cuero fija casi todo el cromo y se enjuaga menos.",
        ),
        "process", "t", 205, "32-20", "0.62-0.38", "255-165",
    ),
)  # fmt: skip
OTHERS: dict[str, Trade] = {
    "food-corn": _trade(
        (
            "Reúso del nejayote",
            "Decantación y recirculación del agua de cocimiento",
            "El nejayote se descarga caliente y cada cocimiento usa agua nueva.",
            "El nejayote se decanta y vuelve al siguiente cocimiento con menos cal.",
        ),
        "reuse", "t", 600, "8-3.8", "0.15-0.07", "90-59",
    ),
    "food-oil": _trade(
        (
            "Retorno de condensados y refinación física",
            "Retorno de condensados y recuperación de hexano",
            "Los condensados se tiran y la refinación alcalina deja aguas con jabón.",
            "Los condensados vuelven a la caldera y la refinación ya no genera jabón.",
        ),
        "process", "t", 250, "22-12", "0.35-0.16", "200-127",
    ),
    "foundry-iron": _trade(
        (
            "Recuperación de arena y enfriamiento cerrado",
            "Recuperación mecánica de arena y circuito cerrado de agua",
            "La arena con resina se tira después de cada colada y el agua corre una sola vez.",
            "La arena se limpia y se usa de nuevo; el agua circula por una torre.",
        ),
        "reuse", "t", 500, "9-4", "0.2-0.1", "110-73",
    ),
    "foundry-nonferrous": _trade(
        (
            "Recuperación de escoria y agua en circuito",
            "Prensa de escoria y circuito cerrado de agua",
            "La escoria sale con metal y el agua de enfriamiento se descarga.",
            "El metal de la escoria vuelve al crisol y el agua circula.",
        ),
        "reuse", "t", 500, "9-4", "0.2-0.1", "112-75",
    ),
    "electroplating": _trade(
        (
            "Enjuagues a contracorriente",
            "Dos enjuagues a contracorriente, rocío y válvulas por conductividad",
            "Cada tina enjuaga con agua corriente todo el turno.",
            "El agua pasa de un enjuague a otro y sólo entra cuando hace falta.",
        ),
        "process", "m2", 5000, "0.8-0.3", "0.016-0.0064", "9-5",
    ),
    "dry-cleaning": _trade(
        (
            "Máquina de circuito cerrado",
            "Máquina de lavado en seco de circuito cerrado con destilador",
            "La máquina abierta pierde percloroetileno y usa agua de enfriamiento sin retorno.",
            "La máquina cerrada recupera el solvente y recircula el agua.",
        ),
        "process", "t", 100, "40-15", "0.90-0.42", "420-237",
    ),
    "ceramics": _trade(
        (
            "Esmalte sin plomo y recuperación de lodos",
            "Esmaltes sin plomo y decantación del agua de limpieza",
            "Los esmaltes llevan plomo y el agua de limpieza se tira con ellos.",
            "El esmalte ya no lleva plomo y el agua decantada se usa de nuevo.",
        ),
        "substitution", "t", 400, "10-3.8", "0.25-0.13", "120-74",
    ),
    "chemicals": _trade(
        (
            "Condensadores y lavado por lotes",
            "Condensadores en los reactores y programación de lotes",
            "Los vapores se pierden y cada cambio de producto lava todo el reactor.",
            "Los vapores se condensan y los lotes se ordenan para lavar menos.",
        ),
        "process", "t", 300, "14-5.7", "0.40-0.24", "180-119",
    ),
    "metalwork": _trade(
        (
            "Reciclado de refrigerante y desengrase acuoso",
            "Centrífuga para refrigerante y desengrase acuoso en circuito",
            "El refrigerante se tira cada mes y las piezas se desengrasan con solvente.",
            "El refrigerante se limpia y dura; el desengrase es acuoso y recircula.",
        ),
        "process", "t", 350, "12-4.9", "0.30-0.163", "140-88",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryFirm:
    """One firm: its name, trade, place, people, yearly sales in pesos, whether it may be named."""

    name: str
    sector: str
    state: str
    municipality: str
    workers: int
    women: int
    sales: int
    named: bool
    tax_id: str
    owner: str
    email: str


TANNERIES = (
    "La Esperanza", "San Crispín", "El Progreso", "Hermanos Lozano", "Del Coecillo", "Santa Clara", "El Roble",
    "La Victoria", "San José", "Pieles del Centro", "El Encino", "Barrio Arriba", "San Miguel", "La Perla",
    "Los Fresnos", "Guadalupana", "El Cedro", "San Juan Bosco", "La Luz", "Nueva León", "El Mezquite", "La Piedad",
    "Río Turbio", "Don Bosco", "El Álamo", "Santa Rita", "La Merced", "San Isidro", "El Sauce", "Piel Fina",
    "La Fragua", "Las Joyas", "El Refugio", "San Felipe", "La Joya del Bajío",
)  # fmt: skip
PLACES = (
    ("11", "León"), ("11", "León"), ("11", "León"), ("11", "San Francisco del Rincón"), ("11", "León"),
    ("14", "Guadalajara"), ("11", "León"), ("15", "Toluca"), ("11", "Purísima del Rincón"), ("14", "Zapopan"),
)  # fmt: skip
REST = (
    ("Aceites La Flor", "food-oil", "14", "Zapopan"),
    ("Molino San Pedro", "food-corn", "15", "Toluca"),
    ("Tortillería Las Delicias", "food-corn", "11", "Irapuato"),
    ("Fundidora Los Altos", "foundry-iron", "14", "Tepatitlán"),
    ("Bronces del Norte", "foundry-nonferrous", "19", "Monterrey"),
    ("Galvanizados El Bajío", "electroplating", "11", "Celaya"),
    ("Cromados Rivera", "electroplating", "15", "Naucalpan"),
    ("Recubrimientos Niquelmex", "electroplating", "19", "Guadalupe"),
    ("Tintorería Express", "dry-cleaning", "09", "Iztapalapa"),
    ("Cerámica Dolores", "ceramics", "11", "Dolores Hidalgo"),
    ("Alfarería Tonalá", "ceramics", "14", "Tonalá"),
    ("Resinas Querétaro", "chemicals", "22", "Querétaro"),
    ("Maquinados Precisión", "metalwork", "22", "El Marqués"),
)
#: Where the thirteen others stand among the 48, so that no year is of one trade only.
OTHERS_AT = (2, 6, 9, 13, 16, 20, 23, 27, 30, 34, 38, 42, 46)
OWNERS = (
    "Alfonso", "Beatriz", "César", "Dolores", "Emilio", "Francisca", "Gerardo", "Hilda", "Ismael", "Josefina",
)  # fmt: skip
FAMILIES = ("Arriaga", "Barrera", "Cervantes", "Domínguez", "Escobedo", "Franco", "Gutiérrez", "Hinojosa")


def tax_id(number: int, letters: str = "DEM", day: str = "950101") -> str:
    """An invented RFC with a right check digit."""
    body = f"{letters}{day}{'ABCDEFGHIJ'[number // 9]}{number % 9 + 1}"
    return body + str(rfc.calc_check_digit(body))


def firms() -> list[StoryFirm]:
    """The 48 firms in the order of their loans."""
    found = []
    tanneries = iter(TANNERIES)
    for number in range(48):
        if number in OTHERS_AT:
            name, sector, state, municipality = REST[OTHERS_AT.index(number)]
        else:
            state, municipality = PLACES[number % len(PLACES)]
            name, sector = f"{('Tenería', 'Curtidos', 'Curtiduría')[number % 3]} {next(tanneries)}", "tanning"
        workers = 9 + (number * 7) % 38
        found.append(
            StoryFirm(
                name=name,
                sector=sector,
                state=state,
                municipality=municipality,
                workers=workers,
                women=workers // 3,
                sales=2_400_000 + (number * 613_000) % 16_000_000,
                named=number % 4 == 0,
                tax_id=tax_id(number),
                owner=f"{OWNERS[number % len(OWNERS)]} {FAMILIES[number % len(FAMILIES)]}",
                email=f"firm{number + 1:02d}@fiprev.example",
            )
        )
    return found


def trade_of(firm: StoryFirm, number: int) -> Trade:
    """What this firm changes."""
    return OTHERS[firm.sector] if firm.sector in OTHERS else TANNING[number % len(TANNING)]

"""The bodies, seats, rules and rubric with which the fund starts (rules C-1, C-3, C-4, E-2)."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.once import forget
from committee.models import Body, BodyRules, Criterion, Rubric, Seat
from committee.models.body import Constituency
from committee.models.session import ItemKind
from committee.scoring import check_weights
from fund.models import Institution

START = date(1996, 9, 1)
TWO_THIRDS = [ItemKind.CREDIT_LINE, ItemKind.DONATION, ItemKind.RULE_CHANGE, ItemKind.WRITE_OFF]


def names(es: str, en: str, fr: str) -> dict[str, str]:
    return {"es": es, "en": en, "fr": fr}


BODIES: dict[str, dict[str, Any]] = {
    "CT": {
        "names": names("Comité Técnico", "Technical Committee", "Comité technique"),
        "duties": names(
            "Decide cada préstamo y los asuntos principales del fondo.",
            "Decides every loan and the principal matters of the fund.",
            "Décide de chaque prêt et des principales questions du fonds.",
        ),
        "letter": "R",
        "decides": True,
        "position": 1,
    },
    "CE": {
        "names": names("Comisión Ejecutiva", "Executive Commission", "Commission exécutive"),
        "duties": names(
            "Evalúa las solicitudes, las recomienda al Comité y supervisa la operación.",
            "Evaluates applications, recommends them to the Committee and supervises operation.",
            "Évalue les demandes, les recommande au Comité et supervise le fonctionnement.",
        ),
        "letter": "A",
        "decides": False,
        "position": 2,
    },
}
PRESIDING = {"CT": 2, "CE": 1}

C = Constituency
# body, code, institution, constituency, presides, es, en, fr
SEATS: tuple[tuple[str, str, str, str, bool, str, str, str], ...] = (
    ("CT", "CONCAMIN", "concamin", C.INDUSTRY, True,
     "Copresidencia, Concamin", "Co-chair, Concamin", "Coprésidence, Concamin"),
    ("CT", "CEC", "cec", C.COOPERATION, True,
     "Copresidencia, CCA", "Co-chair, CEC", "Coprésidence, CCE"),
    ("CT", "CCIB", "ccib", C.INDUSTRY, False, "CCIB", "CCIB", "CCIB"),
    ("CT", "USCIB", "uscib", C.INDUSTRY, False, "USCIB", "USCIB", "USCIB"),
    ("CT", "FUNTEC", "funtec", C.FUND, False, "Funtec", "Funtec", "Funtec"),
    ("CT", "UNAM", "unam", C.ACADEMIA, False, "UNAM", "UNAM", "UNAM"),
    ("CT", "WEC", "wec", C.CIVIL, False,
     "Centro Mundial para el Medio Ambiente", "World Environment Center",
     "Centre mondial pour l’environnement"),
    ("CE", "FUNTEC", "funtec", C.FUND, True,
     "Cotitular, Funtec", "Co-head, Funtec", "Coresponsable, Funtec"),
    ("CE", "CEC", "cec", C.COOPERATION, True,
     "Cotitular, CCA", "Co-head, CEC", "Coresponsable, CCE"),
    ("CE", "IPN", "ipn", C.ACADEMIA, False, "IPN", "IPN", "IPN"),
    ("CE", "NAFIN", "nafin", C.BANKING, False, "Nafin", "Nafin", "Nafin"),
    ("CE", "SEMARNAT", "semarnat", C.GOVERNMENT, False, "Semarnat", "Semarnat", "Semarnat"),
    ("CE", "BANCOMEXT", "bancomext", C.BANKING, False, "Bancomext", "Bancomext", "Bancomext"),
)  # fmt: skip

# code, weight, names, hints
RUBRIC: tuple[tuple[str, int, dict[str, str], dict[str, str]], ...] = (
    ("benefit", 30,
     names("Beneficio ambiental por dólar", "Environmental benefit per dollar",
           "Bénéfice environnemental par dollar"),
     names("0: ningún beneficio medible. 5: entre los mejores del sector por cada dólar prestado.",
           "0: no measurable benefit. 5: among the best of the sector per dollar lent.",
           "0 : aucun bénéfice mesurable. 5 : parmi les meilleurs du secteur par dollar prêté.")),
    ("technique", 20,
     names("Jerarquía de prevención y solidez técnica", "Prevention rank and technical soundness",
           "Rang de prévention et solidité technique"),
     names("0: solo trata lo que ya se descarga. 5: evita el residuo en su origen con técnica probada.",
           "0: only treats what is discharged. 5: avoids the waste at its source with a proven technique.",
           "0 : ne traite que le rejet. 5 : évite le déchet à la source par une technique éprouvée.")),
    ("baseline", 10,
     names("Evidencia de la línea base", "Evidence of the baseline", "Preuves de la situation de référence"),
     names("0: solo dicho. 5: doce meses de medidores, recibos o análisis.",
           "0: only stated. 5: twelve months of meters, bills or laboratory sheets.",
           "0 : seulement déclarée. 5 : douze mois de compteurs, factures ou analyses.")),
    ("repayment", 25,
     names("Capacidad de pago", "Capacity to repay", "Capacité de remboursement"),
     names("0: el servicio de la deuda no se cubre. 5: se cubre al doble con cifras comprobadas.",
           "0: debt service is not covered. 5: covered twice over by proven figures.",
           "0 : le service de la dette n’est pas couvert. 5 : couvert deux fois, chiffres à l’appui.")),
    ("people", 15,
     names("Gestión y personas, con participación de mujeres y pueblos indígenas",
           "Management and people, gender and indigenous participation included",
           "Gestion et personnes, dont participation des femmes et des peuples autochtones"),
     names("0: nadie está a cargo. 5: responsable capacitado, personal formado e inclusión visible.",
           "0: nobody is in charge. 5: trained person in charge, staff trained, inclusion visible.",
           "0 : personne n’en est chargé. 5 : responsable formé, personnel formé, inclusion visible.")),
)  # fmt: skip


@transaction.atomic
def load() -> None:
    """Bring the bodies, seats, rules and rubric of the start up to date; running it twice changes nothing."""
    bodies = {code: Body.objects.update_or_create(code=code, defaults=row)[0] for code, row in BODIES.items()}
    for code, body in bodies.items():
        content = {"presiding_needed": PRESIDING[code], "two_thirds": [kind.value for kind in TWO_THIRDS]}
        BodyRules.objects.get_or_create(body=body, version=1, defaults={"since": START, "content": content})
    institutions = {row.code: row for row in Institution.objects.all()}
    for position, (of_body, code, institution, constituency, presides, es, en, fr) in enumerate(SEATS):
        Seat.objects.update_or_create(
            body=bodies[of_body],
            code=code,
            since=START,
            defaults={
                "institution": institutions[institution],
                "names": names(es, en, fr),
                "constituency": constituency,
                "presides": presides,
                "position": position,
            },
        )
    _load_rubric()


def _load_rubric() -> None:
    check_weights({code: weight for code, weight, _names, _hints in RUBRIC})
    rubric, _made = Rubric.objects.get_or_create(version=1, defaults={"since": START})
    for position, (code, weight, title, hints) in enumerate(RUBRIC):
        Criterion.objects.update_or_create(
            rubric=rubric,
            code=code,
            defaults={"weight": weight, "names": title, "hints": hints, "position": position},
        )
    forget()

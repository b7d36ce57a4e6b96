"""The points of the completeness check as the fund starts with them (A-8), dated rows that it may change."""

from datetime import date

from projects.models import ChecklistItem

START = date(1996, 1, 1)
AUDIT = ["audit-upgrade"]
LARGER = ["cleaner-process", "prevention-usd"]

# code, products (none: every one), Spanish, English, French
POINTS: tuple[tuple[str, list[str], str, str, str], ...] = (
    (
        "readable",
        [],
        "Cada documento se abre y se puede leer",
        "Every document opens and can be read",
        "Chaque document s’ouvre et se lit",
    ),
    (
        "same_firm",
        [],
        "Nombre y clave fiscal son los de la constancia fiscal",
        "Name and tax id are those of the tax certificate",
        "Nom et identifiant fiscal sont ceux du certificat fiscal",
    ),
    (
        "quotes",
        [],
        "Las cotizaciones cubren los renglones del presupuesto",
        "The quotes cover the budget lines",
        "Les devis couvrent les lignes du budget",
    ),
    (
        "baseline",
        [],
        "El comprobante respalda las cifras de hoy",
        "The proof supports today's figures",
        "Le justificatif appuie les chiffres d’aujourd’hui",
    ),
    (
        "prevention",
        [],
        "Previene la contaminación en el origen, o cierra acciones de un plan de auditoría",
        "It prevents pollution at the source, or closes lines of an audit plan",
        "Il prévient la pollution à la source, ou clôt des actions d’un plan d’audit",
    ),
    (
        "audit_lines",
        AUDIT,
        "Cada renglón nombra la acción del plan de auditoría que cierra",
        "Each line names the action of the audit plan that it closes",
        "Chaque ligne nomme l’action du plan d’audit qu’elle clôt",
    ),
    (
        "cash_flow",
        LARGER,
        "Los estados financieros alcanzan para juzgar la capacidad de pago",
        "The financial statements are enough to judge the capacity to repay",
        "Les états financiers suffisent pour juger de la capacité de remboursement",
    ),
)


def load() -> None:
    """Put the points in place; may run again, and leaves those that the fund has changed as they are."""
    for position, (code, products, es, en, fr) in enumerate(POINTS, 1):
        ChecklistItem.objects.get_or_create(
            code=code,
            in_force_from=START,
            defaults={
                "names": {"es": es, "en": en, "fr": fr},
                "products": products,
                "position": position,
            },
        )

"""Trades that the fund knows, with SCIAN 2018 and NAICS codes, in the order in which pages list them."""
# ruff: noqa: E501 - tables: a row is a line

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SectorRow:
    code: str
    scian: str
    naics: str
    kind: str
    es: str
    en: str
    fr: str


def _industry(code: str, scian: str, naics: str, es: str, en: str, fr: str) -> SectorRow:
    return SectorRow(code, scian, naics, "industry", es, en, fr)


SECTORS: tuple[SectorRow, ...] = (
    _industry("tanning", "316110", "316110", "Curtiduría", "Tanning", "Tannerie"),
    _industry("food-oil", "311222", "311225", "Aceites comestibles", "Edible oil", "Huiles alimentaires"),
    _industry("food-corn", "311830", "311830", "Nixtamal y tortilla", "Maize dough and tortilla", "Nixtamal et tortilla"),
    _industry("foundry-iron", "331510", "331511", "Fundición de hierro y acero", "Iron and steel foundries", "Fonderies de fer et d’acier"),
    _industry("foundry-nonferrous", "331520", "331529", "Fundición no ferrosa", "Non-ferrous foundries", "Fonderies de métaux non ferreux"),
    _industry("electroplating", "332810", "332813", "Galvanoplastia", "Electroplating", "Galvanoplastie"),
    SectorRow("dry-cleaning", "812210", "812320", "services", "Tintorería y lavandería", "Dry cleaning and laundry", "Nettoyage à sec et blanchisserie"),
    _industry("ceramics", "327112", "327110", "Cerámica y alfarería", "Ceramics and pottery", "Céramique et poterie"),
    _industry("brick", "327121", "327120", "Ladrillo y teja", "Brick and tile", "Brique et tuile"),
    _industry("chemicals", "325211", "325211", "Química y resinas", "Chemicals and resins", "Produits chimiques et résines"),
    _industry("paint", "325510", "325510", "Pinturas y recubrimientos", "Paint and coatings", "Peintures et revêtements"),
    _industry("metalwork", "332710", "332710", "Metalmecánica y maquinado", "Metalwork and machining", "Travail des métaux et usinage"),
    _industry("wire", "331220", "331222", "Alambre y alambrón", "Wire and rod", "Fil et fil machine"),
    _industry("glass", "327214", "327213", "Vidrio", "Glass", "Verre"),
    _industry("electronics", "334410", "334412", "Electrónica y su chatarra", "Electronics and electronic scrap", "Électronique et déchets électroniques"),
)  # fmt: skip

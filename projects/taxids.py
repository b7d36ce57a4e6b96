"""Tax ids by country: read as typed, checked by the country's algorithm (rules A-1, G-4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.mx import rfc
from stdnum.pe import ruc

from accounts.errors import BadInput

#: RFCs that stand for "the public" and "foreigners": no firm's own.
GENERIC_RFCS = frozenset({"XAXX010101000", "XEXX010101000"})

#: Of a firm's RFC and of a person's, with the three characters that the tax office adds.
LENGTHS = (12, 13)


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax id in compact form. ``doubtful``: its check digit fails, which for an RFC only warns.

    ``of_person``: it names a natural person (an RFC of 13 characters shows the date of birth): never public.
    """

    country: str
    number: str
    doubtful: bool = False
    of_person: bool = False


def read_tax_id(country: str, text: str) -> TaxId:
    """The tax id meant by the text; BadInput with a sentence that says what would be right."""
    readers: dict[str, Callable[[str], TaxId]] = {
        "MX": _read_rfc,
        "CL": _read_rut,
        "CO": _read_nit,
        "PE": _read_ruc,
    }
    if country not in readers:
        raise BadInput("country", country, _("The fund does not lend in this country."))
    return readers[country](text.strip())


def _read_rfc(text: str) -> TaxId:
    number = rfc.compact(text)
    if number in GENERIC_RFCS:
        raise BadInput(
            "tax_id",
            text,
            _("%(number)s is the generic RFC. Type the RFC of your own firm, as on its tax certificate.")
            % {"number": number},
        )
    try:
        rfc.validate(number)
        if len(number) not in LENGTHS:
            raise InvalidLength
    except ValidationError as error:
        raise BadInput(
            "tax_id",
            text,
            _("“%(text)s” is not an RFC. A firm's has 12 characters and a person's 13: letters, the date "
              "as six digits, and three more, like CPA950612QX1.")
            % {"text": text},
        ) from error  # fmt: skip
    try:
        rfc.validate(number, validate_check_digits=True)
        doubtful = False
    except ValidationError:  # its last three characters cannot be right: A-1 only warns
        doubtful = True
    return TaxId("MX", number, doubtful, of_person=len(number) == 13)


def _read_rut(text: str) -> TaxId:
    message = _("“%(text)s” is not a RUT. It has seven or eight digits and a check digit, like 76.086.428-5.")
    return TaxId("CL", _checked(rut.validate, text, message))


def _read_nit(text: str) -> TaxId:
    message = _("“%(text)s” is not a NIT. It has nine digits and a check digit, like 213.123.432-1.")
    return TaxId("CO", _checked(nit.validate, text, message))


def _read_ruc(text: str) -> TaxId:
    message = _("“%(text)s” is not a RUC. It has eleven digits and begins with 10, 15, 17 or 20.")
    number = _checked(ruc.validate, text, message)
    return TaxId("PE", number, of_person=not number.startswith("20"))


def _checked(validate: Callable[[str], str], text: str, message: str) -> str:
    try:
        return validate(text)
    except ValidationError as error:
        raise BadInput("tax_id", text, message % {"text": text}) from error


def shown(country: str, number: str) -> str:
    """The tax id as people of the country write it."""
    formats: dict[str, Callable[[str], str]] = {"CL": rut.format, "CO": nit.format}
    return formats[country](number) if country in formats else number

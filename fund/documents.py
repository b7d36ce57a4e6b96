"""Issued papers: facts are sealed at issue, bytes at the first rendering (Rules R-1, G-5).

The only module that imports WeasyPrint, and only when something is rendered: it needs system libraries (Pango)
that a machine may lack, and the rest of the system runs without them.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import segno
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit
from accounts.errors import RuleBroken
from accounts.labels import LANGUAGES
from accounts.models import User
from accounts.permissions import Perm, check_may
from accounts.writing import insert
from fund.models import Fund, IssuedDocument

Gate = Callable[[User, IssuedDocument], None]
_gates: dict[str, str] = {}


class NoRenderer(Exception):
    """The machine lacks the libraries that make a PDF; the sentence names them."""


class FactsEncoder(DjangoJSONEncoder):
    """Facts as text: amounts as {"amount", "currency"}, decimals and dates as strings."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Money):
            return {"amount": str(o.amount), "currency": o.currency.code}
        return super().default(o)


_canonical = FactsEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def seal(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The facts as canonical JSON text, and its SHA-256."""
    text = _canonical(facts)
    return text, hashlib.sha256(text.encode()).hexdigest()


def issue(
    *,
    kind: str,
    number: str,
    language: str,
    template: str,
    facts: Mapping[str, Any],
    about: str,
    by: User,
    on: date,
    render: bool = False,
) -> IssuedDocument:
    """Seal the facts of a paper under its number (Rule R-1). `about` says whose it is, "loans.loan:L-2026-0001".

    The same number with the same facts gives the paper that is there; with others, or within
    `accounts.writing.together`, it is refused. The bytes are made at the first request, unless `render` asks for
    them now.
    """
    assert language in LANGUAGES, language
    text, digest = seal(facts)
    document = IssuedDocument(
        number=number, kind=kind, language=language, template=template, about=about, facts_text=text,
        facts_sha256=digest, issued_on=on, issued_by=by,
    )  # fmt: skip
    with transaction.atomic(savepoint=False):
        is_new = bool(insert([document], once="number", lost=_refuse))
        if is_new:
            sealed = {"kind": kind, "facts_sha256": digest}
            audit.record("document.issued", document, by=by, on=on, after=sealed)
    if not is_new:
        return _same(number, digest)
    if render:
        pdf(document)
    return document


def _refuse(document: IssuedDocument) -> NoReturn:
    """Raise what a number that was given to another paper asks for."""
    raise RuleBroken("R-1", _("%(number)s has been issued with other facts.") % {"number": document.number})


def _same(number: str, digest: str) -> IssuedDocument:
    there = IssuedDocument.objects.get(number=number)
    if there.facts_sha256 != digest:
        _refuse(there)
    return there


def document_for(number: str) -> IssuedDocument:
    """The paper of that number. Raises Http404 if none was issued."""
    found = IssuedDocument.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def register_reader(prefix: str, dotted: str) -> None:
    """Say who may open papers about `prefix` ("loans.loan"): a callable (user, document) that raises or not."""
    _gates[prefix] = dotted


def check_may_read(user: User, document: IssuedDocument) -> None:
    """Raise Http404 or Denied as the gate of what the paper is about decides; without a gate only auditors read."""
    dotted = _gates.get(document.about.partition(":")[0])
    if dotted is None:
        check_may(user, Perm.AUDIT_READ)
        return
    gate: Gate = import_string(dotted)
    gate(user, document)


def html(document: IssuedDocument) -> str:
    """The paper as the page that becomes its PDF, in its own language."""
    with translation.override(document.language):
        context = {
            "document": document,
            "facts": document.facts,
            "fund": Fund.objects.select_related("administrator").first(),
            "verify_url": verify_url(document.number),
            "qr": qr(verify_url(document.number)),
        }
        return render_to_string(document.template, context)


def verify_url(number: str) -> str:
    """The public address that confirms a paper's hash."""
    return f"{settings.SITE_URL}/verify/{number}"


def qr(text: str) -> SafeString:
    """A QR code as inline SVG, black on white at any size."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=2,
        omitsize=True,
        title=text,
        lineclass=None,
        svgclass="qr",
    )
    return SafeString(out.getvalue().decode())


def pdf(document: IssuedDocument) -> bytes:
    """The paper's bytes: rendered once, then the same for good, with their SHA-256 kept beside them (Rule R-1).

    Raises NoRenderer, with the sentence to show, where the machine lacks Pango.
    """
    if document.content is not None:
        return bytes(document.content)
    rendered = render(html(document), identifier=document.facts_sha256)
    with transaction.atomic():
        kept = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if kept.content is None:
            kept.content = rendered
            kept.sha256 = hashlib.sha256(rendered).hexdigest()
            kept.rendered_at = timezone.now()
            kept.save(update_fields=["content", "sha256", "rendered_at"])
    document.content, document.sha256, document.rendered_at = kept.content, kept.sha256, kept.rendered_at
    assert kept.content is not None
    return bytes(kept.content)


def render(page: str, *, identifier: str) -> bytes:
    """A4 pages as a tagged PDF; the same page gives the same bytes on the same machine."""
    weasyprint = _weasyprint()
    # Nothing is loaded from the network or the disk: what a paper shows is written into it.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    made = weasyprint.HTML(string=page, url_fetcher=fetcher)
    style = weasyprint.CSS(string=stylesheet(), url_fetcher=fetcher)
    data: bytes = made.write_pdf(
        stylesheets=[style], pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()[:32]
    )
    return data


@cache
def _weasyprint() -> Any:
    for chatty in ("weasyprint.progress", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        import weasyprint
    except OSError as missing:
        raise NoRenderer(
            _("PDFs cannot be made here: install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.")
        ) from missing
    return weasyprint


def can_render() -> bool:
    """Whether PDFs can be made on this machine; pages say why a button is missing."""
    try:
        _weasyprint()
    except NoRenderer:
        return False
    return True


@cache
def stylesheet() -> str:
    """The documents' one stylesheet; it is read from the templates because a paper loads nothing by address."""
    return (Path(settings.BASE_DIR) / "templates" / "documents" / "document.css").read_text()

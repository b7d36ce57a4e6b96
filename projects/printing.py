"""One PDF of the whole file: what was submitted, what was asked and answered, the talk, and then the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.formats import with_colon
from accounts.models import StoredFile
from accounts.previews import PDFIUM
from fund import documents
from fund.models import Fund
from projects.fields import STEP_TITLES, Step
from projects.models import Application
from projects.nextsteps import timeline
from projects.returns import answered
from projects.snapshots import digest, snapshot
from projects.views.pages import difference_rows, file_sections

#: Pages of one paper, and of all, that are bound in; the rest opens on the page of the file.
PAGES_OF_ONE = 60
PAGES_OF_ALL = 400
#: A photo fills an A4 page at this many dots; more is weight without sense on paper.
PHOTO = (1240, 1754)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the letterhead of a paper needs; this one is not issued, so it has no number of its own."""

    number: str
    language: str
    issued_on: str
    facts_sha256: str


@dataclass(slots=True)
class Annex:
    """A paper of the file, and how many of its pages are bound in."""

    name: str
    sha256: str
    pages: int = 0
    note: str = ""


def printed(application: Application, *, day: date, named: bool) -> bytes:
    """The file as bytes of a PDF. ``named`` says who of the fund acted, as the staff read it."""
    language = (get_language() or "en").split("-")[0]
    version = application.versions.last()
    data = version.snapshot if version else snapshot(application)
    context: dict[str, Any] = {
        "document": Cover(
            application.ref or str(application),
            language,
            day.isoformat(),
            version.sha256 if version else digest(data),
        ),
        "fund": Fund.objects.select_related("administrator").first(),
        "application": application,
        "version": version,
        "sections": file_sections(data, application, mine=not named),
        "answers": [_answer(item, application) for item in answered(application)],
        "talk": [_line(message, named) for message in application.messages.select_related("by")],
        "events": reversed(timeline(application, names=named)),
    }
    with PDFIUM:
        bound, context["annexes"] = _papers(application)
        page = render_to_string("projects/documents/file.html", context)
        return _joined(documents.render(page, identifier=context["document"].facts_sha256), bound)


def _answer(item: Any, application: Application) -> dict[str, Any]:
    change = next(iter(difference_rows([item.change], application.currency)), None) if item.change else None
    return {
        "label": item.field.label,
        "reason": item.flag.reason if item.flag else _("Not returned: changed along with it."),
        "answer": item.flag.answer if item.flag else "",
        "change": change,
    }


def _line(message: Any, named: bool) -> dict[str, Any]:
    return {
        "who": str(message.by) if named or message.from_firm else _("The fund"),
        "on": message.on,
        "section": STEP_TITLES[Step(message.section)] if message.section else "",
        "text": message.text,
    }


def _papers(application: Application) -> tuple[pypdfium2.PdfDocument, list[Annex]]:
    """Every paper that the file has now, page by page, in the order of the file."""
    bound, annexes, left = pypdfium2.PdfDocument.new(), [], PAGES_OF_ALL
    for paper in application.papers:
        annex = Annex(f"{with_colon(paper.get_kind_display())} {paper.file.name}", paper.file.sha256)
        try:
            annex.pages = _bind(paper.file, bound, most=min(PAGES_OF_ONE, left))
        except (OSError, ValueError, pypdfium2.PdfiumError, Image.DecompressionBombError):
            annex.note = _("could not be read; open it on the page of the file")
        else:
            if not annex.pages:
                annex.note = _("not bound in; open it on the page of the file")
        left -= annex.pages
        annexes.append(annex)
    return bound, annexes


def _bind(stored: StoredFile, bound: pypdfium2.PdfDocument, *, most: int) -> int:
    """Add the file's pages; how many. A spreadsheet has none."""
    if most <= 0:
        return 0
    with stored.content.open("rb") as opened:
        content = opened.read()
    if stored.kind.startswith("image/"):
        content = _photo(content)
    elif stored.kind != "application/pdf":
        return 0
    source = pypdfium2.PdfDocument(content)
    try:
        count = min(len(source), most)
        bound.import_pages(source, list(range(count)))
    finally:
        source.close()
    return count


def _photo(content: bytes) -> bytes:
    """A picture as a page of its own, upright, without what the camera noted about place and time."""
    with Image.open(BytesIO(content)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail(PHOTO)
    out = BytesIO()
    upright.save(out, format="PDF", resolution=150.0, quality=80)
    return out.getvalue()


def _joined(cover: bytes, bound: pypdfium2.PdfDocument) -> bytes:
    """The written part as it was rendered, then the papers."""
    if not len(bound):
        bound.close()
        return cover
    first = pypdfium2.PdfDocument(cover)
    first.import_pages(bound)
    out = BytesIO()
    first.save(out)
    bound.close()
    first.close()
    return out.getvalue()

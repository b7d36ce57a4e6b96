"""Small pictures of uploaded files (X-5): re-encoded by us, without location data, of what was uploaded nothing
but the look. Photos, HEIC too, and the first page of PDFs; anything else has none.
"""

import threading
from io import BytesIO

import pillow_heif
import pypdfium2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageOps

from accounts.models import StoredFile

#: Longest edge in pixels: readable as a reminder, a few kilobytes on a slow line.
EDGE = 280
#: More pixels than any camera has: a picture made to fill the memory.
PIXELS_MOST = 150_000_000
KIND = "image/webp"
PICTURED = frozenset({"image/jpeg", "image/png", "image/heic", "application/pdf"})

pillow_heif.register_heif_opener()
PDFIUM = threading.Lock()  # the library is not made for threads


def has_preview(stored: StoredFile) -> bool:
    return stored.kind in PICTURED


def preview(stored: StoredFile) -> bytes:
    """The picture as WebP, made at first request and kept; of a file that cannot be read an empty sheet."""
    path = path_of(stored)
    if default_storage.exists(path):
        with default_storage.open(path) as kept:
            return bytes(kept.read())
    made = encoded(_picture(stored) or _empty_sheet())
    default_storage.save(path, ContentFile(made))
    return made


def path_of(stored: StoredFile) -> str:
    return f"previews/{stored.uid}.webp"


def forget(stored: StoredFile) -> None:
    """Remove the picture along with its file."""
    default_storage.delete(path_of(stored))


def _picture(stored: StoredFile) -> Image.Image | None:
    try:
        with stored.content.open("rb") as content:
            data = content.read()
        return _first_page(data) if stored.kind == "application/pdf" else _photo(data)
    except Exception:  # whatever a damaged file does to a decoder, the page shows the rest
        return None


def _photo(data: bytes) -> Image.Image | None:
    with Image.open(BytesIO(data)) as image:
        if image.width * image.height > PIXELS_MOST:
            return None
        image.draft("RGB", (EDGE * 2, EDGE * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((EDGE, EDGE))
        return upright.convert("RGB")


def _first_page(data: bytes) -> Image.Image | None:
    with PDFIUM:
        document = pypdfium2.PdfDocument(data)
        try:
            page = document[0]
            scale = EDGE / max(page.get_width(), page.get_height(), 1)
            picture: Image.Image = page.render(scale=scale).to_pil()
            return picture.convert("RGB")
        finally:
            document.close()


def _empty_sheet() -> Image.Image:
    sheet = Image.new("RGB", (EDGE * 3 // 4, EDGE), "#f2f4f4")
    ImageDraw.Draw(sheet).rectangle((0, 0, sheet.width - 1, sheet.height - 1), outline="#9aa5a8")
    return sheet


def encoded(picture: Image.Image) -> bytes:
    """Only the pixels: a new picture carries no camera, no place, no text."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = BytesIO()
    clean.save(out, format="WEBP", quality=60, method=4)
    return out.getvalue()

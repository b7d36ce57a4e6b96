"""Keep uploaded files and decide who opens them (X-5)."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils.module_loading import import_string
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput
from accounts.formats import size_text
from accounts.models import StoredFile, User
from accounts.writing import insert

# By what the first bytes say, never by the name that came with it.
KINDS = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/heic": "HEIC",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}

Gate = Callable[[User, str], None]
_gates: dict[str, str] = {}


def register_gate(prefix: str, dotted: str) -> None:
    """Say who may open files about `prefix` ("projects.application"): a callable (user, about) that raises."""
    _gates[prefix] = dotted


def check_may_open(user: User, stored: StoredFile) -> None:
    """Raise Http404 for an outsider, Denied for an insider without the right, as the file's object says."""
    prefix = stored.about.partition(":")[0]
    if prefix not in _gates:
        raise Http404
    gate: Gate = import_string(_gates[prefix])
    gate(user, stored.about)


def kind_of(upload: UploadedFile) -> str | None:
    """The media type that the content shows, or None for a kind that is not accepted."""
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    return guess.mime if guess and guess.mime in KINDS else None


def check_acceptable(upload: UploadedFile, *, field: str = "file") -> str:
    """The media type; raises BadInput naming the file and what would be right."""
    name = PurePath(upload.name or "file").name
    size = upload.size or 0
    if size == 0:
        raise BadInput(field, name, _("“%(name)s” is empty. Choose the file again.") % {"name": name})
    if size > settings.FILE_MAX_BYTES:
        raise BadInput(
            field,
            name,
            _("“%(name)s” is %(size)s; a file may have at most %(most)s. Take a smaller photo or split it.")
            % {"name": name, "size": size_text(size), "most": size_text(settings.FILE_MAX_BYTES)},
        )
    if not (kind := kind_of(upload)):
        raise BadInput(
            field,
            name,
            _("“%(name)s” is not one of the kinds we can keep: %(kinds)s. Save it as PDF or take a photo.")
            % {"name": name, "kinds": ", ".join(KINDS.values())},
        )
    return kind


@transaction.atomic
def store(upload: UploadedFile, *, about: str, by: User, on: date, field: str = "file") -> StoredFile:
    """Keep the file with its SHA-256. Raises BadInput if it is empty, too large or of another kind."""
    kind = check_acceptable(upload, field=field)
    sha = hashlib.sha256()
    for chunk in upload.chunks():
        sha.update(chunk)
    upload.seek(0)
    name = get_valid_filename(PurePath(upload.name or "file").name)[-200:]
    stored = StoredFile(
        about=about, name=name, kind=kind, size=upload.size or 0, sha256=sha.hexdigest(),
        uploaded_by=by, uploaded_on=on,
    )  # fmt: skip
    stored.content.save(f"{stored.uid}", upload, save=False)
    insert([stored])
    audit.record("file.stored", stored, by=by, on=on, after={"about": about, "sha256": stored.sha256})
    return stored

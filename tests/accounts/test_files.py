"""X-5: kinds by content, at most 15 MB, opened as of the object they belong to."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image

from accounts import files
from accounts.errors import Denied
from accounts.models import ReadEvent, StoredFile, User
from tests.world import DAY, bad_input, person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def upload(content: bytes, name: str = "recibo.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def picture(form: str = "JPEG") -> bytes:
    data = BytesIO()
    Image.new("RGB", (4, 4), "teal").save(data, form)
    return data.getvalue()


def only_lupe(user: User, about: str) -> None:
    """The gate of these tests: lupe opens, memo is an outsider, the rest may not."""
    if user == person("memo"):
        raise Http404
    if user != person("lupe"):
        raise Denied("Not yours.")


@pytest.fixture
def stored(settings, tmp_path) -> StoredFile:
    settings.MEDIA_ROOT = tmp_path
    files.register_gate("test.thing", "tests.accounts.test_files.only_lupe")
    return files.store(upload(PDF), about="test.thing:1", by=person("lupe"), on=DAY)


def test_a_file_is_kept_whole_with_its_hash(stored):
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert stored.content.read() == PDF
    assert (stored.kind, stored.size, stored.name) == ("application/pdf", len(PDF), "recibo.pdf")


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_rule_X5_the_kind_is_read_from_the_content_not_the_name(form, kind, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = files.store(
        upload(picture(form), "foto.txt", "text/plain"), about="t:1", by=person("lupe"), on=DAY
    )
    assert kept.kind == kind


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00" + b"\x00" * 300, b"<html><script>alert(1)</script>", b"PK\x03\x04" + b"\x00" * 60],
)
def test_rule_X5_a_disguised_file_is_refused_with_a_sentence(content):
    with bad_input("file", "“factura.pdf” is not one of the kinds we can keep"):
        files.store(upload(content, "factura.pdf"), about="t:1", by=person("lupe"), on=DAY)
    assert not StoredFile.objects.exists()


def test_rule_X5_more_than_15_megabytes_is_refused_with_a_sentence():
    with bad_input("file", "“plano.pdf” is 20.0"):
        files.store(
            upload(PDF + b"0" * (20 * 1024 * 1024), "plano.pdf"), about="t:1", by=person("lupe"), on=DAY
        )


def test_an_empty_file_is_refused_with_a_sentence():
    with bad_input("file", "“vacio.pdf” is empty"):
        files.store(upload(b"", "vacio.pdf"), about="t:1", by=person("lupe"), on=DAY)


def test_names_are_kept_but_not_trusted(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = files.store(upload(PDF, "../../etc/pass wd.pdf"), about="t:1", by=person("lupe"), on=DAY)
    assert kept.name == "pass_wd.pdf"
    assert str(kept.uid) in kept.content.name


def test_rule_X5_the_original_is_served_only_as_an_attachment(client, stored):
    client.force_login(person("lupe"))
    response = client.get(f"/files/{stored.uid}/")
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="recibo.pdf"'
    assert b"".join(response.streaming_content) == PDF


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("rosa", 403), ("lupe", 200)])
def test_rule_X2_a_file_opens_as_of_its_object(client, stored, name, status):
    client.force_login(person(name))
    assert client.get(f"/files/{stored.uid}/").status_code == status


def test_rule_X4_reads_by_the_staff_are_logged_apart(client, stored):
    with pytest.raises(Denied):
        files.check_may_open(person("rosa"), stored)
    client.force_login(person("lupe"))
    client.get(f"/files/{stored.uid}/")
    assert not ReadEvent.objects.filter(what="file").exists()


def test_a_file_about_something_nobody_guards_is_closed(stored):
    orphan = StoredFile(about="nobody.knows:1")
    with pytest.raises(Http404):
        files.check_may_open(person("lupe"), orphan)

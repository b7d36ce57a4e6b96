"""Rule X-5: previews are pictures that we re-encode, without location data, for whoever may open the file."""

from io import BytesIO

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import files, previews
from accounts.models import ReadEvent
from tests.stories.projects import draft, registered_firm, submitted
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def photo(kind="JPEG", size=(1600, 1200), **options):
    out = BytesIO()
    Image.new("RGB", size, "#2277aa").save(out, format=kind, **options)
    return out.getvalue()


def pdf():
    out = BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(out)
    return out.getvalue()


def stored(content, name="papel.jpg", about="projects.application:1"):
    return files.store(SimpleUploadedFile(name, content), about=about, by=person("lupe"), on=DAY)


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (photo("JPEG"), "a.jpg", "image/jpeg"),
        (photo("PNG"), "a.png", "image/png"),
        (photo("HEIF"), "a.heic", "image/heic"),
        (pdf(), "a.pdf", "application/pdf"),
    ],
)
def test_rule_X5_a_preview_is_small_whatever_the_file_was(content, name, kind):
    file = stored(content, name)
    assert file.kind == kind
    picture = opened(previews.preview(file))
    assert picture.format == "WEBP"
    assert max(picture.size) <= previews.EDGE
    assert len(previews.preview(file)) < 10_000


def test_rule_X5_a_preview_carries_no_place_and_no_camera():
    exif = Image.Exif()
    exif[0x0110] = "Camera of Lupe"
    exif[0x8825] = {1: "N", 2: (21.0, 7.0, 0.0)}
    content = photo(exif=exif.tobytes())
    assert b"Camera of Lupe" in content
    made = previews.preview(stored(content))
    assert b"Camera of Lupe" not in made
    assert not opened(made).getexif()


def test_rule_X5_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = opened(previews.preview(stored(photo(size=(800, 400), exif=exif.tobytes()))))
    assert picture.height > picture.width


def test_rule_X5_a_preview_is_made_once():
    file = stored(photo())
    first = previews.preview(file)
    file.content.delete(save=False)
    assert previews.preview(file) == first
    previews.forget(file)
    assert not default_storage.exists(previews.path_of(file))


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0" + b"broken" * 50, b"%PDF-1.4\nnot really"])
def test_rule_X5_a_damaged_file_has_an_empty_sheet(content):
    assert opened(previews.preview(stored(content))).size == (previews.EDGE * 3 // 4, previews.EDGE)


def test_rule_X5_of_a_photo_cut_off_there_is_what_could_be_read_or_an_empty_sheet():
    picture = opened(previews.preview(stored(photo()[:700])))
    assert max(picture.size) == previews.EDGE


def test_rule_X5_a_picture_made_to_fill_the_memory_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(previews, "PIXELS_MOST", 1000)
    assert opened(previews.preview(stored(photo()))).size == (previews.EDGE * 3 // 4, previews.EDGE)


# The page ----------------------------------------------------------------------------------------


def address(file):
    return reverse("accounts:file-preview", args=[file.uid])


def client_of(name):
    client = Client()
    client.force_login(person(name))
    return client


def test_rule_X5_the_firm_sees_its_preview_and_nobody_else_does():
    file = draft(registered_firm()).documents.first().file
    answer = client_of("lupe").get(address(file))
    assert (answer.status_code, answer["content-type"]) == (200, "image/webp")
    assert "private" in answer["cache-control"]
    assert answer["x-content-type-options"] == "nosniff"
    assert client_of("memo").get(address(file)).status_code == 404
    assert client_of("rosa").get(address(file)).status_code == 404
    assert Client().get(address(file)).status_code == 302


def test_rule_X3_the_staffs_looks_are_logged():
    file = submitted().documents.first().file
    assert client_of("rosa").get(address(file)).status_code == 200
    assert ReadEvent.objects.filter(what="preview").exists()


def test_a_sheet_of_figures_has_no_preview():
    application = draft(registered_firm())
    file = application.documents.first().file
    type(file).objects.filter(pk=file.pk).update(kind=next(k for k in files.KINDS if "sheet" in k))
    assert client_of("lupe").get(address(file)).status_code == 404
    file.refresh_from_db()
    assert not file.is_pictured

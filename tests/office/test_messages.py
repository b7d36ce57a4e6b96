"""Messages between a firm and the fund, by section; what was returned, answered and changed (A-7, A-8, N-1)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import emails
from accounts.models import AuditEvent, Notice, StoredFile
from projects import applications, firms, messages
from projects.models import Message, ReadMark
from projects.returns import answered
from tests.projects.reading import post, read, text_of
from tests.stories.projects import PNG, draft, paper, registered_firm, returned, save, submitted
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return submitted("lupe")


def write(application, text="¿Qué medidor?", *, by="rosa", key=None, **more):
    return messages.write(
        application=application, text=text, key=key or uuid4(), by=person(by), on=DAY, **more
    )


def address(application):
    return reverse("projects:application-messages", args=[application.uid])


def mails(kind="application-message"):
    return Notice.objects.filter(kind=kind).order_by("pk")


# Writing ------------------------------------------------------------------------------------------


def unread(application, name):
    return messages.count_unread(person(name)).get(pk=application.pk).unread


def test_rule_A7_the_fund_asks_about_a_section_and_the_firm_gets_it_by_mail(application):
    message = write(application, section="benefits")
    assert (message.from_firm, message.section) == (False, "benefits")
    notice = mails().get()
    assert notice.recipient == person("lupe")
    mail = emails.render(notice)
    assert application.ref in mail.subject
    assert "¿Qué medidor?" in mail.text
    assert f"/applications/{application.uid}/messages/" in mail.text
    assert "What it will improve" in mail.html or "mejorar" in mail.html


def test_rule_A7_the_firm_answers_and_the_officer_of_the_file_gets_it(application):
    application.officer = person("rosa")
    application.save(update_fields=["officer"])
    write(application, "El de la entrada general", by="lupe")
    notice = mails().get()
    assert notice.recipient == person("rosa")
    assert "Curtidos La Paloma" in emails.render(notice).subject


def test_without_an_officer_the_message_waits_in_the_queue_of_all(application, as_):
    write(application, "El de la entrada general", by="lupe")
    assert not mails().exists()
    assert "Messages of firms to read" in read(as_("rosa"), reverse("accounts:work"))


def test_a_doubled_click_is_one_message(application):
    key = uuid4()
    assert write(application, key=key) == write(application, key=key)
    assert Message.objects.count() == mails().count() == 1


def test_rule_X5_a_message_brings_files_that_open_like_the_application(application, as_):
    message = write(application, by="lupe", uploads=[paper("recibo.pdf"), paper("foto.png", PNG)])
    stored = StoredFile.objects.get(name="foto.png")
    assert message.attachments.count() == 2
    opens = {name: as_(name).get(reverse("accounts:file", args=[stored.uid])).status_code
             for name in ("lupe", "rosa", "memo")}  # fmt: skip
    assert opens == {"lupe": 200, "rosa": 200, "memo": 404}


def test_rule_X5_a_file_of_another_kind_is_refused_and_nothing_is_kept(application):
    with bad_input("files", "not one of the kinds"), transaction.atomic():
        write(application, by="lupe", uploads=[paper("macro.exe", b"MZ\x90\x00")])
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": "  "}, "text", "Write what you want to say."),
        ({"text": "a" * 4_001}, "text", "at most 4000 letters"),
        ({"section": "review"}, "section", "Choose a section"),
        ({"section": "nowhere"}, "section", "Choose a section"),
        ({"uploads": [None] * 6}, "files", "at most 5 files"),
    ],
)
def test_bad_messages_say_what_is_wrong(application, changes, field, sentence):
    with bad_input(field, sentence):
        write(application, **changes)


def test_rule_A1_a_viewer_reads_and_does_not_write(application):
    link = application.firm.members.get()
    link.role = "viewer"
    link.save(update_fields=["role"])
    with denied("You may read the messages, not write."):
        write(application, by="lupe")


@pytest.mark.parametrize("name", ["memo", "aldo", "carmen", "ada"])
def test_nobody_without_a_duty_in_the_file_writes(application, name):
    with denied():
        write(application, by=name)


def test_messages_begin_with_the_submission():
    application = draft(registered_firm())
    with refused("A-7", "Messages begin when"):
        write(application, by="lupe")


def test_rule_G5_the_database_keeps_messages_as_they_were_sent(application):
    message = write(application)
    for change in (lambda: Message.objects.update(text="otra"), message.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_rule_X4_the_trail_says_that_somebody_wrote_not_what(application):
    write(application, "Mi teléfono es 477 000 0000", by="lupe")
    event = AuditEvent.objects.get(verb="application.message")
    assert "477" not in str(event.after)


# Reading ------------------------------------------------------------------------------------------


def test_a_message_is_new_until_its_reader_opens_the_page(application, as_):
    write(application)
    lupe = as_("lupe")
    assert unread(application, "lupe") == 1
    assert "1 message not read yet" in read(lupe, application.get_absolute_url())
    assert "New" in read(lupe, address(application))
    assert unread(application, "lupe") == 0
    assert "not read yet" not in read(lupe, application.get_absolute_url())


def test_what_one_of_the_fund_has_opened_waits_for_nobody_else(application, as_):
    write(application, by="lupe")
    assert unread(application, "sofia") == 1
    read(as_("rosa"), address(application))
    assert unread(application, "sofia") == 0
    assert "Messages of firms" not in read(as_("rosa"), reverse("accounts:work"))


def test_who_writes_has_read(application):
    write(application, by="lupe")
    write(application, by="rosa")
    assert ReadMark.objects.get(user=person("rosa")).upto == Message.objects.latest("pk").pk
    assert unread(application, "rosa") == 0
    assert unread(application, "lupe") == 1


def test_the_two_people_of_a_firm_read_each_for_themselves(application, as_):
    link = firms.register_firm(country="MX", tax_id="CPA950612QX1", role="editor", by=person("ana"), on=DAY)
    firms.confirm_member(member=link.members.get(), by=person("rosa"), on=DAY, role="editor")
    write(application)
    read(as_("ana"), address(application))
    assert unread(application, "ana") == 0
    assert unread(application, "lupe") == 1


def test_the_firm_does_not_read_who_of_the_fund_wrote(application, as_):
    write(application)
    page = read(as_("lupe"), address(application))
    assert "The fund" in page
    assert "Rosa" not in page
    assert "Rosa Méndez" in read(as_("aldo"), address(application))


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("ada", 404), ("rosa", 200), ("lupe", 200)])
def test_rule_X2_messages_open_like_the_application(application, as_, name, status):
    read(as_(name), address(application), status=status)


def test_the_page_sends_and_keeps_what_was_typed_when_it_cannot(application, as_):
    lupe = as_("lupe")
    page = lupe.get(address(application) + "?section=budget")
    assert '<option value="budget" selected>' in page.content.decode()
    said = {"section": "budget", "text": "¿Puedo cambiar de proveedor?", "key": str(uuid4())}
    bad = lupe.post(address(application), {**said, "files": [paper("x.exe", b"MZ\x90\x00")]})
    assert "not one of the kinds" in text_of(bad)
    assert "¿Puedo cambiar de proveedor?" in text_of(bad)
    assert not Message.objects.exists()
    post(lupe, address(application), {**said, "files": [paper("nota.pdf")]}, status=302)
    page = read(lupe, address(application))
    assert "¿Puedo cambiar de proveedor?" in page
    assert "nota.pdf" in page


def test_every_section_of_the_file_leads_to_its_messages(application, as_):
    page = as_("rosa").get(reverse("projects:application-file", args=[application.uid])).content.decode()
    assert page.count("Write about this") == 5
    assert address(application) + "?section=budget" in page


@pytest.mark.parametrize(("reader", "section"), [("lupe", "benefits"), ("rosa", "")])
def test_an_answer_stays_with_the_section_of_the_question(application, as_, reader, section):
    write(application, "Antes", section="budget", by="lupe")
    write(application, section="benefits", by="rosa")
    html = as_(reader).get(address(application)).content.decode()
    chosen = f'<option value="{section}" selected>'
    assert chosen in html
    assert (
        '<option value="project" selected>'
        in as_(reader).get(f"{address(application)}?section=project").content.decode()
    )


def test_the_talk_takes_the_same_queries_whatever_its_length(application, as_, django_assert_max_num_queries):
    for n in range(12):
        write(application, f"Mensaje {n}", by="lupe" if n % 2 else "rosa", uploads=[paper(f"{n}.pdf")])
    lupe = as_("lupe")
    with django_assert_max_num_queries(12):
        read(lupe, address(application))


# Returned, answered, changed ----------------------------------------------------------------------


def answer(application, **answers):
    return applications.resubmit(
        application=application, answers=answers, by=person("lupe"), on=DAY + timedelta(days=2)
    )


def test_rule_A7_both_sides_see_what_a_returned_field_was_and_is(as_):
    application = returned(fields=("project.title", "project.summary"))
    save(application, "project", {"title": "Reusar el cromo y el agua"}, person("lupe"))
    answer(application, **{"project.summary": "Así está en el recibo"})
    changed, kept = answered(application)
    assert changed.change.before == "Recuperar y reusar los licores de cromo"
    assert changed.change.after == "Reusar el cromo y el agua"
    assert kept.change is None
    for name in ("rosa", "lupe"):
        page = read(as_(name), application.get_absolute_url())
        assert "Asked and answered" in page
        assert "Reusar el cromo y el agua" in page
        assert "Así está en el recibo" in page


def test_rule_A7_each_round_compares_with_the_version_before_it():
    application = returned(fields=("project.title",))
    save(application, "project", {"title": "Primero"}, person("lupe"))
    application = answer(application)
    applications.return_to_firm(
        application=application, returns=[("project.title", "¿Y el agua?")], by=person("rosa"), on=DAY
    )
    save(application, "project", {"title": "Segundo"}, person("lupe"))
    answer(application)
    assert [(item.change.before, item.change.after) for item in answered(application)] == [
        ("Primero", "Segundo"),
        ("Recuperar y reusar los licores de cromo", "Primero"),
    ]


def test_nothing_returned_shows_nothing(as_):
    application = submitted()
    assert answered(application) == []
    assert "Asked and answered" not in read(as_("lupe"), application.get_absolute_url())

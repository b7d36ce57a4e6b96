"""What follows a submission, in each language, and the whole way there by keyboard (rules A-5, A-7, G-2)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.clock import today
from projects import applications
from projects.models import Application, ApplicationVersion
from tests.browser.hands import fill, press
from tests.browser.test_applying import SLOW, code_of_the_mail, confirm, papers_of, slow
from tests.browser.visitor import Visitor
from tests.stories.projects import draft, funded, registered_firm, returned, submitted
from tests.world import person

Open = Callable[..., Visitor]
ASKED = {"firm.phone": "Falta la clave lada", "project.summary": "¿Cuánta agua por tonelada?"}
#: The firm reads in its own language what it is asked to do.
TO_DO = {
    "es": "El fondo le pide cambiar",
    "en": "The fund asks you to change",
    "fr": "Le fonds vous demande de modifier",
}
BEFORE_AND_NOW = {"es": ("Antes", "Ahora"), "en": ("Before", "Now"), "fr": ("Avant", "Maintenant")}

pytestmark = pytest.mark.django_db(transaction=True)


# Returned fields ---------------------------------------------------------------------------------


def ask(officer: Visitor, application: Application) -> None:
    page = officer.open(f"/applications/{application.uid}/check/")
    for key, reason in ASKED.items():
        returned = page.locator("details", has=page.locator(f"[name='return-{key}']"))
        returned.locator("summary").click()
        returned.locator("textarea").fill(reason)
    officer.check()
    press(page, "main button[value=return]")


def answer(firm: Visitor, application: Application, language: str) -> None:
    page = firm.open(f"/applications/{application.uid}/")
    expect(page.locator("main")).to_contain_text(TO_DO[language])
    for reason in ASKED.values():
        expect(page.locator("main")).to_contain_text(reason)
    firm.check()
    press(page, "main a.button")
    assert page.locator("main [name=legal_name]").count() == 0
    firm.check()
    fill(page, phone="+52 477 716 0000")
    press(page, "main button[value=next]")
    firm.check()
    fill(page, summary="Gastamos 30 m³ por tonelada.")
    press(page, "main button[value=next]")
    firm.check()
    page.locator("main [name=declared]").check()
    press(page, "main form[method=post] button.button-big")
    firm.check()


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_A7_two_fields_are_returned_and_answered_and_both_see_the_difference(
    visitors: Open, language: str
) -> None:
    application = submitted(on=today())
    officer = visitors("rosa", language=language)
    ask(officer, application)
    firm = visitors("lupe", language=language, width=360)
    answer(firm, application, language)
    for reader in (firm, officer):
        page = reader.open(f"/applications/{application.uid}/")
        reader.check()
        text = page.locator("main")
        for word in BEFORE_AND_NOW[language]:
            expect(text).to_contain_text(word)
        expect(text.locator("del", has_text="4771234567")).to_have_count(1)
        expect(text.locator("ins", has_text="Gastamos 30 m³ por tonelada.")).to_have_count(1)
    assert list(ApplicationVersion.objects.values_list("number", flat=True).order_by("number")) == [1, 2]


@pytest.mark.parametrize(
    ("key", "field", "text"),
    [
        ("firm.municipality", "municipality", "Silao"),
        ("firm.workers", "workers", "41"),
        ("benefits.cost_before", "cost_before", "1,300,000"),
        ("budget.amount", "amount", "390,000"),
    ],
)
def test_rule_A7_one_returned_field_of_a_step_saves_itself(
    visitors: Open, key: str, field: str, text: str
) -> None:
    application = returned(fields=(key,), on=today())
    visitor = visitors("lupe", language="es", width=360)
    page = visitor.open(f"/applications/{application.uid}/step/{key.split('.')[0]}/")
    visitor.check()
    page.locator(f"main [name={field}]").fill(text)
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    visitor.check()


def test_rule_A5_the_answers_stay_on_a_phone_when_something_is_missing(visitors: Open) -> None:
    application = returned(fields=("budget.lines",), on=today())
    visitor = visitors("lupe", language="es", width=360)
    page = visitor.open(f"/applications/{application.uid}/step/budget/")
    expect(page.locator("main [name=own_funds]")).to_be_visible()
    visitor.check()
    page = visitor.open(f"/applications/{application.uid}/step/review/")
    visitor.check()
    answer = page.locator("main [name='answer-budget.lines']")
    answer.fill("Es el precio del proveedor")
    page.locator("main form[method=post] button.button-big").click()
    expect(page.locator("main .error-summary")).to_be_visible()
    expect(answer).to_have_value("Es el precio del proveedor")
    visitor.check()
    page.locator("main [name=declared]").check()
    press(page, "main form[method=post] button.button-big")
    application.refresh_from_db()
    assert (application.state, application.field_returns.get().answer) == (
        "submitted",
        "Es el precio del proveedor",
    )


# A doubled submit --------------------------------------------------------------------------------


def test_rule_A7_an_impatient_finger_submits_once(visitors: Open) -> None:
    funded(today())
    application = draft(registered_firm(on=today()), on=today())
    visitor = visitors("lupe", language="es", width=360)
    page = visitor.open(f"/applications/{application.uid}/step/review/")
    page.locator("main [name=declared]").check()
    slow(visitor)
    page.locator("main form[method=post] button.button-big").dblclick()
    application.refresh_from_db()
    expect(page.locator("main h1")).to_contain_text("F-", timeout=20_000)
    application.refresh_from_db()
    expect(page.locator("main h1")).to_contain_text(application.ref)
    assert ApplicationVersion.objects.filter(application=application).count() == 1


def test_rule_A5_the_button_does_not_overtake_a_save_that_holds_half_a_word(visitors: Open) -> None:
    application = applications.start(firm=registered_firm(on=today()), by=person("lupe"), on=today())
    page = visitors("lupe", language="es", width=360).open(f"/applications/{application.uid}/step/project/")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW | {"latency": 1500})
    page.locator("[name=title]").fill("Reúso")
    page.keyboard.press("Tab")
    page.locator("[name=summary]").fill("Al drenaje")
    page.locator("[name=change]").focus()  # the summary waits for the answer about the title
    with page.expect_request(lambda request: "Vuelve" in (request.post_data or "")):
        page.keyboard.type("Vuelve")
    page.keyboard.type(" al tambor")
    with page.expect_navigation() as arrived:
        page.locator("main button[value=next]").click()
    assert arrived.value is not None
    assert page.url.endswith("/step/benefits/"), page.locator("main .error-summary").all_inner_texts()
    application.refresh_from_db()
    assert (application.title, application.change) == ("Reúso", "Vuelve al tambor")


# By keyboard alone -------------------------------------------------------------------------------


def reach(page: Page, target: str) -> None:
    """Tab until the target has the focus; whoever cannot see must get there too."""
    for _key in range(90):
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{page.url}: the Tab key does not reach {target}")


def type_in(page: Page, **values: str) -> None:
    for name, value in values.items():
        reach(page, f"main [name='{name}']")
        page.keyboard.press("Control+a")
        page.keyboard.type(value)


def choose(page: Page, name: str, value: str) -> None:
    """Arrow keys within the group of radios, or the letters of an entry of a list."""
    reach(page, f"main [name='{name}']")
    if page.evaluate("document.activeElement.tagName") == "SELECT":
        page.keyboard.type(value)
        return
    page.keyboard.press("Space")
    for _key in range(9):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{page.url}: the arrows do not reach {value} of {name}")


def enter(page: Page, target: str) -> None:
    reach(page, target)
    with page.expect_navigation() as arrived:
        page.keyboard.press("Enter")
    assert arrived.value is not None
    assert arrived.value.status == 200
    assert page.locator("main .error-summary").all_inner_texts() == []


def papers_by_keyboard(page: Page, folder: Path) -> None:
    """The dialog is waited for before the Tab key, not between Tab and Space.

    That somebody waits is told to the browser on another line than the keys: a key could overtake it, and a dialog
    that nobody waits for closes unseen. What `reach` asks of the page is answered after it was told.
    """
    for kind, paper in papers_of(folder).items():
        with page.expect_file_chooser() as dialog:
            reach(page, f"main [name='{kind}']")
            page.keyboard.press("Space")
        dialog.value.set_files(paper)
        expect(page.locator(f"#kind-{kind} .paper")).to_have_count(1)


def test_rule_A5_the_whole_way_by_keyboard(visitors: Open, tmp_path: Path) -> None:
    call_command("load_reference")
    funded(today())
    page = visitors("", language="es", width=360).open("/apply/")
    choose(page, "sector", "Curtidur")
    type_in(page, workers="24", yearly_sales="18500000")
    choose(page, "purpose", "reuse")
    type_in(page, cost="520000")
    enter(page, "main form button")
    enter(page, "main a.button-big")
    type_in(page, full_name="Clara Montes", email="clara@santaclara.example", password1="taller-sin-cromo-7")
    enter(page, "main form[method=post] button")
    type_in(page, code=code_of_the_mail())
    enter(page, "main form[method=post] button")
    type_in(page, tax_id="CSC960314RA8")
    enter(page, "main form[method=post] button")
    application = Application.objects.get(firm__tax_id="CSC960314RA8")

    type_in(page, legal_name="Curtidos Santa Clara")
    choose(page, "state", "Guanajuato")
    type_in(page, municipality="León", address="Calle del Curtidor 12", phone="4777160000")
    enter(page, "main button[value=next]")
    type_in(page, title="Reúso del baño de cromo")
    reach(page, "main [name=picked]")
    page.keyboard.press("Space")
    type_in(page, summary="El baño agotado va al drenaje.", change="Vuelve al tambor.")
    enter(page, "main button[value=next]")
    type_in(page, production="480")
    type_in(
        page, **{"rows-0-baseline_intensity": "30", "rows-0-after_intensity": "18", "rows-0-basis": "Recibos"}
    )
    type_in(page, cost_before="1100000", cost_after="820000", useful_life_years="5")
    enter(page, "main button[value=next]")
    choose(page, "product", page.locator("main [name=product]").nth(1).get_attribute("value") or "")
    type_in(page, amount="400000", own_funds="120000", term_months="24", grace_months="0")
    enter(page, "main button[value=next]")
    papers_by_keyboard(page, tmp_path)
    enter(page, "main button[value=next]")
    confirm(application)
    page.reload()
    reach(page, "main [name=declared]")
    page.keyboard.press("Space")
    enter(page, "main form[method=post] button.button-big")
    application.refresh_from_db()
    assert application.ref
    expect(page.locator("main")).to_contain_text(application.ref)

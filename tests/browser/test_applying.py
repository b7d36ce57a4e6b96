"""A small firm applies from a phone, in Spanish (rules A-1 to A-7): slow line, no JavaScript, interruptions."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from accounts.clock import today
from projects import applications, firms
from projects.fields import Step
from projects.models import Application, FirmMember
from tests.browser.test_chain import fill, press
from tests.browser.visitor import Visitor
from tests.stories.projects import PDF, funded, registered_firm
from tests.world import person

Open = Callable[..., Visitor]
STEP_WEIGHT_MAX = 100_000
FIRM = "Curtidos Santa Clara, S.A. de C.V."
#: A telephone on a bad evening: bytes a second and milliseconds.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
KINDS = ("tax_certificate", "quotes", "baseline", "financials")

pytestmark = pytest.mark.django_db(transaction=True)


def slow(visitor: Visitor) -> None:
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def code_of_the_mail() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def may_apply(page: Page) -> None:
    fill(
        page,
        country="MX",
        sector="tanning",
        workers="24",
        yearly_sales="18,500,000",
        purpose="reuse",
        cost="520,000",
    )
    press(page, "main form button")
    expect(page.locator("#answer")).to_contain_text("Sí, puede presentar una solicitud")
    expect(page.locator("#answer")).to_contain_text("416,000.00")


def sign_up(page: Page) -> None:
    press(page, "main a.button-big")
    fill(page, full_name="Clara Montes", email="clara@santaclara.example", password1="taller-sin-cromo-7")
    press(page)
    fill(page, code=code_of_the_mail())
    press(page)


def start(page: Page) -> Application:
    fill(page, tax_id="CSC960314RA8", role="owner")
    press(page)
    return Application.objects.get(firm__tax_id="CSC960314RA8")


def first_steps(page: Page, look: Callable[[], None]) -> None:
    """Firm, project, benefits and budget; the answers of the public page stand there already."""
    assert page.locator("[name=workers]").input_value() == "24"
    fill(page, legal_name=FIRM, municipality="León", address="Calle del Curtidor 12", phone="4777160000")
    page.locator("main [name=state]").select_option(label="Guanajuato")
    look()
    press(page, "main button[value=next]")
    assert page.locator("[name=purpose]:checked").get_attribute("value") == "reuse"
    fill(
        page,
        title="Reúso del baño de cromo",
        summary="El baño agotado va al drenaje.",
        change="Vuelve al tambor.",
    )
    page.locator("main [name=picked]").first.check()
    look()
    press(page, "main button[value=next]")
    fill(page, production="480", production_unit="t")
    fill(
        page, **{"rows-0-baseline_intensity": "30", "rows-0-after_intensity": "18", "rows-0-basis": "Recibos"}
    )
    fill(page, cost_before="1,100,000", cost_after="820,000", useful_life_years="5")
    look()
    press(page, "main button[value=next]")
    assert page.locator("[name='lines-0-amount']").input_value() == "520,000.00"
    fill(page, amount="400,000", own_funds="120,000", term_months="24", grace_months="0")
    page.locator("main [name=product]").nth(1).check()
    look()
    press(page, "main button[value=next]")


def papers_of(folder: Path) -> dict[str, Path]:
    found = {}
    for kind in KINDS:
        found[kind] = folder / f"{kind}.pdf"
        found[kind].write_bytes(PDF + kind.encode())
    return found


def confirm(application: Application) -> None:
    """What the fund does within a bank day: it confirms that Clara acts for the firm."""
    application.refresh_from_db()
    link = FirmMember.objects.get(firm=application.firm)
    firms.confirm_member(member=link, by=person("rosa"), on=today())


def submit(page: Page, application: Application) -> None:
    page.goto(f"/applications/{application.uid}/step/review/")
    page.locator("main [name=declared]").check()
    press(page)
    application.refresh_from_db()
    assert application.ref
    expect(page.locator("main")).to_contain_text(application.ref)


def test_rule_A5_from_may_i_apply_to_submitted_on_a_telephone_with_a_slow_line(
    visitors: Open, tmp_path: Path
) -> None:
    call_command("load_reference")
    funded(today())
    visitor = visitors("", language="es", width=360)
    slow(visitor)
    page = visitor.open("/apply/")
    visitor.check()
    may_apply(page)
    sign_up(page)
    application = start(page)
    first_steps(page, visitor.check)
    for kind, paper in papers_of(tmp_path).items():
        page.locator(f"main [name={kind}]").set_input_files(paper)
        expect(page.locator(f"#kind-{kind} .paper")).to_have_count(1)
    visitor.check()
    press(page, "main button[value=next]")
    visitor.check()
    confirm(application)
    submit(page, application)
    visitor.check()
    expect(page.locator("main")).to_contain_text(f"{application.ref}-V1")


def test_rule_A5_the_longest_step_needs_under_100_kilobytes(visitors: Open) -> None:
    application = applications.start(firm=registered_firm(on=today()), by=person("lupe"), on=today())
    visitor = visitors("lupe", language="es", width=360)
    weights = {}
    for step in Step:
        visitor.open(f"/applications/{application.uid}/step/{step}/")
        visitor.check()
        weights[step] = visitor.weight
    assert max(weights.values()) < STEP_WEIGHT_MAX, weights


@pytest.fixture
def plain(browser: Any, live_server: Any) -> Any:
    """A browser without JavaScript."""
    contexts: list[BrowserContext] = []

    def page() -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 360, "height": 800},
            locale="es",
            java_script_enabled=False,
        )
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "es", "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def test_rule_A5_the_same_way_without_javascript(plain: Any, tmp_path: Path) -> None:
    call_command("load_reference")
    funded(today())
    page = plain()
    page.goto("/apply/")
    may_apply(page)
    sign_up(page)
    application = start(page)
    first_steps(page, lambda: None)
    for kind, paper in papers_of(tmp_path).items():
        page.locator(f"main [name={kind}]").set_input_files(paper)
    press(page, "main button[value=next]")
    assert application.documents.count() == len(KINDS)
    confirm(application)
    submit(page, application)


# Interruptions -----------------------------------------------------------------------------------


@pytest.fixture
def begun() -> Application:
    return applications.start(firm=registered_firm(on=today()), by=person("lupe"), on=today())


def at(application: Application, step: str) -> str:
    return f"/applications/{application.uid}/step/{step}/"


def test_rule_A5_closing_the_browser_loses_nothing_that_left_a_field(
    visitors: Open, begun: Application
) -> None:
    page = visitors("lupe", language="es", width=360).open(at(begun, "project"))
    page.locator("[name=title]").fill("Escrito en la noche")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.close()
    page = visitors("lupe", language="es", width=360).open(at(begun, "project"))
    assert page.locator("[name=title]").input_value() == "Escrito en la noche"


def test_rule_A5_a_session_that_ends_while_typing_brings_everything_back(
    visitors: Open, begun: Application
) -> None:
    page = visitors("lupe", language="es", width=360).open(at(begun, "project"))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("[name=title]").fill("Después de salir")
    page.keyboard.press("Tab")
    link = page.locator("#saved a")
    expect(link).to_be_visible()
    link.click()
    fill(page, login="lupe@fiprev.example", password="agua-limpia-2026")
    press(page)
    assert page.url.endswith(at(begun, "project"))
    assert page.locator("[name=title]").input_value() == "Después de salir"
    begun.refresh_from_db()
    assert begun.title == "Después de salir"


def test_rule_A5_two_people_on_one_step(visitors: Open, begun: Application) -> None:
    FirmMember.objects.create(
        firm=begun.firm, user=person("memo"), role="editor", asked_on=today(), confirmed_by=person("rosa"),
        confirmed_on=today(),
    )  # fmt: skip
    lupe = visitors("lupe", language="es", width=360)
    memo = visitors("memo", language="es", width=360)
    first, second = lupe.open(at(begun, "project")), memo.open(at(begun, "project"))
    first.locator("[name=title]").fill("De Lupe")
    first.keyboard.press("Tab")
    expect(first.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    second.locator("[name=title]").fill("De Memo")
    second.keyboard.press("Tab")
    note = second.locator("#note-title")
    expect(note).to_contain_text("De Lupe")
    expect(note).to_contain_text("Guadalupe Torres")
    memo.check()
    begun.refresh_from_db()
    assert begun.title == "De Lupe"
    with second.expect_navigation():
        second.locator("[name=choose-title]").nth(1).check()
    expect(second.locator("[name=title]")).to_have_value("De Lupe")


def test_rule_A5_a_line_that_breaks_is_said_and_tried_again(visitors: Open, begun: Application) -> None:
    page = visitors("lupe", language="es", width=360).open(at(begun, "project"))
    page.context.set_offline(True)
    page.locator("[name=title]").fill("Sin señal")
    page.keyboard.press("Tab")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"), timeout=30_000)
    expect(page.locator("[data-offline]")).to_be_hidden()
    begun.refresh_from_db()
    assert begun.title == "Sin señal"


def test_rule_X5_a_file_too_large_is_told_before_it_is_sent(
    visitors: Open, begun: Application, tmp_path: Path
) -> None:
    visitor = visitors("lupe", language="es", width=360)
    page = visitor.open(at(begun, "documents"))
    large = tmp_path / "enorme.pdf"
    large.write_bytes(PDF + b"0" * (settings.FILE_MAX_BYTES + 1))
    page.locator("[name=quotes]").set_input_files(large)
    expect(page.locator("[data-too-large]")).to_contain_text("enorme.pdf")
    wrong = tmp_path / "carta.exe"
    wrong.write_bytes(b"MZ" + b"0" * 100)
    page.locator("[name=baseline]").set_input_files(wrong)
    expect(page.locator("#kind-baseline")).to_contain_text("carta.exe")
    visitor.check()
    assert not begun.documents.exists()


def test_rule_A5_the_focus_stays_where_it_went_while_a_paper_goes_up(
    visitors: Open, begun: Application, tmp_path: Path
) -> None:
    visitor = visitors("lupe", language="es")
    page = visitor.open(at(begun, "documents"))
    first, second = list(papers_of(tmp_path).values())[:2]
    page.locator("[name=quotes]").set_input_files(first)
    papers, take_out = page.locator("#kind-quotes .paper"), page.locator("#kind-quotes .link-button")
    expect(papers).to_have_count(1)
    slow(visitor)
    page.locator("[name=quotes]").set_input_files(second)
    take_out.focus()
    expect(papers).to_have_count(2)
    expect(take_out.first).to_be_focused()


def test_rule_A5_a_step_by_keyboard_alone(visitors: Open, begun: Application) -> None:
    page = visitors("lupe", language="es").open(at(begun, "project"))
    page.locator("[name=title]").focus()
    page.keyboard.type("Por teclado")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first purpose
    page.keyboard.press("ArrowDown")
    for _field in range(12):
        if page.evaluate("document.activeElement.name") == "technique":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Control de baños")
    page.keyboard.press("Tab")
    page.keyboard.type("Hoy se tira.")
    page.keyboard.press("Tab")
    page.keyboard.type("Se reusa.")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "next"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    begun.refresh_from_db()
    assert (begun.title, begun.purpose, begun.technique) == (
        "Por teclado",
        "substitution",
        "Control de baños",
    )
    assert (begun.summary, begun.change) == ("Hoy se tira.", "Se reusa.")

"""The pages that everything else is made of: in three languages, two themes, on a phone and a desk."""

import itertools

import pytest

from tests.world import person

# The stranger's first: whoever has signed in stays so.
PAGES = {
    "home": ("/", ""),
    "sign-in": ("/account/login/", ""),
    "sign-up": ("/account/signup/", ""),
    "password-reset": ("/account/password/reset/", ""),
    "work": ("/work/", "rosa"),
    "styleguide": ("/styleguide/", "ada"),
    "security": ("/account/2fa/", "ada"),
    "people": ("/people/", "ada"),
}


# Every language, theme and width once; the nightly run sees all combinations.
VIEWS = [("es", "light", 360), ("en", "dark", 1280), ("fr", "light", 1280), ("es", "dark", 360)]
EVERY_VIEW = list(itertools.product(("es", "en", "fr"), ("light", "dark"), (360, 1280)))


def look_at(regulars, view: tuple[str, str, int]) -> None:
    """Every page in one browser, at which one person sits down after the other."""
    language, theme, width = view
    for name, (path, who) in PAGES.items():
        visitor = regulars(who, language=language, theme=theme, width=width, seat="look")
        page = visitor.open(path)
        assert page.locator("html").get_attribute("lang") == language, name
        assert page.locator("h1").count() == 1, name
        visitor.check()
        assert visitor.photograph(f"{name}-{width}-{theme}-{language}").stat().st_size > 5_000, name


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_are_sound_and_photographed(regulars, view):
    look_at(regulars, view)


@pytest.mark.nightly
@pytest.mark.parametrize("view", EVERY_VIEW)
def test_the_pages_are_sound_in_every_language_theme_and_width(regulars, view):
    look_at(regulars, view)


def test_a_page_that_is_not_there_is_sound_too(visitors):
    visitor = visitors()
    page = visitor.open("/nothing-here/", status=404)
    assert page.get_by_role("link", name="start page").is_visible()
    visitor.check()


def test_a_word_too_pale_to_read_is_noticed(visitors):
    """What the other tests call sound was really looked at."""
    visitor = visitors()
    visitor.open("/account/login/").locator("h1").evaluate(
        "heading => heading.style.color = 'oklch(0.9 0.02 200)'"
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        visitor.check()


def test_somebody_without_the_right_is_told_what_to_do(visitors):
    visitor = visitors("rosa")
    page = visitor.open("/people/", status=403)
    assert "administrator" in page.locator("main").inner_text()
    visitor.check()


def test_the_phone_menu_opens_without_a_script(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto("/")
    entry = page.locator(".mobile-menu .nav-list a").first
    assert not entry.is_visible()
    page.locator(".mobile-menu > summary").click()
    assert entry.is_visible()
    context.close()


def test_the_chosen_theme_wins_over_the_system(visitors):
    visitor = visitors(theme="light")
    page = visitor.open("/")
    page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_language_switch_keeps_the_page(visitors):
    visitor = visitors(language="en")
    page = visitor.open("/account/login/")
    page.locator(".site-header .lang button[value=fr]").first.click()
    page.wait_for_load_state()
    assert page.url.endswith("/account/login/")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_first_tab_leads_past_the_header(visitors):
    page = visitors().open("/account/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_wrong_form_leads_to_its_first_problem(visitors):
    visitor = visitors()
    page = visitor.open("/account/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    summary = page.locator(".error-summary")
    assert summary.evaluate("e => e === document.activeElement")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "login"
    visitor.check()


def test_a_list_is_searched_in_place_and_the_address_follows(visitors):
    visitor = visitors("ada")
    person("lupe")
    page = visitor.open("/people/")
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.get_by_role("searchbox", name="Search").fill("guadalupe")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/people/?q=guadalupe*")
    page.locator("#results tbody tr").first.wait_for()
    assert page.locator("#results tbody tr").count() == 1
    assert page.evaluate("document.body.dataset.kept") == "yes"  # no new page was loaded
    visitor.check()


def test_a_list_is_searched_without_a_script_too(browser, visitors, live_server):
    person("lupe")
    cookies = visitors("ada").page.context.cookies()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/people/?q=guadalupe")
    assert page.locator("#results tbody tr").count() == 1
    context.close()

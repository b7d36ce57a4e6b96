"""What people do at a page, and the clock of their story."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from playwright.sync_api import Page

from tests.stories.loans import PDF

START = date(2026, 3, 2)


def fill(page: Page, **values: str) -> None:
    """Give the named fields of the page these values, whatever kind of field each is."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
        if kind in ("radio", "checkbox"):
            page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "select":
            field.select_option(value)
        else:
            field.fill(value)


def upload(page: Page, name: str, folder: Path) -> None:
    paper = folder / f"{name}.pdf"
    paper.write_bytes(PDF + name.encode())
    page.locator(f"main [name='{name}']").set_input_files(paper)


def press(page: Page, button: str = "main form[method=post] button") -> None:
    """Press the button; what answers must be a page, not a refusal."""
    target = page.locator(button).first
    with page.expect_navigation() as arrived:
        target.click()
    assert arrived.value is not None
    assert arrived.value.status == 200, f"{page.url}: {page.locator('main').inner_text()[:400]}"
    summary = page.locator("main .error-summary")
    assert summary.count() == 0, summary.first.inner_text()


class Trip:
    """The clock of the story: noon in Mexico City of a day."""

    def __init__(self) -> None:
        self.traveller: Any = None
        self.go(START)

    def go(self, day: date) -> None:
        if self.traveller:
            self.traveller.stop()
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/Mexico_City"))
        self.traveller = time_machine.travel(noon, tick=True)
        self.traveller.start()
        self.day = day

"""Somebody at a browser: opens pages, notices what is wrong with them, takes photographs."""

import gzip
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WEIGHT_MAX = 150_000
NARROW = 320
SQUEEZED = ("text/", "application/javascript", "image/svg", "application/json")
# Everything of WCAG 2.2 A and AA, and axe's own good practices.
AXE = {"resultTypes": ["violations"]}
# A page has some twenty colours, and axe reads each anew at every piece of text: for those in oklch that is most of
# its time. What it has read it remembers.
EACH_COLOUR_ONCE = """;(() => {
    const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
    colour.parseString = function (text) {
        if (!known.has(text)) {
            read.call(this, text);
            known.set(text, [this.r, this.g, this.b, this.alpha]);
        }
        [this.r, this.g, this.b, this.alpha] = known.get(text);
        return this;
    };
})()"""
axe = Axe(AXE_SCRIPT + EACH_COLOUR_ONCE)
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(
    e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-wrap, .tabs, .chart, pre'))
    .slice(0, 5).map(e => `${e.tagName.toLowerCase()}.${e.getAttribute('class') || ''}`)"""


STATIC: dict[str, int] = {}  # weight by address


class Visitor:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.arrived: list[Response] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._receive)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _receive(self, response: Response) -> None:
        if response.request.is_navigation_request():  # another page begins
            self.arrived = []
        if response.status == 200:
            self.arrived.append(response)

    @property
    def weight(self) -> int:
        """What the page shown now and all that came for it weigh on the line."""
        return sum(weighed(response) for response in self.arrived)

    def open(self, path: str, *, status: int = 200) -> Page:
        self.complaints = []
        response = self.page.goto(path)  # until everything it names is loaded and its scripts have begun
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        if status != 200:  # the browser itself complains about the status
            self.complaints = [text for text in self.complaints if "Failed to load resource" not in text]
        return self.page

    def check(self) -> None:
        check_page(self)

    def photograph(self, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


def weighed(response: Response) -> int:
    """Compressed, as the line carries it; the same static file is weighed once."""
    if response.url not in STATIC:
        body = response.body()
        kind = response.headers.get("content-type", "")
        weight = len(gzip.compress(body)) if kind.startswith(SQUEEZED) else len(body)
        if "/static/" not in response.url:
            return weight
        STATIC[response.url] = weight
    return STATIC[response.url]


def check_page(visitor: Visitor) -> None:
    """No error in the console (a broken content policy shows there), nothing that axe finds, no sideways
    scrolling on the narrowest phone, and a first load of at most 150 kB."""
    page = visitor.page
    assert not visitor.complaints, f"{page.url}: {visitor.complaints}"
    assert visitor.weight <= WEIGHT_MAX, f"{page.url} weighs {visitor.weight} bytes"
    found = axe.run(page, options=AXE).response["violations"]
    told = [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
    assert not told, f"{page.url}: {told}"
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW, f"{page.url} is {width} px wide on a phone of {NARROW}: {page.evaluate(TOO_WIDE)}"
    if size:
        page.set_viewport_size(size)

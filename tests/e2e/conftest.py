"""A running server on sample data and a real browser: the system's Chromium, driven by Playwright."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct, field
from werkzeug.serving import make_server

from demo.accounts import PASSWORD
from tests.webapp.conftest import City, city  # noqa: F401  # the fixture is used here
from webapp.assets import DIST, init_assets

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts" / "pages"
PICTURES = bool(os.environ.get("WEIRAN_PICTURES"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
});
"""


class Site(Struct):
    """The product as a browser reaches it."""

    city: City
    address: str


class Visit(Struct):
    """A page in the browser, and what it complained about."""

    page: object
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return what the content security policy blocked."""
        return self.page.evaluate("window.violations")

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def keep_picture(self, name: str) -> None:
        """Keep a picture to be looked at, where pictures are wanted: they take as long as all the rest."""
        if not PICTURES:
            return
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        # without its own caret the driver would add a style that the policy forbids
        self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True, caret="initial")


@pytest.fixture
def site(city) -> Iterator[Site]:  # noqa: F811  # the fixture that is imported above
    """The product on sample data, answering on loopback."""
    with answering(city) as found:
        yield found


@contextmanager
def answering(city: City) -> Iterator[Site]:  # noqa: F811
    """Let a city answer on loopback."""
    if not (DIST / "manifest.json").exists():
        pytest.skip("the front end is not built: npm run build in webapp/client")
    init_assets(city.web.app)
    server = make_server("127.0.0.1", 0, city.web.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(city, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium, site):
    """Open the browser: `visit("coordinator", width=390, theme="dark")` signs in and gives a page."""
    contexts = []

    def open_browser(
        login: str | None, *, width: int = 1440, theme: str = "light", scripts: bool = True
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts
        )
        contexts.append(context)
        return visiting(context, site.address, login, theme)

    yield open_browser
    for context in contexts:
        context.close()


def visiting(context, address: str, login: str | None, theme: str) -> Visit:
    """Open a page that keeps what it complains about, signed in with a demo account."""
    set_theme(context, address, theme)
    context.add_init_script(WATCH)
    page = context.new_page()
    opened = Visit(page)
    page.on("console", lambda line: opened.complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    if login is not None:
        page.goto(f"{address}/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
    return opened


def set_theme(context, address: str, theme: str) -> None:
    """Choose the theme as the page's own button does."""
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])

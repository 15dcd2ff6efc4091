"""Every page of the frame in a real browser: quiet console, no violation, no sideways scrolling, readable."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "login": (None, "/login"),
    "inbox": ("coordinator", "/inbox/?view=pool"),
    "empty": ("expert", "/inbox/"),
    "account": ("coordinator", "/account"),
    "password": ("coordinator", "/account/password"),
    "notices": ("coordinator", "/notices/"),
    "help": ("coordinator", "/help"),
    "home": ("security_admin", "/"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1200, 768, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_and_fits(visit, site, name, width, theme):
    login, path = PAGES[name]
    opened = visit(login, width=width, theme=theme)
    opened.page.goto(site.address + path)
    opened.page.wait_for_load_state("networkidle")
    opened.keep_picture(f"{name}-{width}-{theme}")
    assert opened.complaints == []
    assert opened.violations() == []
    assert opened.sideways() <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_barrier(visit, site, name, width, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    login, path = PAGES[name]
    opened = visit(login, width=width, theme=theme)
    opened.page.goto(site.address + path)
    opened.page.wait_for_load_state("networkidle")
    found = axe.Axe().run(opened.page).response["violations"]
    barriers = [
        (finding["id"], [node["html"][:160] for node in finding["nodes"][:3]])
        for finding in found
        if finding["impact"] in {"serious", "critical"}
    ]
    assert barriers == []

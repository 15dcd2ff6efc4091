"""Every page of the frame in a real browser: quiet console, no violation, no sideways scrolling, readable."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # a browser that goes on early leaves a file of the little test server to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PAGES = {
    "login": (None, "/login"),
    "inbox": ("coordinator", "/inbox/?view=pool"),
    "empty": ("expert", "/inbox/"),
    "account": ("coordinator", "/account"),
    "password": ("coordinator", "/account/password"),
    "notices": ("coordinator", "/notices/"),
    "help": ("coordinator", "/help"),
    "cases": ("coordinator", "/cases/"),
    "no-case": ("coordinator", "/cases/?state=ended"),
    "no-hazard": ("coordinator", "/hazards/"),
    "home": ("coordinator", "/"),
    "home-empty": ("expert", "/"),
    "home-system": ("system_admin", "/"),
    "admin": ("security_admin", "/admin/"),
    "people": ("security_admin", "/admin/people"),
    "new-person": ("security_admin", "/admin/people/new"),
    "organizations": ("security_admin", "/admin/organizations"),
    "new-organization": ("security_admin", "/admin/organizations/new"),
    "incidents": ("system_admin", "/admin/incidents"),
    "jobs": ("system_admin", "/admin/jobs?view=done"),
    "fund-rules": ("system_admin", "/admin/fund-rules"),
    "parameters": ("system_admin", "/admin/parameters"),
    "calendar": ("system_admin", "/admin/calendar"),
    "dictionaries": ("system_admin", "/admin/dictionaries"),
    "changes": ("auditor", "/admin/changes"),
    "case-events": ("auditor", "/admin/case-events"),
    "accesses": ("auditor", "/admin/accesses"),
    "verification": ("auditor", "/admin/verification"),
    "registers": ("coordinator", "/registers/"),
    "units": ("coordinator", "/registers/units/"),
    "policies": ("coordinator", "/registers/policies/"),
    "no-claim": ("coordinator", "/registers/claims/"),
    "experts": ("provider_manager", "/registers/people/"),
    "enter-unit": ("coordinator", "/registers/units/new"),
    "enter-person": ("provider_manager", "/registers/people/new"),
}


WIDTHS = (1440, 1200, 768, 390)
MEASURED = (1440, 390)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_and_has_no_serious_barrier(visit, site, name, theme):
    login, path = PAGES[name]
    opened = visit(login, theme=theme)
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.goto(site.address + path)
        opened.page.wait_for_load_state("networkidle")
        opened.keep_picture(f"{name}-{width}-{theme}")
        assert opened.complaints == [], width
        assert opened.violations() == [], width
        assert opened.sideways() <= 0, width
        if width in MEASURED:
            assert barriers(opened.page) == [], width


def barriers(page) -> list[tuple[str, list[str]]]:
    """Return what axe finds serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    return [
        (finding["id"], [node["html"][:160] for node in finding["nodes"][:3]])
        for finding in axe.Axe().run(page).response["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]

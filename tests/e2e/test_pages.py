"""Every page of the frame in a real browser: quiet console, no violation, no sideways scrolling, readable."""

import pytest

from tests.e2e.conftest import answering, set_theme, visiting
from tests.webapp.conftest import city_at

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
    "board": ("joint_office", "/boards/risk"),
    "analysis": ("joint_office", "/boards/analysis"),
    "reports": ("joint_office", "/reports/"),
    "report": ("joint_office", "/reports/visits_by_insurer?from=2027-01-01&to=2027-12-31"),
    "no-filed-report": ("joint_office", "/filed-reports/"),
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
    "expression": ("provider_manager", "/studio/expression?expression=1%20/%200"),
    "expression-of-process": ("process_designer", "/studio/expression?expression=%3E"),
    "feel": ("process_designer", "/studio/feel"),
    "running": ("process_designer", "/studio/service_cycle/running?from=2020-01-01&to=2099-12-31"),
    "enter-person": ("provider_manager", "/registers/people/new"),
}


WIDTHS = (1440, 1200, 768, 390)
MEASURED = {"light": 1440, "dark": 390}
"""Where axe looks: words and marks are the same at each width, colours at each theme."""


@pytest.fixture(scope="module")
def still(sqlite_pasts, tmp_path_factory):
    """A site that nobody changes: the pages are only looked at."""
    with city_at("begun", sqlite_pasts, tmp_path_factory.mktemp("still")) as city, answering(city) as site:
        yield site


@pytest.fixture(scope="module")
def reader(chromium, still):
    """Return the page of a person who stays signed in."""
    found = {}

    def read_as(login):
        if login not in found:
            context = chromium.new_context(viewport={"width": WIDTHS[0], "height": 900}, locale="zh-CN")
            found[login] = visiting(context, still.address, login, "light")
        return found[login]

    yield read_as
    for visit in found.values():
        visit.page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_and_has_no_serious_barrier(reader, still, name):
    login, path = PAGES[name]
    visit = reader(login)
    for theme, measured in MEASURED.items():
        set_theme(visit.page.context, still.address, theme)
        visit.page.goto(still.address + path)
        visit.page.wait_for_load_state("load")
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 900})
            visit.keep_picture(f"{name}-{width}-{theme}")
            assert visit.sideways() <= 0, (theme, width)
            if width == measured:
                assert barriers(visit.page) == [], (theme, width)
        assert visit.complaints == [], theme
        assert visit.violations() == [], theme


def barriers(page) -> list[tuple[str, list[str]]]:
    """Return what axe finds serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    return [
        (finding["id"], [node["html"][:160] for node in finding["nodes"][:3]])
        for finding in axe.Axe().run(page).response["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]

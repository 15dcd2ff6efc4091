"""One service from the imported policy to the closed hazard, by clicks, as its people would do it."""

import pytest

from demo.accounts import PASSWORD
from demo.sheets import workbook
from tests.e2e import story
from tests.e2e.conftest import WATCH, Visit
from tests.e2e.town import Desk, Town
from tests.webapp.conftest import web_settings
from webapp.assets import DIST

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def town(database_url, tmp_path):
    """The product on an empty city, on both databases."""
    if not (DIST / "manifest.json").exists():
        pytest.skip("the front end is not built: npm run build in webapp/client")
    town = Town(database_url, tmp_path, web_settings())
    yield town
    town.stop()


@pytest.fixture
def desk(chromium, town):
    """Give each person a browser, and see at the end that no page complained."""
    desks, visits = {}, []

    def seat(login: str, *, width: int = 1440) -> Desk:
        if login not in desks:
            context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
            context.grant_permissions(["geolocation"])
            context.set_geolocation({"latitude": 28.0, "longitude": 120.7, "accuracy": 12})
            context.add_init_script(WATCH)
            visit = Visit(context.new_page())
            visit.page.set_default_timeout(30_000)
            visit.page.on(
                "console", lambda line: visit.complaints.append(line.text) if line.type == "error" else None
            )
            visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            visits.append(visit)
            desks[login] = Desk(
                visit.page, town.address, login, PASSWORD, lambda name: visit.keep_picture(f"walk-{name}")
            )
        return desks[login]

    yield seat
    for visit in visits:
        assert visit.complaints == []
        assert visit.violations() == []
        visit.page.context.close()


@pytest.fixture
def do(desk, town):
    """Do one step: open it, answer, keep a picture, submit, let the worker follow."""

    def step(login: str, title: str, answers: dict[str, object], *, width: int = 1440, more=None) -> None:
        person = desk(login, width=width)
        person.open(title)
        person.keep(f"{title}-0")
        person.fill(answers)
        if more is not None:
            more(person)
        person.keep(f"{title}-1")
        person.submit()
        town.work()

    return step


def test_a_service_goes_from_the_imported_policy_to_the_closed_hazard(desk, do, town):
    insurer = desk("insurer")
    story.import_register(insurer, "投保单位", workbook("policyholders", [story.HOLDER]), "投保单位")
    story.import_register(insurer, "保单", workbook("policies", [story.POLICY]), "保单")
    town.work()
    story.confirm_facts(do, town)
    story.sign_a_scheme(do)
    town.pass_by(days=120)
    desk("expert", width=390)
    story.dispatch(do)
    story.agree_on_a_day(do, town)
    story.check_in(do, town)
    town.stop()
    town.start()
    story.record(do, town)
    story.give_notice(do, town)
    story.file_the_visit(do, town)
    story.close_the_hazard(do, town)

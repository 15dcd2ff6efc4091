"""Fixtures for every test: databases of both kinds, no network, no silent gaps under CI."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.network import only_loopback
from tests.support.postgres import NoPostgresError, Server, running_server

UNDER_CI = os.environ.get("CI", "").lower() in {"1", "true"}

settings.register_profile(
    "weiran", deadline=None, derandomize=UNDER_CI, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("weiran")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    with only_loopback():
        yield


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> None:
    """Let SQLite leave its writes to the system; servers in processes of their own write as the product does."""
    from store import database

    database.SYNCHRONOUS = "OFF"


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> None:
    """Let tests share the templates, routes and statements that they compile."""
    from tests.support import compiled

    compiled.compile_templates_once()
    compiled.compile_routes_once()
    compiled.compile_statements_once()


@pytest.fixture(scope="session", autouse=True)
def field_keys() -> None:
    """Configure a key for encrypted columns, as run.py does from this installation's secrets."""
    from store.secrets import configure

    configure({"test": bytes(range(32))})


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of this test process."""
    try:
        with running_server() as server:
            yield server
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres_server):
    """A migrated PostgreSQL database to clone."""
    from tests.support.databases import PostgresTemplate

    template = PostgresTemplate.migrated(postgres_server)
    yield template
    template.drop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file to copy."""
    from tests.support.databases import SqliteTemplate

    return SqliteTemplate.migrated(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def sqlite_pasts(sqlite_template, tmp_path_factory):
    """The cities that tests go on from, on SQLite."""
    from tests.support.past import Pasts

    return Pasts(sqlite_template, tmp_path_factory.mktemp("pasts"))


@pytest.fixture(scope="session")
def postgres_pasts(postgres_template, tmp_path_factory):
    """The cities that tests go on from, on PostgreSQL."""
    from tests.support.past import Pasts

    return Pasts(postgres_template, tmp_path_factory.mktemp("pasts"))


@pytest.fixture(params=["sqlite", "postgresql"])
def pasts(request):
    """The cities that tests go on from; the test runs once per kind of database."""
    return request.getfixturevalue("sqlite_pasts" if request.param == "sqlite" else "postgres_pasts")


@pytest.fixture
def world(pasts, tmp_path):
    """A city with released processes and no policy yet; the test runs once per kind of database."""
    with pasts.until("founded").again(tmp_path) as again:
        yield again


def _moment(name: str, meaning: str):
    """Return the fixture of a city at a moment; the test runs once per kind of database."""

    @pytest.fixture(name=name)
    def city(pasts, tmp_path):
        with pasts.until(name).again(tmp_path) as again:
            yield again

    city.__doc__ = meaning
    return city


begun = _moment("begun", "A city with a policy whose cycle has begun.")
agreed = _moment("agreed", "A city whose unit has agreed to a scheme.")
opened = _moment("opened", "A city whose first visit waits to be dispatched.")
arranged = _moment("arranged", "A city whose first visit waits for the unit's answer.")
arrived = _moment("arrived", "A city at whose unit the expert stands.")
told = _moment("told", "A city whose unit was served the notice of a hazard.")
archived = _moment("archived", "A city whose first visit is archived; the next one is planned.")


@pytest.fixture
def sqlite_url(sqlite_template) -> Iterator[str]:
    """The address of a migrated, empty SQLite database of one test."""
    with sqlite_template.copy() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_template) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of one test."""
    with postgres_template.copy() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request) -> str:
    """The address of a migrated, empty database; the test runs once per kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def database(database_url):
    """A migrated, empty database; the test runs once per kind."""
    from tests.support.databases import opened

    with opened(database_url) as opened_database:
        yield opened_database


@pytest.fixture
def sqlite_database(sqlite_url):
    """A migrated, empty SQLite database, for what does not depend on the kind."""
    from tests.support.databases import opened

    with opened(sqlite_url) as opened_database:
        yield opened_database


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Under CI a test that skips itself has failed: a gap would be taken for a pass."""
    report = yield
    if UNDER_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Under CI the same holds for a module that skips itself."""
    report = yield
    if UNDER_CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def chromium():
    """The browser, one per test process: two drivers in one process refuse each other."""
    import shutil

    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (group e2e)")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    """Show the tables that tests have recorded: what met what, and how often."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for report in reports:
        for name, text in getattr(report, "user_properties", ()):
            if name == "table":
                terminalreporter.write_sep("-", report.nodeid)
                terminalreporter.write_line(text)

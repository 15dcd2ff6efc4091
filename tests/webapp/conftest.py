"""A web application on an empty database, people with roles, and browsers that are signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import Struct, field

from demo.accounts import PASSWORD as DEMO_PASSWORD
from rules.roles import ROLES
from store.database import Database
from store.files import FileStore
from store.scope import Scope
from store.tables import Organization, Person, RoleGrant, WorkItem
from tests.support.past import Pasts
from tests.support.world import SIGNING_KEY, World
from webapp import create_app
from workflows.passwords import hash_password
from workflows.runtime import Runtime

PASSWORD = "quiet-harbour-27"
EVERYTHING = Scope.everything("a test lays its ground")
_HASH: list[str] = []


class Clock(Struct):
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        """Move the clock forward."""
        self.now += span


class Someone(Struct):
    """A person of the test, with an account."""

    id: UUID
    login: str
    name: str
    org_id: UUID


class Web(Struct):
    """The application under test and the ground it stands on."""

    app: Flask
    runtime: Runtime
    clock: Clock
    organizations: dict[str, UUID] = field(default_factory=dict)

    def organization(self, kind: str, name: str = "") -> UUID:
        """Return the organization of a kind, made when it is first asked for."""
        key = name or kind
        if key not in self.organizations:
            row = Organization(kind=kind, name=name or f"温州{kind}单位", region_code="330381")
            with self.runtime.database.write(EVERYTHING, now=self.clock()) as session:
                session.add(row)
            self.organizations[key] = row.id
        return self.organizations[key]

    def person(
        self, *roles: str, login: str = "", organization: UUID | None = None, **columns: object
    ) -> Someone:
        """Make a person with these roles, in an organization of the kind the first role belongs to."""
        kind = ROLES[roles[0]].party.value if roles else "provider"
        org_id = organization or self.organization(kind)
        name = login or "-".join(roles) or "nobody"
        row = Person(login=name, name="林若衡", org_id=org_id, password_hash=_hashed(), **columns)
        with self.runtime.database.write(EVERYTHING, now=self.clock()) as session:
            session.add(row)
            session.flush()
            session.add_all(RoleGrant(person_id=row.id, role=role, granted_at=self.clock()) for role in roles)
        return Someone(row.id, name, row.name, org_id)

    def anonymous(self) -> "Browser":
        """Return a browser that nobody is signed in to."""
        return Browser(self.app.test_client())

    def client(self, person: Someone | str, password: str = PASSWORD) -> "Browser":
        """Return a browser that this person is signed in to."""
        browser = self.anonymous()
        answer = browser.sign_in(person if isinstance(person, str) else person.login, password)
        assert answer.status_code == 302, answer.text
        return browser


class Browser:
    """A test client that sends the token with every form, as a page does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.get = client.get

    def csrf(self) -> str:
        """Return the token of this browser's session."""
        page = self.client.get("/help", follow_redirects=True).text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None, page
        return found[1]

    def post(self, url: str, data: dict[str, object] | None = None, **options: object):
        """Post a form with its token."""
        return self.client.post(url, data={"csrf_token": self.csrf(), **(data or {})}, **options)

    def sign_in(self, login: str, password: str = PASSWORD, **fields: object):
        """Post the sign-in form."""
        return self.post("/login", {"login": login, "password": password, **fields})


def web_settings(**changes: object) -> SimpleNamespace:
    """Return settings for an application under test."""
    given = {
        "secret_key": "a key for tests, long enough to sign cookies",
        "secret_key_fallbacks": (),
        "public_url": None,
        "trusted_hosts": (),
        "proxy_hops": 0,
        "ratelimit_storage_uri": "memory://",
        "max_content_length": 200 * 1024 * 1024,
        "password_classes": False,
        "log_json": False,
        "metrics_token": None,
    }
    return SimpleNamespace(**{**given, **changes})


def _hashed() -> str:
    """Return the hash of the one password; made once, because it is slow on purpose."""
    if not _HASH:
        _HASH.append(hash_password(PASSWORD))
    return _HASH[0]


class City(Struct):
    """The sample city of the flow tests, seen through the browser."""

    web: Web
    world: World

    def browser(self, login: str) -> Browser:
        """Return a browser signed in with a demo account."""
        return self.web.client(login, DEMO_PASSWORD)

    def item(self, step: str) -> WorkItem:
        """Return the open item of a step."""
        return self.world.item(step)


@pytest.fixture
def city(sqlite_pasts: Pasts, tmp_path: Path) -> Iterator[City]:
    """Return a city with released processes and one policy whose cycle has begun."""
    with city_at("begun", sqlite_pasts, tmp_path) as found:
        yield found


@pytest.fixture
def agreed(sqlite_pasts: Pasts, tmp_path: Path) -> Iterator[City]:
    """Return the city when its unit has agreed to a scheme."""
    with city_at("agreed", sqlite_pasts, tmp_path) as found:
        yield found


@pytest.fixture
def arranged(sqlite_pasts: Pasts, tmp_path: Path) -> Iterator[City]:
    """Return the city when its unit is asked to let the first visit in."""
    with city_at("arranged", sqlite_pasts, tmp_path) as found:
        yield found


@pytest.fixture
def archived(sqlite_pasts: Pasts, tmp_path: Path) -> Iterator[City]:
    """Return the city when a visit was archived, its hazard waits to be rectified, the next visit is planned."""
    with city_at("archived", sqlite_pasts, tmp_path) as found:
        yield found


@contextmanager
def city_at(moment: str, pasts: Pasts, folder: Path) -> Iterator[City]:
    """Yield a copy of the city at a moment, with its pages."""
    with pasts.until(moment).again(folder) as world:
        app = create_app(web_settings(), world.runtime)
        app.jinja_env.globals["asset"] = "/static/dist/{}".format
        yield City(Web(app, world.runtime, world.clock), world)


@pytest.fixture
def web(sqlite_database: Database, tmp_path: Path) -> Web:
    """Return an application on an empty, migrated SQLite database."""
    clock = Clock()
    runtime = Runtime(sqlite_database, FileStore(tmp_path / "files"), clock, signing_key=SIGNING_KEY)
    app = create_app(web_settings(), runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format  # these tests need no build
    return Web(app, runtime, clock)

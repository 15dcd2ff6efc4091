"""Cities for interventions: one whose first visit waits for its unit, and those whose processes a test draws."""

import pytest

from tests.workflows.test_between_cases import City
from workflows import bundles


@pytest.fixture
def on_sqlite(sqlite_pasts, tmp_path):
    """A city on SQLite, for what the database has no part in."""
    with sqlite_pasts.until("arranged").again(tmp_path) as world:
        yield world


@pytest.fixture
def drawings(tmp_path, monkeypatch):
    """The folder of the diagrams that a test draws."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    monkeypatch.setattr(bundles, "DIAGRAMS", folder)
    return folder


@pytest.fixture
def city(world, drawings):
    """A city whose processes the test draws; the test runs once per kind of database."""
    return City(world, drawings)


@pytest.fixture
def city_on_sqlite(sqlite_pasts, drawings, tmp_path):
    """The same on SQLite alone."""
    with sqlite_pasts.until("founded").again(tmp_path) as world:
        yield City(world, drawings)

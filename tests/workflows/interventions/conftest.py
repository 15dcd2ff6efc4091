"""A city for interventions: its first visit waits for the unit's answer."""

import pytest


@pytest.fixture
def on_sqlite(sqlite_pasts, tmp_path):
    """A city on SQLite, for what the database has no part in."""
    with sqlite_pasts.until("arranged").again(tmp_path) as world:
        yield world

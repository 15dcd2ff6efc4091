"""Cities for the verbs: the scheme waits for its approval; a visit is told."""

import pytest


@pytest.fixture
def drafted(pasts, tmp_path):
    """A city whose scheme waits to be approved; the test runs once per kind of database."""
    with pasts.until("begun").again(tmp_path) as world:
        world.do("confirm_unit_facts", is_key=False)
        world.do("draft_scheme")
        yield world

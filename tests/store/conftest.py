"""The two parties that every scope test sets against each other."""

import pytest

from tests.store.builders import World, add_world


@pytest.fixture
def mine(database):
    return add_world(database, World())


@pytest.fixture
def theirs(database):
    return add_world(database, World(region="330303", industry="fireworks"), name="瑞安大江金属冶炼厂")

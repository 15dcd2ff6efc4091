"""People's verbs in diagrams of every structure, against a model that shares no code with the engine."""

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.stateful.coverage import Coverage
from tests.workflows.stateful.scripts import SCRIPTS
from tests.workflows.stateful.seeking import DIAGRAMS, missing, seek
from tests.workflows.stateful.tree import PROCESSES
from tests.workflows.stateful.walk import ALL, Walk

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "0"))
"""So many random cases in place of the few that every run makes, drawn anew and looked at more closely."""

FEW = {"sqlite": 8, "postgresql": 4}
OFTEN = ("approve", "approve", "approve", "refuse", "return", "return", "straight", "withdraw")
MOVES = st.lists(
    st.tuples(
        st.sampled_from([*ALL, *OFTEN, *OFTEN]),
        st.sampled_from([True, True, True, False]),
        st.integers(0, 200),
    ),
    min_size=8,
    max_size=30,
)


@pytest.fixture
def kind(request):
    """The kind of database that the test runs on."""
    return request.node.callspec.params["pasts"]


@pytest.fixture
def walking(pasts):
    """A way to walk a case of a process in a city of its own."""
    past = pasts.until("founded")

    @contextmanager
    def _walking(block, coverage):
        with TemporaryDirectory() as folder, past.again(Path(folder)) as world:
            walk = Walk(world, block, Path(folder) / "own", coverage, thorough=EXAMPLES > 0)
            try:
                yield walk
                walk.finish()
            finally:
                walk.product.close()

    return _walking


def test_every_verb_meets_every_structure_and_does_what_the_model_says(walking, record_property, kind):
    """The scripts on both kinds of database; what looks for the rest on one, with many examples on both."""
    coverage, sought = Coverage(), DIAGRAMS if EXAMPLES or kind == "sqlite" else ()
    for block, script in SCRIPTS.values():
        with walking(block, coverage) as walk:
            for line in script.split(";"):
                walk.tell(line.strip())
    for block in sought:
        with walking(block, coverage) as walk:
            seek(walk, most=200)
    record_property("table", "\n".join(coverage.lines(ALL)))
    assert not sought or missing(coverage) == set()


def test_random_people_in_random_diagrams_do_what_the_model_says(walking, record_property, kind):
    coverage = Coverage()

    @settings(
        max_examples=EXAMPLES or FEW[kind],
        deadline=None,
        derandomize=not EXAMPLES,
        suppress_health_check=list(HealthCheck),
    )
    @given(PROCESSES, MOVES)
    def walk_at_random(block, moves):
        with walking(block, coverage) as walk:
            for verb, lawful, choice in moves:
                if not walk.game.ended:
                    walk.step(verb, lawful, choice)

    walk_at_random()
    record_property("table", "\n".join(coverage.lines(ALL)))
    assert coverage.done.total() > 0

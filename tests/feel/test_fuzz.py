"""Random expressions for a minute in CI, for seconds elsewhere (`FUZZ_SECONDS`): every one ends as it must.

CI starts from the same seed each time, so that it only fails for what was changed; elsewhere each run is new.
"""

import os
from random import Random, SystemRandom
from time import monotonic

import pytest

import feel
from feel import nodes
from feel.builtins import BUILTINS
from feel.exchange import to_feel
from feel.limits import Run
from feel.nodes import children
from feel.text import literal_of
from tests.conftest import UNDER_CI
from tests.feel.engine import HOST
from tests.feel.grammar import cell, expression
from tests.feel.interpreter import interpret
from tests.feel.scopes import SCOPE

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60" if UNDER_CI else "2"))
KINDS = {
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and issubclass(kind, nodes.Node) and kind is not nodes.Node
}


def test_random_expressions_reach_every_kind_of_node_and_every_built_in():
    random = Random(2026)
    kinds: set[type] = set()
    functions: set[str] = set()
    for number in range(6000):
        tree = _parsed(cell(random) if number % 20 == 0 else expression(random), is_cell=number % 20 == 0)
        pending = [] if tree is None else [tree]
        for node in pending:
            kinds.add(type(node))
            if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
                functions.add(node.function.name)
            pending += children(node)
    assert kinds >= KINDS
    assert functions >= set(BUILTINS)


@pytest.mark.slow
def test_whatever_is_asked_for_ends_in_a_value_or_a_named_error():
    seed = 0 if UNDER_CI else SystemRandom().randrange(2**32)
    until = monotonic() + SECONDS
    count = 0
    while monotonic() < until:
        text = expression(Random(seed + count))
        count += 1
        assert _fault(text) is None, f"seed {seed + count - 1}: {text}"
    assert count


def _parsed(text: str, *, is_cell: bool = False):
    try:
        return feel.parse_unary_tests(text, SCOPE) if is_cell else feel.parse(text, SCOPE)
    except feel.FeelSyntaxError:
        return None


def _fault(text: str) -> str | None:
    """Return what is wrong with how a text is read, printed, evaluated or bounded; None if nothing is."""
    tree = _parsed(text)
    if tree is None:
        return None
    if feel.parse(feel.format_expression(tree), SCOPE) != tree:
        return "printed otherwise"
    meter = feel.Meter()
    try:
        compiled = feel.format_value(feel.evaluate(text, SCOPE, HOST, meter))
        run = Run(HOST)
        scope = {name: to_feel(run, value) for name, value in SCOPE.items()}
        walked = literal_of(run, interpret(tree, scope, run))
    except feel.FeelLimitError:
        return None
    if feel.ADVANCE_FUEL - meter.fuel > feel.limits.FUEL:
        return "more than its fuel"
    return None if compiled == walked else f"{compiled} and {walked}"

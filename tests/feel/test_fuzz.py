"""Random expressions for a minute in CI, for seconds elsewhere (`FUZZ_SECONDS`): every one ends as it must.

CI starts from the same seed each time, so that it only fails for what was changed; elsewhere each run is new.
"""

import os
from contextlib import suppress
from random import Random, SystemRandom
from time import monotonic

import pytest
from msgspec.structs import replace

import feel
from feel import nodes
from feel.builtins import BUILTINS
from feel.builtins.registry import as_function
from feel.exchange import to_feel
from feel.limits import Run
from feel.nodes import walk
from feel.program import build
from feel.text import literal_of
from tests.conftest import UNDER_CI
from tests.feel.engine import HOST
from tests.feel.grammar import SIGNATURES, call, cell, expression
from tests.feel.interpreter import interpret
from tests.feel.scopes import SCOPE

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60" if UNDER_CI else "2"))
KINDS = {
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and issubclass(kind, nodes.Node) and kind is not nodes.Node
}


Signature = tuple[str, ...]


@pytest.fixture
def reached(monkeypatch):
    """Return the signatures of built-ins whose bodies run from here on, and those that gave a value."""
    run: set[Signature] = set()
    gave: set[Signature] = set()
    for name, known in BUILTINS.items():
        monkeypatch.setitem(BUILTINS, name, [_watched(one, run, gave) for one in known])
    as_function.cache_clear()
    yield run, gave
    as_function.cache_clear()


def _watched(one, run, gave):
    def watched(*arguments):
        run.add(_signature(one))
        value = one.call(*arguments)
        if value is not None:
            gave.add(_signature(one))
        return value

    return replace(one, call=watched)


def _signature(one) -> Signature:
    return (one.name, *(f"{each.name}: {each.kind}" for each in one.parameters))


def test_random_expressions_reach_every_kind_of_node_and_the_body_of_every_built_in(reached):
    random = Random(2026)
    kinds: set[type] = set()
    for number in range(6000):
        is_cell = number % 20 == 0
        text = (cell if is_cell else call if number % 2 else expression)(random)
        tree = _parsed(text, is_cell=is_cell)
        if tree is not None:
            kinds.update(map(type, walk(tree)))
            _evaluate(text, tree)
    signatures = {_signature(one) for one in SIGNATURES}
    run, gave = reached
    assert kinds >= KINDS
    assert sorted(signatures - run) == []
    assert sorted(signatures - gave) == []


def _evaluate(text, tree):
    """Compile and run a tree, past the cache of texts that were compiled before."""
    program = feel.Program(build(text, tree, frozenset(SCOPE)), HOST)
    with suppress(feel.FeelLimitError):
        program(SCOPE)


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

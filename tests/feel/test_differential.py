"""Ours against feelin, which computes forms in the browser: generated expressions, and all that are shipped."""

import json
import subprocess
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

import feel
from feel import nodes
from feel.exchange import to_feel, to_python
from feel.limits import Run
from feel.nodes import AtLiteral, Call, Comparison, Filter, For, In, Literal, Name, Quantified, children
from feel.order import family
from setup_steps.node import node_at_hand
from tests.feel import shipped
from tests.feel.common_ground import SCOPE, condition
from tests.feel.differences import WANTED, as_feelin_has_it
from tests.feel.engine import HOST
from tests.support.sources import ROOT
from workflows.engine.check_sites import HOST_FUNCTIONS

SCRIPT = Path(__file__).with_name("feelin.mjs")
FEELIN = ROOT / "webapp" / "client" / "node_modules" / "feelin" / "dist" / "index.js"
NODE = node_at_hand()
COUNT = 1500
LISTS = ([], ["major"], ["major", "general"])
SAMPLES = {
    "string": ("no", "yes", "major", "x", "", None),
    "number": (0, 1, 5, 60000, 0.5, None),
    "boolean": (True, False, None),
    "list": (*LISTS, None),
    "context": ({"level": "major", "answer": "unmet", "fixed_on_spot": True}, {"level": None}),
}
TEMPORAL = frozenset(
    {"now", "today", "date", "time", "date and time", "duration", "end of day", "start of day"}
)
GENERATED = [condition(Random(seed)) for seed in range(COUNT)]

pytestmark = pytest.mark.skipif(
    NODE is None or not FEELIN.exists(), reason="没有 node 或 feelin，没有对照浏览器里的表达式引擎"
)


def feelin(questions):
    assert NODE is not None
    asked = json.dumps({"scope": SCOPE, "expressions": questions})
    run = subprocess.run(
        [NODE, str(SCRIPT), str(FEELIN)],
        input=asked,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def plain(value):
    """Return a value as JSON has it; what has no twin there is told apart by its kind."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value if isinstance(value, str | bool) or value is None else {"$": "other"}


def same(one, other) -> bool:
    """Tell whether two plain values are the same, numbers to nine digits: the browser has floats."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1, abs(one), abs(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return one == other


def ours(text, scope):
    return plain(feel.evaluate(text, scope, HOST))


def as_theirs(text, scope, rules=WANTED):
    """Return an expression whose value by our engine is what feelin is wanted to give for the text."""
    return feel.format_expression(as_feelin_has_it(feel.parse(text, scope), rules))


def ours_as_theirs(text, scope):
    return ours(as_theirs(text, scope), scope)


@cache
def generated_answers():
    return feelin([{"text": text} for text in GENERATED])


def test_generated_expressions_mean_the_same_in_the_browser_up_to_the_wanted_differences():
    answers = zip(GENERATED, generated_answers(), strict=True)
    found = {
        text: answer
        for text, answer in answers
        if not same(answer.get("value", answer), ours_as_theirs(text, SCOPE))
    }
    assert found == {}


@pytest.mark.parametrize("rule", WANTED, ids=lambda rule: rule.__name__)
def test_a_wanted_difference_is_still_there(rule):
    differs = [
        text
        for text, answer in zip(GENERATED, generated_answers(), strict=True)
        if not same(answer.get("value", answer), ours(text, SCOPE))
    ]
    assert any(rule(node) != node for text in differs for node in _nodes(text))
    assert rule.__doc__.startswith("Standard: ")


def _nodes(text):
    return _below(feel.parse(text, SCOPE))


def _below(tree):
    found = [tree]
    for node in found:
        found += children(node)
    return found


def sampled(texts, *, unary=False):
    """Return questions: each text with its names filled in some ways, each by a value of a kind that fits.

    Dates and the host's functions are left out: what they say, the server says once more.
    """
    questions = []
    for text in texts:
        tree = (feel.parse_unary_tests if unary else feel.parse)(text, HOST_FUNCTIONS)
        if any(
            isinstance(node, AtLiteral) or _calls(node) & {*TEMPORAL, *HOST_FUNCTIONS}
            for node in _below(tree)
        ):
            continue
        names = feel.references(text, unary=unary).names
        for seed in range(8):
            random = Random(f"{text}{seed}")
            kinds = _kinds(tree, names, random)
            given = {name: random.choice(SAMPLES[kinds[name]]) for name in sorted(names)}
            question = {"text": text, "names": given}
            questions.append({**question, "input": random.choice(_inputs(tree))} if unary else question)
    return questions


def _inputs(tree):
    """Return values of the kinds that a cell speaks of; feelin takes null for less than any number, so no null."""
    kinds = {family(node.value) for node in _below(tree) if isinstance(node, Literal)} & SAMPLES.keys()
    return [value for kind in sorted(kinds or {"number"}) for value in SAMPLES[kind] if value is not None]


def _kinds(tree, names, random):
    """Return a kind for each name: that of what it is compared with, or of how it is used."""
    orders = any(isinstance(node, Comparison) and node.operator[0] in "<>" for node in _below(tree))
    kinds = dict.fromkeys(
        sorted(names), random.choice(("string", "number") if orders else ("string", "number", "boolean"))
    )
    for node in _below(tree):
        if isinstance(node, nodes.Path) and isinstance(node.base, Name):
            kinds[node.base.name] = "context"
        if isinstance(node, Call | For | Quantified | In | Filter):
            kinds.update(_lists_in(node))
        if isinstance(node, Comparison):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, Name) and isinstance(other, Literal) and other.value is not None:
                    kinds[one.name] = family(other.value)
    return kinds


def _lists_in(node):
    if isinstance(node, Call) and _calls(node) & {"count", "list contains", "sum"}:
        parts = node.arguments[:1]
    elif isinstance(node, For | Quantified):
        parts = tuple(iteration.domain for iteration in node.iterations)
    else:
        parts = (node.base,) if isinstance(node, Filter) else ()
    return {part.name: "list" for part in parts if isinstance(part, Name)}


def _calls(node):
    return {node.function.name} if isinstance(node, Call) and isinstance(node.function, Name) else set()


def differing(questions):
    found = []
    for question, answer in zip(questions, feelin(questions), strict=True):
        scope = {**SCOPE, **question["names"]}
        if "input" in question:
            mine = feel.unary_test(question["text"], question["input"], scope, HOST) is True
            theirs = answer.get("value") is True
        else:
            mine, theirs = ours_as_theirs(question["text"], scope), answer.get("value", answer)
        if not same(theirs, mine):
            found.append((question["text"], question["names"], mine, theirs))
    return found


def test_every_expression_of_a_form_means_the_same_in_the_browser():
    assert differing(sampled(shipped.of_forms())) == []


def test_every_expression_of_diagrams_and_decisions_means_the_same_as_in_another_engine():
    expressions, cells = shipped.of_decisions()
    assert differing(sampled([*shipped.of_diagrams(), *expressions])) == []
    assert differing(sampled(cells, unary=True)) == []


def test_every_value_survives_the_way_to_the_browser_and_back():
    run = Run(HOST)
    assert to_python(run, to_feel(run, SCOPE)) == SCOPE

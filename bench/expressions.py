"""FEEL: a compiled condition, a table of 100 rows, compiling and parsing; ours, feelin and pySFeel in turn.

Limits, warnings and one shared meter are on, inputs are new in each round. Compiling is measured without the
cache. A Python function over the same numbers is the floor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from statistics import median
from time import perf_counter
from typing import Protocol
from xml.etree import ElementTree as ET

import feel
from bench.measure import Mode, Seconds, interleaved, machine, ratio
from bench.rivals import Scopes, feelin, pysfeel
from feel import dmn
from feel.program import build
from workflows.patterns import compile_pattern

CONDITION = "premium >= 60000 and premium < 100000"
COMPILED = " or ".join(
    f'(premium >= {n}0000 and industry in ("a", "b") and count(items[amount > {n}]) > 2)' for n in (3, 6)
)
LENGTHS = (50, 200, 800)
PARSES = 10
BATCH, TABLE_BATCH, SLOW_BATCH = 2_000, 200, 200
ROWS = 100
HOST = feel.Host(patterns=compile_pattern)
GOALS = {"condition": 10.0, "table": 600.0}
TITLES = {
    "condition": "条件（已编译）",
    "function": "同样的 Python 函数",
    "feelin": "feelin 算同一条件",
    "pysfeel": "pySFeel 算同一条件",
    "table": f"{ROWS} 行 × 4 列的表",
    "compile": "编译 60 个词的表达式",
    **{f"parse {length}": f"解析 {length} 项（每项）" for length in LENGTHS},
}


class Rival(Protocol):
    """An engine that tells how long it took."""

    def seconds(self, expression: str, scopes: Scopes) -> float:
        """Return the seconds of a batch."""


def main(options: argparse.Namespace) -> int:
    """Measure; 1 if a goal is missed."""
    node, python = feelin(), pysfeel()
    rivals: dict[str, Rival] = {}
    missing = {
        name: found for name, found in (("feelin", node), ("pysfeel", python)) if isinstance(found, str)
    }
    if not isinstance(node, str):
        rivals["feelin"] = node
    if not isinstance(python, str):
        rivals["pysfeel"] = python
    found = measure(options.rounds, rivals)
    if not isinstance(node, str):
        node.close()
    told = {"microseconds": found, "ratios": ratios(found), "missing": missing, "machine": machine()}
    print(json.dumps(told, ensure_ascii=False) if options.json else in_words(found, missing))
    return 0 if all(median(found[name]) <= goal for name, goal in GOALS.items()) else 1


def measure(rounds: int, rivals: Mapping[str, Rival]) -> dict[str, Seconds]:
    """Return the microseconds of one piece, in each round."""
    random = Random(2026)
    modes: dict[str, tuple[Mode, int]] = {
        "condition": (_condition(random), BATCH),
        "function": (_function(random), BATCH),
        **{name: (_rival(random, rival), SLOW_BATCH) for name, rival in rivals.items()},
        "table": (_table(random), TABLE_BATCH),
        "compile": (_compiling(), SLOW_BATCH),
        **{f"parse {length}": (_parsing(length), length) for length in LENGTHS},
    }
    found = interleaved({name: mode for name, (mode, _) in modes.items()}, rounds)
    return {name: [one / modes[name][1] * 1e6 for one in seconds] for name, seconds in found.items()}


def ratios(found: Mapping[str, Seconds]) -> dict[str, float]:
    """Return how many times longer than our condition the others take, and parsing the longest than the shortest."""
    own = found["condition"]
    told = {f"{name} / condition": ratio(found[name], own) for name in ("feelin", "pysfeel") if name in found}
    longest, shortest = (found[f"parse {length}"] for length in (LENGTHS[-1], LENGTHS[0]))
    return {
        **told,
        "condition / function": ratio(own, found["function"]),
        "parse longest / shortest": ratio(longest, shortest),
    }


def in_words(found: Mapping[str, Seconds], missing: Mapping[str, str]) -> str:
    """Return the numbers for people."""
    lines = ["每次的微秒数，最小 / 中位 / 最大："]
    for name, seconds in found.items():
        goal = (
            f"（目标 {GOALS[name]:.0f}，{'达到' if median(seconds) <= GOALS[name] else '没有达到'}）"
            if name in GOALS
            else ""
        )
        lines.append(
            f"  {TITLES[name]}：{min(seconds):.2f} / {median(seconds):.2f} / {max(seconds):.2f}{goal}"
        )
    lines += [f"  {name} 没有测：{reason}" for name, reason in missing.items()]
    lines += [f"  {name}：{times:.2f} 倍" for name, times in ratios(found).items()]
    return "\n".join([*lines, machine()])


def _timed(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return perf_counter() - before


def _condition(random: Random) -> Mode:
    program = feel.compile(CONDITION, host=HOST)

    def batch() -> float:
        scopes = [{"premium": Decimal(random.randint(40_000, 120_000))} for _ in range(BATCH)]
        meter = feel.Meter(100 * BATCH)
        return _timed(lambda: [program.explain(scope, meter) for scope in scopes])

    return batch


def _function(random: Random) -> Mode:
    low, high = Decimal(60_000), Decimal(100_000)

    def condition(premium: Decimal) -> bool:
        return premium >= low and premium < high

    def batch() -> float:
        premiums = [Decimal(random.randint(40_000, 120_000)) for _ in range(BATCH)]
        return _timed(lambda: [condition(premium) for premium in premiums])

    return batch


def _rival(random: Random, rival: Rival) -> Mode:
    def batch() -> float:
        scopes: list[dict[str, object]] = [
            {"premium": random.randint(40_000, 120_000)} for _ in range(SLOW_BATCH)
        ]
        return rival.seconds(CONDITION, scopes)

    return batch


def _table(random: Random) -> Mode:
    model = dmn.load(table_of(ROWS))

    def batch() -> float:
        inputs = [
            {
                "premium": Decimal(random.randint(0, ROWS * 1000)),
                "risk": random.random() < 0.5,
                "industry": random.choice("abcdefgh"),
                "staff": Decimal(random.randint(0, 2 * ROWS)),
            }
            for _ in range(TABLE_BATCH)
        ]
        meter = feel.Meter(1000 * TABLE_BATCH)
        return _timed(lambda: [dmn.decide(model, "visits", one, HOST, meter) for one in inputs])

    return batch


def _compiling() -> Mode:
    return lambda: _timed(
        lambda: [build(COMPILED, feel.parse(COMPILED), frozenset()) for _ in range(SLOW_BATCH)]
    )


def _parsing(length: int) -> Mode:
    text = " + ".join(["a1"] * length)
    return lambda: _timed(lambda: [feel.parse(text) for _ in range(PARSES)]) / PARSES


def table_of(rows: int) -> ET.Element:
    """Return the element of a model with a table of so many rows and four columns."""
    names = (("premium", "number"), ("risk", "boolean"), ("industry", "string"), ("staff", "number"))
    data = "".join(
        f'<inputData id="_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in names
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#_{name}"/></informationRequirement>'
        for name, _ in names
    )
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name, _ in names
    )
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{cell}</text></inputEntry>' for cell in _cells(row))}"
        f"<outputEntry><text>{row}</text></outputEntry></rule>"
        for row in range(rows)
    )
    return ET.fromstring(  # noqa: S314 - our own text
        f'<definitions namespace="urn:bench">{data}<decision id="d" name="visits">{needs}'
        f'<decisionTable hitPolicy="FIRST">{columns}<output/>{rules}</decisionTable></decision></definitions>'
    )


def _cells(row: int) -> tuple[str, str, str, str]:
    risk = ("-", "true", "false")[row % 3]
    return f"[{row * 1000}..{row * 1000 + 1000})", risk, f'"{"abcdefgh"[row % 8]}", "x"', f"&gt; {row}"

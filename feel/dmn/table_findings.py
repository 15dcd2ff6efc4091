"""What is wrong with one decision table: gaps, overlaps, rules that nothing reaches, results of the wrong type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from feel.dmn.cells import constant
from feel.dmn.columns import CutTable, declared_type
from feel.dmn.coverage import Search, TooLargeError, common_point
from feel.dmn.model import Finding
from feel.dmn.nodes import TableNode, TypedNode
from feel.exchange import format_value
from feel.inference import type_of
from feel.limits import PLAIN, Run
from feel.nodes import Literal, Name, Node, walk
from feel.order import equal
from feel.tables import Aggregation, HitPolicy
from feel.types import Types, conforms, kind_name
from feel.values import Value

SEVERAL_HITS = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
SUMMED = frozenset({"Any", "Null", "number", "days and time duration", "years and months duration"})
MOST = 5
PAIRS = 150_000
"""So many pairs of rules are looked at."""


def table_findings(element: str, table: TableNode, names: Types, types: Types) -> Iterator[Finding]:
    """Yield everything that is wrong with a table, and what could not be looked at."""
    cut = CutTable(element, table, names, types)
    yield from cut.wrong
    yield from _policy_findings(element, table)
    yield from _wrong_outputs(cut)
    yield from _without_effect(cut)
    twice = _inputs_twice(table)
    if not twice:
        yield from _overlaps(cut)
        yield from _searched(cut)
    unknown = [*cut.unknown, *twice]
    if unknown:
        message = f"{'；'.join(unknown[:MOST])}。空档、重叠和多余的行可能没有找全。"
        yield Finding(element, message, "unanalysed")


def _policy_findings(element: str, table: TableNode) -> Iterator[Finding]:
    """Yield what the hit policy and the columns of results want of each other."""
    for name, count in Counter(table.names).items():
        if count > 1:
            yield Finding(element, f"结果列“{name}”用了不止一次。")
    policy, aggregation = table.policy, table.aggregation
    is_aggregated = policy is HitPolicy.COLLECT and aggregation not in (Aggregation.NONE, Aggregation.COUNT)
    if is_aggregated and len(table.names) > 1:
        many = f"这张表有 {len(table.names)} 个"
        yield Finding(element, f"汇总方式 {aggregation} 只能用于一个结果列，{many}。")
    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(table.priorities):
        yield Finding(element, f"命中规则 {policy} 要按结果列的可取值排先后，而没有一列写明可取值。")


def _wrong_outputs(cut: CutTable) -> Iterator[Finding]:
    table = cut.table
    rows = [(f"第 {number} 行", row) for number, row in enumerate(table.results, 1)]
    for named, row in [*rows, ("缺省", table.defaults)]:
        for place, result in enumerate(row):
            message = "" if result is None else _of_result(cut, place, result)
            if message:
                yield Finding(cut.element, f"{named}的“{table.names[place] or '结果'}”{message}", "type")


def _of_result(cut: CutTable, place: int, result: Node) -> str:
    """Return what is wrong with a result of a column; empty if nothing is."""
    wrong = _of_wrong_type(cut, result) or _outside(cut.table.priorities[place], result)
    inner = _inner(result)
    if not wrong and constant(inner) == (None,) and not isinstance(inner, Literal):
        return "永远为空，写法不对。"
    if not wrong and cut.table.aggregation is Aggregation.SUM:
        kind = type_of(inner, {})
        if kind is not None and kind.kind not in SUMMED:
            return f"给出的是{kind_name(kind.kind)}，不能求和。"
    return wrong


def _of_wrong_type(cut: CutTable, result: Node) -> str:
    declared, found = declared_type(result, cut.types), type_of(_inner(result), {})
    if declared is None or found is None or found.kind == "Any" or conforms(found, declared):
        return ""
    return f"给出的是{kind_name(found.kind)}，而这一列是{kind_name(declared.kind)}。"


def _outside(allowed: tuple[Node, ...], result: Node) -> str:
    """Return what to say of a result that is not among the values of its column; empty if it is, or who knows."""
    found, known = constant(_inner(result)), [constant(value) for value in allowed]
    if found is None or found[0] is None or not known or None in known:
        return ""
    if any(_same(found[0], value[0]) for value in known if value is not None):
        return ""
    return f"给出 {format_value(found[0])}，不在这一列的可取值里。"


def _same(one: Value, other: Value) -> bool:
    return equal(Run(PLAIN), one, other) is True


def _without_effect(cut: CutTable) -> Iterator[Finding]:
    """Yield the rules with a cell that no value of its column can meet."""
    for rule in range(len(cut.table.tests)):
        empty = [column.label for column in cut.columns if column.taken[rule] == frozenset()]
        if empty:
            message = f"第 {rule + 1} 行永远不会成立：“{empty[0]}”没有能满足它的取值。"
            yield Finding(cut.element, message, "unreachable")


def _inputs_twice(table: TableNode) -> list[str]:
    """Return what to say of columns that read the same names: their values go together."""
    read = [_names(node) for node in table.inputs]
    return [
        f"“{table.labels[one]}”和“{table.labels[other]}”取自同一个输入，没有分析"
        for one, other in combinations(range(len(read)), 2)
        if read[one] & read[other]
    ]


def _overlaps(cut: CutTable) -> Iterator[Finding]:
    policy, found = cut.table.policy, 0
    if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    word = "同时成立" if policy is HitPolicy.UNIQUE else "同时成立而结果不同"
    results = cut.table.results
    for count, (one, other) in enumerate(combinations(range(len(results)), 2)):
        if count > PAIRS:
            cut.unknown.append("行太多，重叠没有查完")
            return
        point = common_point(cut.columns, one, other)
        if point is None or (policy is HitPolicy.ANY and _agree(results[one], results[other])):
            continue
        if found == MOST:
            return
        found += 1
        message = f"第 {one + 1} 行和第 {other + 1} 行{word}：{cut.told(point)}。"
        yield Finding(cut.element, message, "overlap", cut.example(point))


def _agree(one: tuple[Node, ...], other: tuple[Node, ...]) -> bool:
    """Tell whether two rules certainly give the same."""
    for result, against in zip(map(_inner, one), map(_inner, other), strict=True):
        value, wanted = constant(result), constant(against)
        is_same = result == against if value is None or wanted is None else _same(value[0], wanted[0])
        if not is_same:
            return False
    return True


def _searched(cut: CutTable) -> Iterator[Finding]:
    try:
        if cut.table.policy not in SEVERAL_HITS and not any(cut.table.defaults):
            yield from _gaps(cut)
        if cut.table.policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            yield from _hidden(cut)
    except TooLargeError:
        cut.unknown.append("组合太多，没有查完")


def _gaps(cut: CutTable) -> Iterator[Finding]:
    rules = (1 << len(cut.table.tests)) - 1
    search = Search(cut.columns, unknown=True)
    for count, point in enumerate(search.free_points(rules, [None] * len(cut.columns)), 1):
        if count > MOST:
            return
        yield Finding(cut.element, f"没有一行管到：{cut.told(point)}。", "gap", cut.example(point))


def _hidden(cut: CutTable) -> Iterator[Finding]:
    """Yield the rules whose every input is taken by rules that go before them."""
    search = Search(cut.columns, unknown=False)
    for rule in range(len(cut.table.tests)):
        within = [column.taken[rule] for column in cut.columns]
        before = sum(1 << other for other in _before(cut.table, rule))
        if not before or frozenset() in within:
            continue
        search.covered.clear()
        if next(search.free_points(before, within), None) is None:
            point = tuple(min(part) if part else 0 for part in within)
            message = f"第 {rule + 1} 行永远轮不到：它管的都被更优先的行先管了，例如 {cut.told(point)}。"
            yield Finding(cut.element, message, "unreachable", cut.example(point))


def _before(table: TableNode, rule: int) -> list[int]:
    """Return the rules that are preferred to one when both hold."""
    if table.policy is HitPolicy.FIRST:
        return list(range(rule))
    ranks = [_rank(table, row) for row in table.results]
    return [other for other, rank in enumerate(ranks) if rank < ranks[rule]]


def _rank(table: TableNode, row: tuple[Node, ...]) -> tuple[int, ...]:
    return tuple(
        next((n for n, one in enumerate(values) if one == _inner(result)), len(values))
        for result, values in zip(row, table.priorities, strict=True)
    )


def _inner(node: Node) -> Node:
    return node.inner if isinstance(node, TypedNode) else node


def _names(node: Node) -> set[str]:
    return {here.name for here in walk(node) if isinstance(here, Name)}

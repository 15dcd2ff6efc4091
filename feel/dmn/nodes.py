"""Two nodes that only decision models have: a decision table, and an expression with a declared type."""

from __future__ import annotations

from collections.abc import Callable

from feel.compiler.membership import INPUT, cell
from feel.compiler.scope import Compiler, rule
from feel.costs import table_weight, weight
from feel.dmn.model import TableHit
from feel.inference import infers, type_of
from feel.limits import Run
from feel.nodes import Literal, Node, TypeName, UnaryTests
from feel.tables import Aggregation, Hit, HitPolicy, Outputs, OverlapError, settle
from feel.types import ANY, Type, Types, UnknownTypeError, coerced, resolve
from feel.values import Code, Frame, Value

Check = Callable[[Frame, Value], "bool | None"]
Row = tuple[list[tuple[int, Check]], list[Code], int]
"""A rule: its checks with their columns, its outputs, and the fuel of these."""


class TypedNode(Node):
    """An expression whose value must fit a type, or becomes null."""

    inner: Node
    type: TypeName


class TableNode(Node):
    """A decision table; the rows of `tests` and `results` are its rules."""

    policy: HitPolicy
    aggregation: Aggregation
    labels: tuple[str, ...]
    inputs: tuple[Node, ...]
    allowed: tuple[UnaryTests | None, ...]
    names: tuple[str, ...]
    priorities: tuple[tuple[Node, ...], ...]
    defaults: tuple[Node | None, ...]
    tests: tuple[tuple[UnaryTests, ...], ...]
    results: tuple[tuple[Node, ...], ...]


@rule(TypedNode)
def typed(compiler: Compiler, node: TypedNode) -> Code:
    """Compile an expression with a declared type."""
    code, span = compiler.code(node.inner), node.span
    try:
        declared = resolve(node.type, compiler.types)
    except UnknownTypeError:
        return code
    if declared is ANY or declared.kind == "Any":
        return code

    def value(frame: Frame) -> Value:
        does_fit, found = coerced(frame[0], code(frame), declared)
        return found if does_fit else frame[0].warn("coercion", span, declared.kind)

    return value


@infers(TypedNode)
def _declared_type(node: TypedNode, names: Types) -> Type | None:
    inner = type_of(node.inner, names)
    return inner if inner is not None and inner.kind == node.type.name else Type(node.type.name)


@rule(TableNode)
def table(compiler: Compiler, node: TableNode) -> Code:
    """Compile a decision table: inputs are computed once, cells checked row by row."""
    inputs = [compiler.code(expression) for expression in node.inputs]
    allowed = [None if tests is None else _column_check(compiler, tests) for tests in node.allowed]
    rows = _rows(compiler, node)
    priorities = [[compiler.code(value) for value in values] for values in node.priorities]
    defaults = _defaults(compiler, node)
    cost, span = table_weight(tests for row in node.tests for tests in row), node.span

    def value(frame: Frame) -> Value:
        run: Run = frame[0]
        run.spend(cost)
        given = tuple(code(frame) for code in inputs)
        for check, one in zip(allowed, given, strict=True):
            if check is not None and one is not None and check(frame, one) is not True:
                return run.warn("coercion", span)
        hits = _hits(frame, rows, given, first=node.policy is HitPolicy.FIRST)
        decisive = None
        if run.explaining:
            run.spend(cost)
            decisive = _decisive(frame, rows, given, node.policy)
        if not hits:
            found = None if defaults is None else defaults(frame)
        else:
            ranks = tuple(tuple(code(frame) for code in values) for values in priorities)
            try:
                found = settle(run, node.policy, node.aggregation, Outputs(node.names, ranks), hits)
            except OverlapError as overlap:
                run.warn("overlap", span, str(overlap))
                found = None
        run.tables.append(TableHit(given, tuple(hit.rule for hit in hits), found, node.labels, decisive))
        return found

    return value


def _rows(compiler: Compiler, node: TableNode) -> list[Row]:
    return [
        (
            [(place, _column_check(compiler, tests)) for place, tests in enumerate(row) if tests.tests],
            [compiler.code(result) for result in results],
            sum(map(weight, results)),
        )
        for row, results in zip(node.tests, node.results, strict=True)
    ]


def _column_check(compiler: Compiler, tests: UnaryTests) -> Check:
    """Return the check of a cell; `?` in it is the input of its column."""
    slot = compiler.bind(INPUT)
    check, asks = cell(compiler, tests)
    compiler.release(1)
    if not asks:
        return check

    def asking(frame: Frame, value: Value) -> bool | None:
        frame[slot] = value
        return check(frame, value)

    return asking


def _hits(frame: Frame, rows: list[Row], given: tuple[Value, ...], *, first: bool) -> list[Hit]:
    hits = []
    for number, (checks, results, cost) in enumerate(rows, 1):
        for place, check in checks:
            if check(frame, given[place]) is not True:
                break
        else:
            frame[0].spend(cost)
            hits.append(Hit(number, tuple(result(frame) for result in results)))
            if first:
                break
    return hits


def _decisive(frame: Frame, rows: list[Row], given: tuple[Value, ...], policy: HitPolicy) -> tuple[int, ...]:
    """Return the places of the columns that let a rule hold, or alone kept one from holding."""
    found: set[int] = set()
    for checks, _results, _cost in rows:
        failed = [place for place, check in checks if check(frame, given[place]) is not True]
        if not failed:
            found.update(place for place, _ in checks)
        elif len(failed) == 1:
            found.add(failed[0])
        if not failed and policy is HitPolicy.FIRST:
            break
    return tuple(sorted(found))


def _defaults(compiler: Compiler, node: TableNode) -> Code | None:
    """Return the closure of the default result, or None if no column has one."""
    if not any(node.defaults):
        return None
    nothing = Literal(node.span, None)
    codes = tuple(compiler.code(default or nothing) for default in node.defaults)
    outputs = Outputs(node.names, ())
    return lambda frame: outputs.result(Hit(0, tuple(code(frame) for code in codes)))

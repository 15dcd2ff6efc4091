"""Syntax trees to text: what is printed parses to an equal tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from feel.limits import PLAIN, Run
from feel.nodes import (
    AtLiteral,
    Between,
    Call,
    Chain,
    Comparison,
    ContextNode,
    Filter,
    For,
    FunctionNode,
    If,
    In,
    InstanceOf,
    Iteration,
    Junction,
    ListNode,
    Literal,
    Name,
    Negate,
    Node,
    Path,
    Power,
    Quantified,
    RangeNode,
    Test,
    TypeName,
    UnaryTests,
)
from feel.text import key_text, literal_of, quoted

NodeKind = TypeVar("NodeKind", bound=Node)
PRINTERS: dict[type[Node], Callable[[Node], str]] = {}
CLOSED = (Literal, AtLiteral, Name, ListNode, ContextNode, RangeNode)


def format_expression(node: Node) -> str:
    """Return the text of a tree, with brackets wherever they could matter."""
    return PRINTERS[type(node)](node)


def _printer(kind: type[NodeKind]) -> Callable[[Callable[[NodeKind], str]], Callable[[NodeKind], str]]:
    def register(printer: Callable[[NodeKind], str]) -> Callable[[NodeKind], str]:
        PRINTERS[kind] = printer  # type: ignore[assignment]  # the table pairs each kind with its own printer
        return printer

    return register


def _inner(node: Node) -> str:
    """Return the text of an operand."""
    text = format_expression(node)
    return text if isinstance(node, CLOSED) and not text.startswith("-") else f"({text})"


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(format_expression(node) for node in nodes)


@_printer(Literal)
def _literal(node: Literal) -> str:
    return quoted(node.value) if isinstance(node.value, str) else literal_of(Run(PLAIN), node.value)


@_printer(AtLiteral)
def _at_literal(node: AtLiteral) -> str:
    return f"@{quoted(node.text)}"


@_printer(Name)
def _name(node: Name) -> str:
    return node.name


@_printer(Path)
def _path(node: Path) -> str:
    return f"{_inner(node.base)}.{node.name}"


@_printer(Filter)
def _filter(node: Filter) -> str:
    return f"{_inner(node.base)}[{format_expression(node.condition)}]"


@_printer(Call)
def _call(node: Call) -> str:
    arguments = [format_expression(argument) for argument in node.arguments]
    if node.names:
        arguments = [f"{name}: {argument}" for name, argument in zip(node.names, arguments, strict=True)]
    return f"{_inner(node.function)}({', '.join(arguments)})"


@_printer(Negate)
def _negate(node: Negate) -> str:
    return (
        f"-{_inner(node.operand)}" if not isinstance(node.operand, Literal) else f"-({_inner(node.operand)})"
    )


@_printer(Chain)
def _chain(node: Chain) -> str:
    return _inner(node.first) + "".join(f" {sign} {_inner(operand)}" for sign, operand in node.rest)


@_printer(Power)
def _power(node: Power) -> str:
    return f"{_inner(node.base)} ** {_inner(node.exponent)}"


@_printer(Junction)
def _junction(node: Junction) -> str:
    return f" {node.operator} ".join(_inner(operand) for operand in node.operands)


@_printer(Comparison)
def _comparison(node: Comparison) -> str:
    return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"


@_printer(Between)
def _between(node: Between) -> str:
    return f"{_inner(node.value)} between {_inner(node.low)} and {_inner(node.high)}"


@_printer(In)
def _in(node: In) -> str:
    return f"{_inner(node.value)} in ({_listed(node.tests)})"


@_printer(InstanceOf)
def _instance_of(node: InstanceOf) -> str:
    return f"{_inner(node.value)} instance of {_type(node.type)}"


@_printer(If)
def _if(node: If) -> str:
    condition, then, otherwise = map(format_expression, (node.condition, node.then, node.otherwise))
    return f"if {condition} then {then} else {otherwise}"


@_printer(For)
def _for(node: For) -> str:
    return f"for {_iterations(node.iterations)} return {format_expression(node.body)}"


@_printer(Quantified)
def _quantified(node: Quantified) -> str:
    return f"{node.quantifier} {_iterations(node.iterations)} satisfies {format_expression(node.body)}"


@_printer(ListNode)
def _list(node: ListNode) -> str:
    return f"[{_listed(node.items)}]"


@_printer(ContextNode)
def _context(node: ContextNode) -> str:
    return (
        "{" + ", ".join(f"{key_text(key)}: {format_expression(value)}" for key, value in node.entries) + "}"
    )


@_printer(RangeNode)
def _range(node: RangeNode) -> str:
    if node.start is None or node.end is None:
        end = node.end if node.start is None else node.start
        sign = ("<" if node.start is None else ">") + (
            "=" if node.start_included or node.end_included else ""
        )
        return f"({sign} {_inner(end)})" if end is not None else "null"
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{_inner(node.start)}..{_inner(node.end)}{closing}"


@_printer(Test)
def _test(node: Test) -> str:
    return f"{node.operator} {_inner(node.operand)}"


@_printer(FunctionNode)
def _function(node: FunctionNode) -> str:
    parameters = (name if kind is None else f"{name}: {_type(kind)}" for name, kind in node.parameters)
    body = "external {}" if node.body is None else format_expression(node.body)
    return f"function({', '.join(parameters)}) {body}"


@_printer(UnaryTests)
def _unary_tests(node: UnaryTests) -> str:
    if not node.tests:
        return "-"
    return f"not({_listed(node.tests)})" if node.negated else _listed(node.tests)


def _iterations(iterations: tuple[Iteration, ...]) -> str:
    return ", ".join(
        f"{one.name} in {format_expression(one.domain)}"
        + (f" .. {format_expression(one.end)}" if one.end is not None else "")
        for one in iterations
    )


def _type(kind: TypeName) -> str:
    inner = [_type(argument) for argument in kind.arguments]
    if kind.keys:
        inner = [f"{key}: {text}" for key, text in zip(kind.keys, inner, strict=True)]
    brackets = f"<{', '.join(inner)}>" if inner or kind.result else ""
    return f"{kind.name}{brackets}" + (f"->{_type(kind.result)}" if kind.result else "")

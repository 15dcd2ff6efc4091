"""A model looked through before it is used: names, types, and what its tables leave out, cover twice or never reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from feel.builtins import BUILTINS
from feel.clashes import clashes
from feel.dmn.model import Decision, Finding, InputData, Model
from feel.dmn.nodes import TableNode
from feel.dmn.table_findings import table_findings
from feel.inference import type_of
from feel.nodes import Filter, Literal, Name, Node, children, walk
from feel.spelling import nearest
from feel.types import Type, Types, kind_name


def analyse(model: Model, functions: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Yield everything that is wrong with a model; `functions` are those that the host lends to expressions."""
    yield from model.findings
    own = [part for part in model.parts.values() if part.key.startswith(f"{model.namespace}#")]
    for name, count in Counter(part.name for part in own).items():
        if count > 1:
            yield Finding(name, f"名称“{name}”用了不止一次：引用它的只见得到其中一个。", "name")
    for part in own:
        if isinstance(part, Decision):
            yield from _of_decision(model, part, functions)


def _of_decision(model: Model, part: Decision, functions: frozenset[str]) -> Iterator[Finding]:
    if part.body is None or part.node is None:
        return
    if not part.body.text and isinstance(part.node, Literal):
        yield Finding(part.name, f"“{part.name}”还没有写怎么决定，结果总是空。")
    names = {one.name for one in part.requirements} | {
        one.through for one in part.requirements if one.through
    }
    types = _types(model, part)
    yield from _unknown(part, names, functions, types)
    text = part.body.text
    for clash in clashes(part.node, types):
        written = text[clash.span[0] : clash.span[1]]
        message = f"“{written}”永远为空：{kind_name(clash.left)}和{kind_name(clash.right)}不能这样放在一起。"
        yield Finding(part.name, message, "type")
    for table in _tables(part.node):
        yield from table_findings(part.name, table, types, model.types)


def _unknown(part: Decision, names: set[str], functions: frozenset[str], types: Types) -> Iterator[Finding]:
    assert part.body is not None and part.node is not None  # noqa: S101 PT018 - callers have looked
    for name in sorted(part.body.functions - names - functions):
        yield _of_name(part, name, f"没有函数“{name}”。", {*names, *functions, *BUILTINS})
    asked = part.body.names & set(_certain(part.node, types))
    for name in sorted(asked - names - functions - part.body.functions):
        yield _of_name(part, name, f"没有名称“{name}”：要引用的输入和决策须在图上连线。", names)


def _certain(node: Node, types: Types) -> Iterator[str]:
    """Yield the names that only the scope can supply: within a filter an entry of the item may bear the name."""
    pending: list[tuple[Node, tuple[Type | None, ...]]] = [(node, ())]
    while pending:
        here, items = pending.pop()
        if isinstance(here, Name) and not any(_may_have(item, here.name) for item in items):
            yield here.name
        inside = (*items, type_of(here.base, types)) if isinstance(here, Filter) else items
        pending += [
            (part, inside if isinstance(here, Filter) and part is here.condition else items)
            for part in children(here)
        ]


def _may_have(filtered: Type | None, name: str) -> bool:
    """Tell whether an item of what is filtered may be a context with that key."""
    item = (
        filtered.inner[0] if filtered is not None and filtered.kind == "list" and filtered.inner else filtered
    )
    if item is None or item.kind in ("Any", "list"):
        return True
    return item.kind == "context" and (not item.keys or name in item.keys)


def _of_name(part: Decision, name: str, message: str, known: set[str]) -> Finding:
    meant = nearest(name, known)
    return Finding(part.name, f"{message}是不是“{meant}”？" if meant else message, "name")


def _types(model: Model, part: Decision) -> dict[str, Type]:
    """Return the types of the names that a decision reads directly."""
    found = {}
    for one in part.requirements:
        target = model.parts.get(one.key)
        is_function = isinstance(target, Decision) and target.is_knowledge
        if isinstance(target, InputData | Decision) and not is_function and not one.through:
            found[one.name] = target.type
    return found


def _tables(node: Node) -> Iterator[TableNode]:
    return (here for here in walk(node) if isinstance(here, TableNode))

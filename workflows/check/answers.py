"""What expressions take from forms and operations, against what these ask and give."""

from collections.abc import Iterator

from feel.nodes import Comparison, Literal, Name, Path, walk
from feel.nodes import Node as Expression
from forms.model import Field, Form, Group, Kind, Rows, inline
from rules.errors import UnknownWordError
from rules.vocabulary import choices
from workflows.catalogue import OPERATIONS
from workflows.check.names import Read, reads_of
from workflows.check.signing import FormOf
from workflows.engine import Finding, Fix, Spec
from workflows.rounds import RESULT, SIGNATURES

SIGNED = {RESULT, SIGNATURES}
"""What a round adds to the answers of a step; signers may be added to any step."""


def answer_findings(spec: Spec, form_of: FormOf | None) -> Iterator[Finding]:
    """Give answers that no form asks, results that no operation gives, choices that no question offers."""
    reads = tuple(reads_of(spec))
    for read in reads:
        yield from _parts(form_of, read)
    yield from _copied(spec, form_of)
    if form_of is not None:
        yield from _values(dict(_offered(spec, form_of)), reads)


def _parts(form_of: FormOf | None, read: Read) -> Iterator[Finding]:
    """Give answers that the form does not ask, and results that the operation does not give."""
    operation = OPERATIONS.get((read.node.get("operation") or {}).get("name", ""))
    form = form_of(read.node["form"]) if form_of is not None and read.node.get("form") else None
    for part in walk(read.tree):
        if not isinstance(part, Path) or not isinstance(part.base, Name):
            continue
        asked = form is None or part.name in keys_of(form) or part.name in SIGNED
        if part.base.name == "answers" and form is not None and not asked:
            message = (
                f"{read.told}要表单“{form.title}”里的“{part.name}”，表单没有这一项。请改正，或在表单里加上"
            )
            yield Finding(read.site.element, "answer", message)
        if part.base.name == "result" and operation is not None and part.name not in operation.outputs:
            given = "、".join(operation.outputs) or "没有"
            message = f"{read.told}要操作“{operation.title}”的结果“{part.name}”，它不给。它给的：{given}"
            yield Finding(read.site.element, "result", message)


def _copied(spec: Spec, form_of: FormOf | None) -> Iterator[Finding]:
    """Give outputs without a text that neither the operation nor the form knows."""
    for element, node in spec.nodes.items():
        operation = OPERATIONS.get((node.get("operation") or {}).get("name", ""))
        form = form_of(node["form"]) if form_of is not None and node.get("form") else None
        for name in (name for name, text in node.get("outputs", ()) if text is None):
            if operation is not None and name not in operation.outputs:
                message = f"“{node['name']}”留下“{name}”，可是操作“{operation.title}”不给它"
                yield Finding(element, "result", message, fix=_without(element, name))
            elif not node.get("operation") and form is not None and name not in keys_of(form):
                message = f"“{node['name']}”留下“{name}”，可是表单“{form.title}”不问它"
                yield Finding(element, "answer", message, fix=_without(element, name))


def _without(element: str, name: str) -> Fix:
    return Fix("remove_output", f"不留“{name}”", {"element": element, "output": name})


def _values(offered: dict[str, frozenset[object]], reads: tuple[Read, ...]) -> Iterator[Finding]:
    """Give comparisons with a text that the form's question does not offer: they are never true."""
    for read in reads:
        for name, value in map(_equation, walk(read.tree)):
            if value is not None and name in offered and value not in offered[name]:
                told = "、".join(map(str, sorted(offered[name], key=str)))
                message = f"{read.told}拿“{name}”比“{value}”，表单里没有这个选项。有：{told}"
                yield Finding(read.site.element, "value", message)


def _equation(part: Expression) -> tuple[str, object]:
    """Return the two sides of `name = literal`; null for anything else."""
    if not isinstance(part, Comparison) or part.operator not in ("=", "!="):
        return "", None
    if not isinstance(part.left, Name) or not isinstance(part.right, Literal):
        return "", None
    return part.left.name, part.right.value


def _offered(spec: Spec, form_of: FormOf) -> Iterator[tuple[str, frozenset[object]]]:
    """Yield the variables that only copies of one choice set, with the values of that choice."""
    sources: dict[str, set[tuple[str, str] | None]] = {}
    for node in spec.nodes.values():
        for name, text in node.get("outputs", ()):
            is_answer = text == f"answers.{(text or '').removeprefix('answers.')}" and node.get("form")
            source = (node["form"], (text or "").removeprefix("answers.")) if is_answer else None
            sources.setdefault(name, set()).add(source)
    for name, found in sources.items():
        values = [_values_of(form_of(one[0]), one[1]) if one else frozenset() for one in found]
        if all(values):
            yield name, frozenset().union(*values)


def _values_of(form: Form | None, key: str) -> frozenset[object]:
    if form is None:
        return frozenset()
    for part in inline(form.components):
        if isinstance(part, Field) and part.key == key and part.kind is Kind.CHOICE and part.answer == "text":
            try:
                found = [one.value for one in part.options] or [
                    code for code, _ in choices(part.source or "")
                ]
            except UnknownWordError:
                return frozenset()
            return frozenset(found)
    return frozenset()


def keys_of(form: Form) -> frozenset[str]:
    """Return the names that the answers of a form have at their outermost level."""
    found: set[str] = set()
    for part in inline(form.components):
        if isinstance(part, Field) and part.key:
            found.add(part.key)
        elif isinstance(part, Rows | Group) and part.path:
            found.add(part.path)
    return frozenset(found)

"""What the standard asks of single elements: label, inputs, roles, fields, wall, events that they must hear."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

import feel
from forms.model import Component, Field, Form, Group, Rows
from rules.articles import Article
from rules.demands import Ask, Trust
from rules.roles import ROLES
from workflows.check.flags import written_values
from workflows.check.signing import FormOf
from workflows.engine import Finding, Fix, Spec, names_of, spaced_names, tree_of
from workflows.engine.model import Node

LETS_GO_ON = "~"
Told = Iterator[tuple[str, str, Fix | None]]


class Asked(Struct, frozen=True):
    """An element, what an article asks of it, and where its form and surroundings are found."""

    article: Article
    ask: Ask
    element: str
    node: Node
    spec: Spec
    form: Form | None


def ask_findings(article: Article, spec: Spec, form_of: FormOf | None) -> Iterator[Finding]:
    """Give what elements lack that call an operation which the article asks something of."""
    for ask in (one for one in article.asks if one.process == spec.key):
        for element, node in spec.nodes.items():
            if (node.get("operation") or {}).get("name") != ask.operation:
                continue
            form = form_of(node["form"]) if form_of is not None and node.get("form") else None
            asked = Asked(article, ask, element, node, spec, form)
            for check in CHECKS:
                for rule, message, fix in check(asked):
                    yield Finding(element, rule, f"{article.name}：“{node['name']}”{message}", fix=fix)


def trust_findings(article: Article, spec: Spec) -> Iterator[Finding]:
    """Give what sets a variable that a duty of the article hangs on, and may not."""
    for trust in (one for one in article.trusts if one.process == spec.key):
        for element, node in spec.nodes.items():
            for name, text in written_by(node):
                if name in trust.variables and not _is_trusted(trust, node, text):
                    message = f"不能改“{name}”：{article.name}要做的事看它的值。请换一个变量名"
                    yield Finding(element, "article_variable", f"“{node['name']}”{message}")


def labels_of(node: Node) -> list[str]:
    """Return the articles that an element is labelled with."""
    return (node.get("article") or "").replace(",", " ").split()


def plain(text: str) -> str:
    """Return an expression in one spelling; as it stands if it cannot be read without its surroundings."""
    try:
        return feel.format_expression(tree_of(text))
    except feel.FeelSyntaxError:
        return text


def _label(asked: Asked) -> Told:
    if (key := asked.article.key) not in (labels := labels_of(asked.node)):
        told = " ".join(sorted({*labels, key}, key=_as_number))
        fix = Fix("set_article", f"写上{asked.article.name}", {"element": asked.element, "article": told})
        yield "article_label", "办的是这一条的事，但没有写条款", fix


def _inputs(asked: Asked) -> Told:
    given = dict(asked.node["operation"]["inputs"])
    for name, text in asked.ask.inputs.items():
        if name not in given or plain(given[name] or name) != plain(text):
            arguments = {"element": asked.element, "input": name, "value": text}
            yield "article_input", f"的输入“{name}”要是 {text}", Fix("set_input", "改过来", arguments)


def _roles(asked: Asked) -> Told:
    roles = asked.ask.roles
    step = asked.spec.steps.get(asked.element)
    found = set() if step is None else _roles_of(step.role, asked.node, spaced_names(asked.spec.compiled))
    if not roles or (found and found <= set(roles)):  # a role that is not written out is none of them
        return
    named = "、".join(ROLES[role].title for role in roles)
    fix = Fix("set_role", f"改由{named}办", {"element": asked.element, "role": roles[0]})
    yield "article_role", f"要由{named}办", fix if len(roles) == 1 else None


def _roles_of(role: str | None, node: Node, names: Iterable[str]) -> set[str]:
    if node["role"] is None:
        return {role or ""}
    return {str(value) for value in written_values(tree_of(node["role"], names))}


def _fields(asked: Asked) -> Told:
    if asked.ask.fields and not asked.node.get("form"):
        yield "article_field", "没有表单，这一条要的内容没处填", None
    if asked.form is None:  # that it is not there is told elsewhere
        return
    found = dict(_fields_of(asked.form.components, ()))
    for text in asked.ask.fields:
        (key, kind), condition = text.partition(" unless ")[0].split(), text.partition(" unless ")[2]
        if problem := _field_problem(found.get(key), kind, condition):
            yield "article_field", f"的表单“{asked.form.title}”{problem.format(key=key)}", None


class Shown(Struct, frozen=True):
    """A question of a form with the conditions on which it is hidden."""

    part: Field | Rows
    hidden: tuple[str, ...]


def _fields_of(parts: tuple[Component, ...], hidden: tuple[str, ...]) -> Iterator[tuple[str, Shown]]:
    for part in parts:
        here = (*hidden, part.hide) if part.hide else hidden
        if isinstance(part, Group) and part.path is None:
            yield from _fields_of(part.components, here)
        elif isinstance(part, Rows):
            yield part.path, Shown(part, here)
        elif isinstance(part, Field) and part.stored:
            yield part.key, Shown(part, here)


def _field_problem(shown: Shown | None, kind: str, condition: str) -> str:
    if shown is None:
        return "没有“{key}”这一项，请加上"
    if (kind == "rows") != isinstance(shown.part, Rows):
        return "的“{key}”换了样子，请改回来"
    if isinstance(shown.part, Rows):
        is_asked = bool(shown.part.min_rows or shown.part.source)
    else:
        if shown.part.kind != kind:
            return "的“{key}”换了样子，请改回来"
        is_asked = shown.part.required and not shown.part.readonly
    if not is_asked:
        return "的“{key}”可以不填，请改成必填"
    if any(plain(text) != (plain(condition) if condition else "") for text in shown.hidden):
        return "的“{key}”会被隐藏，请改成" + (f"只在 {condition} 时隐藏" if condition else "总是显示")
    return ""


def _wall(asked: Asked) -> Told:
    if asked.ask.wall and not asked.node.get("wall"):
        fix = Fix("set_wall", "设为不能退回", {"element": asked.element})
        yield "article_wall", "办完以后不能再退回，请设为“不能退回”", fix


def _listens(asked: Asked) -> Told:
    nodes, hosts = asked.spec.nodes, set(_around(asked.spec, asked.element))
    for text in asked.ask.listens:
        name, lets_go_on = text.removeprefix(LETS_GO_ON), text.startswith(LETS_GO_ON)
        heard = any(
            node.get("attached") in hosts
            and (node["event"] or {}).get("name") == name
            and node["interrupting"] is not lets_go_on
            for node in nodes.values()
        )
        if not heard:
            how = "不中断" if lets_go_on else "中断"
            yield "article_event", f"上要挂等消息“{name}”的边界事件（{how}）", None


def _around(spec: Spec, element: str) -> Iterator[str]:
    """Yield an element and the sub-processes that it stands in."""
    scopes = spec.compiled["scopes"]
    at: str | None = element
    while at is not None:
        yield at
        at = next((key for key, scope in scopes.items() if at in scope["nodes"]), None)


def written_by(node: Node) -> Iterator[tuple[str, str | None]]:
    """Yield the variables that an element sets, with the texts of their values."""
    yield from node.get("outputs", ())
    loop = node.get("loop") or {}
    yield from ((loop[name], "null") for name in ("output", "item") if loop.get(name))


def _is_trusted(trust: Trust, node: Node, text: str | None) -> bool:
    is_of_operation = (node.get("operation") or {}).get("name") in trust.by
    if text is None:
        return is_of_operation
    if plain(text) not in {plain(one) for one in trust.texts}:
        return False
    return is_of_operation or not names_of(plain(text))


def _as_number(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (100, key)


CHECKS: tuple[Callable[[Asked], Told], ...] = (_label, _inputs, _roles, _fields, _wall, _listens)

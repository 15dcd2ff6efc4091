"""Checks of expressions: each text at each place of a diagram is compiled before it can ever run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import feel
from workflows.engine.errors import Finding
from workflows.engine.facets import sites_of
from workflows.engine.model import Node, Site
from workflows.engine.timing import ROUNDS, feel_text

PLACES = {
    "title": "标题",
    "condition": "条件",
    "due": "期限",
    "assignee": "办理人",
    "role": "角色",
    "signers": "会签人",
    "input": "输入",
    "output": "输出",
    "correlation": "关联键",
    "event": "条件事件",
    "timer": "定时",
    "instances": "多实例次数",
    "until": "多实例完成条件",
    "loop": "循环条件",
}


HOST_FUNCTIONS = frozenset({"workdays", "add workdays", "start of day", "end of day"})
"""What every host lends to expressions; a call of another function that FEEL does not have is a finding."""


def site_findings(compiled: Node) -> Iterator[Finding]:
    """Yield a finding for each expression that is not FEEL, with the place in the text."""
    names = tuple(sorted(spaced_names(compiled) | HOST_FUNCTIONS))
    for site in sites_of(compiled):
        text = feel_of(site)
        if text is None:
            continue
        told = _told(site)
        try:
            unknown = feel.references(text, names).functions - HOST_FUNCTIONS
        except feel.FeelSyntaxError as error:
            yield Finding(site.element, "feel", f"{told}写得不对：{site.text} —— {error}")
            continue
        for name in sorted(unknown):
            yield Finding(site.element, "function", f"{told}用了没有的函数“{name}”。")


def _told(site: Site) -> str:
    place, _, which = site.site.partition(":")
    return f"“{site.element}”的{PLACES[place]}" + (f"“{which}”" if which else "")


def tree_of(text: str, names: Iterable[str] = ()) -> feel.nodes.Node:
    """Return the tree of an expression, told the variables with a space in their names. Raises: FeelSyntaxError."""
    return feel.parse(text, tuple(sorted({*names, *HOST_FUNCTIONS})))


def names_of(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """Return the variables that an expression reads, told those with a space. Raises: FeelSyntaxError."""
    return frozenset(feel.references(text, tuple(sorted({*names, *HOST_FUNCTIONS}))).names)


def feel_of(site: Site) -> str | None:
    """Return the FEEL text of an expression, None for a cycle, which is written in another language."""
    if site.site != "timer":
        return site.text
    return None if ROUNDS.match(site.text) else feel_text(site.text)


def spaced_names(compiled: Node) -> set[str]:
    """Return the variables with a space in their names, which the language must be told of."""
    return {
        name
        for scope in compiled["scopes"].values()
        for node in scope["nodes"].values()
        for name, _ in node.get("outputs", ())
        if " " in name
    }

"""Checks of expressions: each text at each place of a diagram is compiled before it can ever run."""

from __future__ import annotations

from collections.abc import Iterator

import feel
from workflows.engine.errors import Finding
from workflows.engine.facets import sites_of
from workflows.engine.model import Node, Site
from workflows.engine.timing import CYCLE, feel_text

PLACES = {
    "title": "标题",
    "condition": "条件",
    "due": "期限",
    "assignee": "办理人",
    "role": "角色",
    "input": "输入",
    "output": "输出",
    "correlation": "关联键",
    "event": "条件事件",
    "timer": "定时",
    "instances": "多实例次数",
    "until": "多实例完成条件",
    "loop": "循环条件",
}


def site_findings(compiled: Node) -> Iterator[Finding]:
    """Yield a finding for each expression that is not FEEL, with the place in the text."""
    names = tuple(sorted(_spaced_names(compiled)))
    for site in sites_of(compiled):
        text = _text(site)
        if text is None:
            continue
        try:
            feel.compile(text, names)
        except feel.FeelSyntaxError as error:
            place, _, which = site.site.partition(":")
            told = f"{PLACES[place]}“{which}”" if which else PLACES[place]
            yield Finding(site.element, "feel", f"“{site.element}”的{told}写得不对：{site.text} —— {error}")


def _text(site: Site) -> str | None:
    if site.site != "timer":
        return site.text
    return None if CYCLE.fullmatch(site.text) else feel_text(site.text)


def _spaced_names(compiled: Node) -> set[str]:
    """Return the variables with a space in their names, which the language must be told of."""
    return {
        name
        for scope in compiled["scopes"].values()
        for node in scope["nodes"].values()
        for name, _ in node.get("outputs", ())
        if " " in name
    }

"""Whether a step's last day can be later than the rules in force allow (第十九条 and others)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

import feel
from rules.articles import Article
from rules.deadlines import AGREED, RULES, deadline
from rules.demands import Ask, Term
from rules.working_days import LEGAL_ZONE, published_calendar
from workflows.check.asks import plain, written_by
from workflows.check.ways import ways_of
from workflows.engine import Finding, Fix, Spec, literal
from workflows.engine.model import Node
from workflows.host import feel_host

SETTING = "set_deadline"
STRICTEST = "major"
SAMPLES, EVERY = 24, timedelta(days=31)
"""So many days are tried from which a term may run, so many apart: two years, with holidays in between."""
LATER = timedelta(days=400)
"""A step may be opened so much later than its term began: today is no day to reckon from."""


def term_findings(article: Article, spec: Spec) -> Iterator[Finding]:
    """Give what loosens the terms of an article: steps without theirs, and days that are set too late."""
    terms = {term.step_kind: term for term in article.terms if term.process == spec.key}
    for ask in (one for one in article.asks if one.process == spec.key and one.deadline):
        term = terms.get(ask.deadline)
        yield from _delayed(article, ask, term, spec) if term is not None and term.prompt else ()
        for element, node in spec.nodes.items():
            if (node.get("operation") or {}).get("name") == ask.operation:
                yield from _of_step(article, ask, term, element, node)
    for term in terms.values():
        yield from _set(article, term, spec)


def _set(article: Article, term: Term, spec: Spec) -> Iterator[Finding]:
    """Give what sets the day of a term too late, or so that nobody can tell."""
    for element, node in spec.nodes.items():
        for name, text in written_by(node):
            if name == f"{term.step_kind}_due" and not _is_set_rightly(term, node, text):
                message = f"定的期限会比规则晚，或者看不出不会晚。请用“算期限”，种类 {term.kind}"
                yield Finding(element, "article_deadline", f"{article.name}：“{node['name']}”{message}")


def _delayed(article: Article, ask: Ask, term: Term, spec: Spec) -> Iterator[Finding]:
    """Give timers that keep a step back once its term runs: it would be opened when it is late already."""
    ways = ways_of(spec)
    marks = ways.marks
    begins = [one for one in marks if not marks[one].isdisjoint(term.by)]
    carriers = [one for one in marks if ask.operation in marks[one]]
    for element in sorted(ways.behind(begins, carriers) - {ways.end}):
        node = spec.nodes.get(element)
        is_timer = node is not None and node["type"] == "intermediateCatchEvent" and _is_timed(node)
        if is_timer and not ways.behind([element], carriers).isdisjoint(carriers):
            kept = spec.nodes[carriers[0]]["name"]
            message = f"“{spec.nodes[element]['name']}”让“{kept}”在期限起算以后才开始等，请把定时移开"
            yield Finding(element, "article_deadline", f"{article.name}：{message}")


def _is_timed(node: Node) -> bool:
    return (node["event"] or {}).get("kind") == "timer"


def _of_step(article: Article, ask: Ask, term: Term | None, element: str, node: Node) -> Iterator[Finding]:
    due = node.get("due")
    if due is None and node.get("deadline") == ask.deadline:
        return
    if due is not None and term is not None and _is_within(term, due, {}):
        return
    told = "自己写的期限会比规则晚，或者看不出不会晚" if due else "没有这一条的期限"
    fix = Fix("set_deadline", "按规则定期限", {"element": element, "deadline": ask.deadline})
    message = f"{article.name}：“{node['name']}”{told}，请把期限种类改成 {ask.deadline}"
    yield Finding(element, "article_deadline", message, fix=fix)


def _is_set_rightly(term: Term, node: Node, text: str | None) -> bool:
    operation = node.get("operation") or {}
    is_trusted = operation.get("name") in term.by
    if is_trusted and operation["name"] == SETTING:
        is_trusted = _is_asked_rightly(term, dict(operation["inputs"]))
    if text is None:
        return is_trusted
    if is_trusted and plain(text) in ("result.due", f"result.{term.step_kind}_due"):
        return True
    return _is_within(term, text, {"result": is_trusted})


def _is_asked_rightly(term: Term, inputs: Mapping[str, str | None]) -> bool:
    """Tell whether the rules are asked for the right kind, from the right day on."""
    anchor = inputs.get("anchor")
    if "anchor" in inputs and anchor is None:
        anchor = "anchor"
    is_anchored = anchor is None
    if term.anchors:
        is_anchored = anchor is not None and plain(anchor) in map(plain, term.anchors)
    is_level = plain(inputs.get("level") or "level") == "level"
    return literal(inputs.get("kind")) == term.kind and "due" not in inputs and is_anchored and is_level


def _is_within(term: Term, text: str, known: Mapping[str, bool]) -> bool:
    """Tell whether a day that is reckoned by itself never comes after the rules' own, on all days tried."""
    if RULES[term.kind].parameter == AGREED:
        return plain(text) == f"{term.step_kind}_due"
    calendar = published_calendar()
    last = calendar.published_through
    for step in range(SAMPLES):
        anchor = date(last.year - 1, 1, 1) + step * EVERY
        due = deadline(term.kind, anchor, calendar, level=STRICTEST).due
        scope: dict[str, object] = {f"{term.step_kind}_due": due}
        scope |= {name: anchor for name in term.anchors if name.isidentifier()}
        if known.get("result"):
            scope["result"] = {"due": due, f"{term.step_kind}_due": due}
        day = _day(text, scope, feel_host(calendar, datetime.combine(anchor + LATER, time(12), LEGAL_ZONE)))
        if day is None or day > due:
            return False
    return True


def _day(text: str, scope: Mapping[str, object], host: feel.Host) -> date | None:
    """Return the day that an expression gives, None if it gives none."""
    try:
        found = feel.evaluate(text, scope, host)
    except feel.FeelError:
        return None
    return found if isinstance(found, date) and not isinstance(found, datetime) else None

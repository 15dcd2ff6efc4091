"""The standard as a guard: a process that it knows must not lead round what an article demands (docs/howto/guard.md).

What the articles ask stands in rules/articles.toml; here it is held against a diagram and its forms.
"""

from collections.abc import Iterator

from rules.articles import Article, articles, cited
from rules.demands import END, Demand
from workflows.catalogue import OPERATIONS
from workflows.check.asks import ask_findings, trust_findings
from workflows.check.signing import FormOf
from workflows.check.terms import term_findings
from workflows.check.walk import Miss, TangledError, misses
from workflows.check.ways import Ways, ways_of
from workflows.engine import Finding, Spec

REASON = 8
"""A reason has at least so many characters beside the article's name."""
SHOWN = 6


def guard_findings(spec: Spec, form_of: FormOf | None) -> Iterator[Finding]:
    """Give how a process fails the articles; one that the standard does not know may only not act in their place."""
    yield from _elsewhere(spec)
    if all(demand.process != spec.key for article in articles() for demand in article.demands):
        return
    for article in articles():
        yield from ask_findings(article, spec, form_of)
        yield from trust_findings(article, spec)
        yield from term_findings(article, spec)
    yield from _demanded(spec)


def is_explained(article: Article, departs: str) -> bool:
    """Tell whether a process says why it departs from an article."""
    return article.key in cited(departs) and len(departs) >= len(article.name) + REASON


def _elsewhere(spec: Spec) -> Iterator[Finding]:
    """Give the calls of operations that an article puts a condition on, in a process where nobody looks at it."""
    asked = [(article, demand) for article in articles() for demand in article.demands]
    for use in spec.operations:
        entry = OPERATIONS.get(use.operation)
        guards = [article for article, demand in asked if use.operation in demand.until]
        at_home = {one.process for _, one in asked if use.operation in (*one.until, *one.by)}
        if entry is not None and guards and spec.key not in at_home:
            where = "、".join(sorted(at_home))
            message = f"{guards[0].name}：“{entry.title}”要先办完这一条要的事，只能在流程 {where} 里做"
            yield Finding(use.element, "article_elsewhere", message)


def _demanded(spec: Spec) -> Iterator[Finding]:
    ways, departs = ways_of(spec), str(spec.compiled.get("departs") or "")
    for article in articles():
        for demand in (one for one in article.demands if one.process == spec.key):
            try:
                yield from _missed(article, demand, ways, departs)
            except TangledError as error:
                message = f"图太绕，核对不了是不是每一路都做到{article.name}的“{demand.say}”。请把图画简单些"
                yield Finding(str(error).rstrip("/"), "article", message)
                return


def _missed(article: Article, demand: Demand, ways: Ways, departs: str) -> Iterator[Finding]:
    miss = next(misses(demand, ways), None)
    if miss is None:
        return
    told = _sentence(article, demand, ways, miss)
    if demand.force == "shall":
        yield Finding(miss.element, "article", f"{told}请在这一路上补上")
    elif is_explained(article, departs):
        yield Finding(miss.element, "article", f"{told}已写理由：{departs}", "W")
    else:
        hint = f"请补上，或在流程的“理由”里写明{article.name}为什么不做"
        yield Finding(miss.element, "article", f"{told}{hint}")


def _sentence(article: Article, demand: Demand, ways: Ways, miss: Miss) -> str:
    names = [str(ways.nodes[element]["name"]) for element in miss.way]
    target = "结束" if ways.nodes[miss.element]["type"] == "endEvent" and END in demand.until else names[-1]
    way = " → ".join(names[-SHOWN:])
    is_there = not demand.by or any(not marks.isdisjoint(demand.by) for marks in ways.marks.values())
    lack = "有一路绕开了" if is_there else "没有环节做"
    return f"{article.name}：到“{target}”之前要先“{demand.say}”，{lack}（{way}）。"

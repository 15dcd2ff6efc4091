"""Every article of the standard and what carries it; the only reader of articles.toml."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from rules.demands import Ask, Demand, Term, Trust

ARTICLES = Path(__file__).parent / "articles.toml"
ARTICLE_COUNT = 29
ANNEXES = ("annex-1", "annex-2")
CHAPTERS = (
    (1, "第一章 总则"),
    (4, "第二章 服务保障"),
    (12, "第三章 服务要求及内容"),
    (16, "第四章 服务流程"),
    (23, "第五章 考核评价"),
    (28, "第六章 附则"),
)
"""Each chapter by its first article."""
FORCES = {"shall": "应", "should": "宜"}
KEYS = (*(str(number) for number in range(1, ARTICLE_COUNT + 1)), *ANNEXES)

_HOW_MADE = "由 `rules/articles.toml` 生成：`.venv/bin/python -m rules.articles > docs/articles.md`。"
_DIGITS = "零一二三四五六七八九"
_CITATION = re.compile(r"第[一二三四五六七八九十、至第条]+条|附件\s?[12]")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")


class Article(Struct, frozen=True):
    """An article or annex: what carries it, or the reason why nothing does yet.

    `waiting` says why code among the targets is called by no page, diagram or command yet.
    """

    key: str
    title: str
    targets: tuple[str, ...] = ()
    reason: str = ""
    waiting: str = ""
    demands: tuple[Demand, ...] = ()
    asks: tuple[Ask, ...] = ()
    trusts: tuple[Trust, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def name(self) -> str:
        """How the standard is cited: 第十四条, 附件2."""
        return chinese_name(self.key)


@cache
def articles() -> tuple[Article, ...]:
    """Return every entry in the order of the file."""
    return parse_articles(ARTICLES.read_text(encoding="utf-8"))


def parse_articles(text: str) -> tuple[Article, ...]:
    """Return the entries of an articles file."""
    return convert(tomllib.loads(text)["article"], tuple[Article, ...])


def chinese_name(key: str) -> str:
    """Return how an article or annex is cited in Chinese."""
    if key in ANNEXES:
        return f"附件{key[-1]}"
    return f"第{_numeral(int(key))}条"


def chapter_of(key: str) -> str:
    """Return the chapter that an article stands in."""
    return next(title for first, title in reversed(CHAPTERS) if first <= int(key))


def cited(text: str) -> frozenset[str]:
    """Return the keys of the articles and annexes that a text cites, in any of the usual ways.

    第十四条; 第十二、十四条; 第十二条、第十四条; 第十六至十九条; 附件2.
    """
    found: set[str] = set()
    for citation in _CITATION.findall(text):
        found |= _keys_of(citation)
    return frozenset(found)


def flaws(entries: Sequence[Article]) -> tuple[str, ...]:
    """Return what is wrong with the entries themselves: missing, twice, or with neither target nor reason."""
    keys = [entry.key for entry in entries]
    wrong = [f"{key}: {keys.count(key)} entries" for key in KEYS if keys.count(key) != 1]
    wrong += [f"{key}: no such article" for key in keys if key not in KEYS]
    wrong += [f"{entry.key}: needs targets or a reason, not both" for entry in entries if _is_unclear(entry)]
    return tuple(wrong)


def as_markdown(entries: Iterable[Article]) -> str:
    """Return the entries as a page for people: docs/articles.md."""
    entries = tuple(entries)
    lines = [
        "# 标准的每一条由什么承担",
        "",
        _HOW_MADE,
        "",
        "| 条文 | 内容 | 由什么承担 |",
        "| --- | --- | --- |",
    ]
    for entry in entries:
        carried = "<br>".join(f"`{target}`" for target in entry.targets) or entry.reason
        waiting = f"<br>{entry.waiting}" if entry.waiting else ""
        lines.append(f"| {entry.name} | {entry.title} | {carried}{waiting} |")
    lines += _as_table(entries)
    return "\n".join(lines) + "\n"


def _as_table(entries: Iterable[Article]) -> list[str]:
    """Return what the entries demand on every way of a process, as lines; none if they demand nothing."""
    rows = [
        f"| {entry.name} | {FORCES[demand.force]} | `{demand.process}` | {demand.say} | {_marks(demand)} |"
        for entry in entries
        for demand in entry.demands
    ]
    head = ["", "## 流程图的每一路要做到的", "", "怎样核对见 docs/howto/guard.md。", ""]
    titles = ["| 条文 | 效力 | 流程 | 要先做 | 由什么做，或要成立的条件 |", "| --- | --- | --- | --- | --- |"]
    return [*head, *titles, *rows] if rows else []


def _marks(demand: Demand) -> str:
    return "、".join(f"`{mark}`" for mark in (*demand.by, demand.holds) if mark)


def _is_unclear(entry: Article) -> bool:
    return bool(entry.targets) == bool(entry.reason) or "\n" in entry.reason + entry.waiting


def _keys_of(citation: str) -> set[str]:
    if citation.startswith("附件"):
        return {f"annex-{citation[-1]}"}
    found: set[str] = set()
    for part in citation.split("、"):
        numbers = [_NUMBERS[numeral] for numeral in _NUMERAL.findall(part) if numeral in _NUMBERS]
        if numbers:
            found |= {str(number) for number in range(numbers[0], numbers[-1] + 1)}
    return found


def _numeral(number: int) -> str:
    tens, units = divmod(number, 10)
    lead = "" if tens == 1 else _DIGITS[tens]
    return (f"{lead}十" if tens else "") + (_DIGITS[units] if units else "")


_NUMBERS = {_numeral(number): number for number in range(1, ARTICLE_COUNT + 1)}

if __name__ == "__main__":
    print(as_markdown(articles()), end="")

"""The list of the inbox in an office of 10,000 items and in one of a million.

Asked is what the page asks, by the page's own queries and within the reader's scope: a page of each kind of view, all
counts, a search for two and for four characters. The reader has the same work in both offices. How deep one reads is
asked in the large office: page 100 of a pool, by its key, against page 1.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from msgspec import Struct
from sqlalchemy.orm import Session

from bench.crowd import BASE, OWN, Crowd, Seat, fill
from bench.databases import beside
from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from bench.visits import tomorrow_morning
from store.database import Database
from store.pages.inbox import Cursor, View, inbox_counts, inbox_page

COPIES = 113
"""So many copies of the others' items make a million."""
ASKED = 10
"""How often each question is asked in a round."""
DEPTH = 100
TARGET = 1.2

Question = Callable[[Session, Seat], object]


def _page(view: View, query: str = "") -> Question:
    return lambda session, seat: inbox_page(session, seat.reader, view, query=query)


QUESTIONS: Mapping[str, tuple[str, Question]] = {
    "mine": ("我的待办", _page(View.MINE)),
    "pool": ("本组待领", _page(View.POOL)),
    "overdue": ("已逾期", _page(View.OVERDUE)),
    "done": ("全部已办", _page(View.DONE)),
    "counts": ("各视图的条数", lambda session, seat: inbox_counts(session, seat.reader)),
    "two": ("搜两个字（化工）", _page(View.POOL, "化工")),
    "four": ("搜四个字（永兴化工）", _page(View.POOL, "永兴化工")),
}


class Result(Struct, frozen=True):
    """Seconds of a round by question and office, how much longer the large one takes, and page 100 than page 1."""

    database: str
    items: tuple[int, int]
    seconds: Mapping[str, Seconds]
    grown: Mapping[str, float]
    deep: float


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if a question takes more than 1.2 times as long."""

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds)

    return on_every_database(options, on, in_words, is_met, target=TARGET)


def measure(
    name: str, database: Database, rounds: int, copies: int = COPIES, base: int = BASE, depth: int = DEPTH
) -> Result:
    """Fill two offices and ask the same in both, in turn."""
    now = tomorrow_morning()
    with beside(database) as other:
        small, large = fill(database, 0, now, base), fill(other, copies, now, base, depth)
        modes = {
            f"{key} {size}": _asking(crowd, crowd.reader, question)
            for key, (_, question) in QUESTIONS.items()
            for size, crowd in (("small", small), ("large", large))
        }
        cursor = _reach(large, depth)
        modes["page 1"] = _asking(large, large.keen, _page(View.POOL))
        modes["deep page"] = _asking(
            large,
            large.keen,
            lambda session, seat: inbox_page(session, seat.reader, View.POOL, after=cursor),
        )
        seconds = interleaved(modes, rounds)
    grown = {key: ratio(seconds[f"{key} large"], seconds[f"{key} small"]) for key in QUESTIONS}
    deep = ratio(seconds["deep page"], seconds["page 1"])
    return Result(name, (small.items, large.items), seconds, grown, deep)


def _asking(crowd: Crowd, seat: Seat, question: Question) -> Callable[[], float]:
    """Return a mode that asks a question several times, each in a session of its own."""

    def ask() -> float:
        began = perf_counter()
        for _ in range(ASKED):
            with crowd.database.read(seat.scope) as session:
                question(session, seat)
        return perf_counter() - began

    return ask


def _reach(crowd: Crowd, page: int) -> Cursor:
    """Return where this page begins, turning the pages one by one."""
    cursor: Cursor | None = None
    with crowd.database.read(crowd.keen.scope) as session:
        for _ in range(page - 1):
            cursor = inbox_page(session, crowd.keen.reader, View.POOL, after=cursor).next
    if cursor is None:
        raise ValueError(f"the pool has no page {page}")
    return cursor


def is_met(result: Result) -> bool:
    """Tell whether no question takes more than 1.2 times as long in the large office, and page 100 as page 1."""
    return max(*result.grown.values(), result.deep) <= TARGET


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    small, large = result.items
    own = sum(OWN.values())
    deep = [spread(result.seconds[key], ASKED) for key in ("page 1", "deep page")]
    lines = [
        f"\n{result.database}：{small} 条与 {large} 条待办，看的人都是 {own} 条；最小 / 中位 / 最大",
        *(_line(result, key, title) for key, (title, _) in QUESTIONS.items()),
        f"  第 1 页：{deep[0]}；第 {DEPTH} 页：{deep[1]}；{_verdict(result.deep)}",
    ]
    return "\n".join(lines)


def _line(result: Result, key: str, title: str) -> str:
    times: Sequence[str] = [spread(result.seconds[f"{key} {size}"], ASKED) for size in ("small", "large")]
    return f"  {title}：{times[0]}；{times[1]}；{_verdict(result.grown[key])}"


def _verdict(times: float) -> str:
    return f"{times:.2f} 倍（目标不超过 {TARGET}，{'达到' if times <= TARGET else '没有达到'}）"

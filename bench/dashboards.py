"""The four dashboards over a year's work of a city as large as the sample `load`: 30,000 units, 230,000 hazards.

Asked is what a page asks, by the page's own queries and within the reader's scope, each time anew: nothing keeps a
result. The joint office sees all rows, an insurer an eighth of them.
"""

import argparse
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from bench.measure import Seconds, interleaved, spread
from bench.report import on_every_database
from bench.visits import tomorrow_morning
from bench.year import Year, fill
from store.database import Database
from store.measures.boards import BOARDS, board_figures
from store.measures.model import Window
from store.scope import Scope
from workflows.runtime import legal_day

SIZE = "load"
TARGET = 0.5
READERS = {"joint_office": "联席会议办公室", "insurer": "一家保险机构"}


class Result(Struct, frozen=True):
    """Seconds of a round by board and reader, and how many rows the tables have."""

    database: str
    rows: Mapping[str, int]
    seconds: Mapping[str, Seconds]


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if a dashboard takes longer than half a second on PostgreSQL."""

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds)

    return on_every_database(options, on, in_words, is_met, target=TARGET)


def measure(name: str, database: Database, rounds: int, size: str = SIZE) -> Result:
    """Fill a city and ask for each dashboard as each reader, in turn."""
    year = fill(database, size, legal_day(tomorrow_morning()))
    modes = {f"{key} {role}": _asking(database, year, key, role) for key in BOARDS for role in READERS}
    return Result(name, year.rows, interleaved(modes, rounds))


def _asking(database: Database, year: Year, key: str, role: str) -> Callable[[], float]:
    """Return a mode that asks for a dashboard, in a session of its own."""
    scope = Scope(roles=frozenset({role}))
    if role == "insurer":
        scope = replace(scope, org_id=year.insurer_id, org_kind="insurer")
    window = Window(year.first_day, year.last_day)

    def ask() -> float:
        began = perf_counter()
        with database.read(scope) as session:
            board_figures(session, BOARDS[key], window)
        return perf_counter() - began

    return ask


def is_met(result: Result) -> bool:
    """Tell whether every dashboard takes less than half a second; SQLite is told, but has no target."""
    return result.database != "PostgreSQL" or all(map(_is_fast, result.seconds.values()))


def _is_fast(seconds: Seconds) -> bool:
    return median(seconds) < TARGET


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    sizes = "，".join(f"{name} {count:,}" for name, count in sorted(result.rows.items()))
    lines = [f"\n{result.database}：{sizes}；最小 / 中位 / 最大"]
    for mode, seconds in result.seconds.items():
        key, role = mode.split()
        told = "达到" if _is_fast(seconds) else "没有达到"
        verdict = f"（目标 500 毫秒，{told}）" if result.database == "PostgreSQL" else ""
        lines.append(f"  {BOARDS[key].title}，{READERS[role]}：{spread(seconds, 1)}{verdict}")
    return "\n".join(lines)

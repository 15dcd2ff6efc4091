"""What an idle worker costs: one look for when something is due, while few and a million timers wait.

The table grows between the two, so that their rounds cannot take turns; few are measured before and many after.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import Struct
from sqlalchemy import bindparam, text

from bench.measure import Seconds, interleaved, spread
from bench.report import on_every_database
from bench.visits import found
from store.database import Database
from store.types import Moment
from worker.loop import until_due
from workflows.runtime import Runtime, wall_clock

FEW, MANY = 1_000, 1_000_000
TICKS = 50
TARGET_MILLISECONDS = 1.0
_INSERT = """
    INSERT INTO timer
        (id, due_at, case_id, task_id, element, purpose, kind, expression, calendar_version, provisional, payload)
"""
_GROW = {
    "sqlite": f"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT :count)
        {_INSERT}
        SELECT lower(hex(randomblob(16))), strftime('%Y-%m-%dT%H:%M:%f000Z', :first, n || ' seconds'),
            one.id, '', '', 'reminder', '', '', '', FALSE, '{{}}'
        FROM (SELECT id FROM cases LIMIT 1) one, numbers
    """,  # noqa: S608  # words of ours
    "postgresql": f"""
        {_INSERT}
        SELECT gen_random_uuid(), CAST(:first AS timestamptz) + n * interval '1 second',
            one.id, '', '', 'reminder', '', '', '', FALSE, '{{}}'
        FROM (SELECT id FROM cases LIMIT 1) one, generate_series(1, :count) n
    """,  # noqa: S608  # words of ours
}


class Result(Struct, frozen=True):
    """Seconds of batches of idle ticks, by how many timers wait."""

    database: str
    seconds: Mapping[str, Seconds]
    milliseconds: float
    ratio: float


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if a tick among a million timers takes a millisecond or more."""

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds, MANY)

    return on_every_database(options, on, in_words, is_met, target=TARGET_MILLISECONDS)


def measure(name: str, database: Database, rounds: int, many: int) -> Result:
    """Return how long an idle tick takes among few timers and among many."""
    with TemporaryDirectory(prefix="weiran-bench-") as folder:
        visits = found(database, Path(folder))
        visits.open()
        runtime = Runtime(database, visits.runtime.files, wall_clock)
        seconds: dict[str, Seconds] = {}
        for title, count in (("few", FEW), ("many", many)):
            _grow(database, count)
            seconds |= interleaved({title: lambda: _ticks(runtime)}, rounds)
    milliseconds = median(seconds["many"]) / TICKS * 1000
    return Result(name, seconds, milliseconds, median(seconds["many"]) / median(seconds["few"]))


def _ticks(runtime: Runtime) -> float:
    began = perf_counter()
    for _ in range(TICKS):
        if until_due(runtime) <= 0:
            raise RuntimeError("there is something to do")
    return perf_counter() - began


def _grow(database: Database, count: int) -> None:
    """Let so many timers more wait, all of them for a later hour."""
    first = wall_clock().replace(microsecond=0, year=wall_clock().year + 1)
    grown = text(_GROW[database.dialect]).bindparams(bindparam("first", type_=Moment()))
    with database.writing() as connection:
        connection.execute(grown, {"count": count, "first": first})
        waiting = connection.execute(text("SELECT count(*) FROM timer")).scalar_one()
    if waiting < count:
        raise RuntimeError(f"{waiting} timers instead of {count}")
    database.note_sizes()


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    met = "达到" if is_met(result) else "没有达到"
    lines = (
        f"{result.database}：空转一次，每批 {TICKS} 次，最小 / 中位 / 最大",
        f"  {FEW:>9,} 个计时在等 {spread(result.seconds['few'], TICKS)}",
        f"  {MANY:>9,} 个计时在等 {spread(result.seconds['many'], TICKS)}（目标中位小于 1 毫秒，{met}）",
        f"  后者是前者的 {result.ratio:.2f} 倍",
    )
    return "\n".join(lines)


def is_met(result: Result) -> bool:
    """Tell whether an idle tick among a million timers takes less than a millisecond."""
    return result.milliseconds < TARGET_MILLISECONDS

"""Completions by several processes at once, each on cases of its own.

The visits of `bench.script` are opened beforehand. In each round one process, then two, then four play theirs, the
same number of visits each; from the word to go until the last one is done counts. A step is looked for and completed
as `completions` does it, each in a durable transaction. On SQLite there is one writer at a time, so more processes
gain nothing there; it is told, without a goal.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from uuid import UUID

from msgspec import Struct

from bench.databases import FIELD_KEYS
from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from bench.script import Recording, Script
from bench.visits import STEPS, Clock, Visits, found
from demo.offices import Offices
from store import secrets
from store.database import Database
from store.files import FileStore
from workflows.runtime import Runtime

COUNTS = (1, 2, 4)
ASKED_OF = 2
VISITS = 3
TARGET = 1.7


class Given(Struct, frozen=True):
    """What a process needs to play visits: where they are, and what was recorded."""

    url: str
    folder: Path
    clock: Clock
    offices: Offices
    recording: Recording


class Result(Struct, frozen=True):
    """Seconds of the rounds by number of processes, and how many times as much so many do as one."""

    database: str
    seconds: dict[int, Seconds]
    gain: dict[int, float]


class Player:
    """A process of its own that plays the visits that it is given."""

    def __init__(self, given: Given) -> None:
        """Start it; it is ready when it has answered."""
        context = get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, given), daemon=True)
        self._process.start()
        other.close()
        self._line.recv()

    def begin(self, case_ids: Sequence[UUID]) -> None:
        """Let it go."""
        self._line.send(list(case_ids))

    def finish(self) -> None:
        """Wait until it is done."""
        self._line.recv()

    def close(self) -> None:
        """End it."""
        self._line.send([])
        self._process.join()


def _serve(line: Connection, given: Given) -> None:
    secrets.configure(FIELD_KEYS)
    database = Database(given.url)
    runtime = Runtime(database, FileStore(given.folder), given.clock)
    script = Script(Visits(runtime, given.clock, given.offices), given.recording)
    line.send("ready")
    while case_ids := line.recv():
        script.play_cases(case_ids)
        line.send("done")
    database.close()


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if two processes on PostgreSQL do not do 1.7 times as much as one."""

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds)

    return on_every_database(options, on, in_words, is_met, target=TARGET)


def measure(
    name: str, database: Database, rounds: int, visits: int = VISITS, counts: Sequence[int] = COUNTS
) -> Result:
    """Measure so many processes at a time, each with so many visits a round."""
    with tempfile.TemporaryDirectory(prefix="weiran-bench-") as folder:
        script = Script(found(database, Path(folder)))
        script.record()
        url = database.url.render_as_string(hide_password=False)
        given = Given(url, Path(folder), script.visits.clock, script.visits.offices, script.recording)
        with _players(given, max(counts)) as players:

            def together(count: int) -> float:
                shares = [[script.visits.open() for _ in range(visits)] for _ in range(count)]
                began = perf_counter()
                for player, share in zip(players, shares, strict=False):
                    player.begin(share)
                for player in players[:count]:
                    player.finish()
                return perf_counter() - began

            modes = {str(count): partial(together, count) for count in counts}
            seconds = {int(count): taken for count, taken in interleaved(modes, rounds).items()}
    gain = {count: count * ratio(seconds[1], taken) for count, taken in seconds.items()}
    return Result(name, seconds, gain)


@contextmanager
def _players(given: Given, count: int) -> Iterator[list[Player]]:
    players = [Player(given) for _ in range(count)]
    try:
        yield players
    finally:
        for player in players:
            player.close()


def is_met(result: Result) -> bool:
    """Tell whether two processes do enough more than one; asked of PostgreSQL alone."""
    return result.database != "PostgreSQL" or result.gain[ASKED_OF] >= TARGET


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    lines = [
        f"\n{result.database}：每个进程每轮 {VISITS} 张服务单，共 {VISITS * STEPS} 步，最小 / 中位 / 最大"
    ]
    for count, seconds in result.seconds.items():
        each = spread(seconds, count * VISITS * STEPS)
        lines.append(f"  {count} 个进程  平均每步 {each}{_verdict(result, count)}")
    return "\n".join(lines)


def _verdict(result: Result, count: int) -> str:
    if count == 1:
        return ""
    told = f"；是 1 个进程的 {result.gain[count]:.2f} 倍"
    if count != ASKED_OF or result.database != "PostgreSQL":
        return told
    return f"{told}（目标 {TARGET}，{'达到' if is_met(result) else '没有达到'}）"

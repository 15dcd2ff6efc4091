"""Cases begun together against cases begun one by one: the service cycles of new policies.

In each round a hundred cycles begin singly, each in a transaction of its own, and some hundred more as a job of the
import begins them, a hundred in each transaction; over all rounds 10,000 begin together. Both write the same rows,
and both are durable when they are counted; what differs is that of those begun together none is kept if the machine
dies before the hundredth.
"""

import argparse
import tempfile
from collections.abc import Callable
from math import ceil
from pathlib import Path
from time import perf_counter
from uuid import UUID

from msgspec import Struct

from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from bench.visits import Visits, found
from store.database import Database
from workflows.handlers.cycles import register_policies, register_policy
from workflows.registers.policies import TOGETHER

SINGLY, ALL = 100, 10_000
TARGET = 2.0


class Result(Struct, frozen=True):
    """Cases per round, seconds per case in each, and how many times as many begin together in the same time."""

    database: str
    counts: dict[str, int]
    seconds: dict[str, Seconds]
    gain: float


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if beginning together is not twice as fast."""
    together = ceil(ALL / (options.rounds + 1) / TOGETHER) * TOGETHER

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds, SINGLY, together)

    return on_every_database(options, on, in_words, lambda result: result.gain >= TARGET, target=TARGET)


def measure(name: str, database: Database, rounds: int, singly: int, together: int) -> Result:
    """Begin so many cases singly and so many together in each round."""
    with tempfile.TemporaryDirectory(prefix="weiran-bench-") as folder:
        visits = found(database, Path(folder))

        def one_by_one(policy_ids: list[UUID]) -> None:
            for policy_id in policy_ids:
                register_policy(visits.runtime, policy_id)

        def by_the_hundred(policy_ids: list[UUID]) -> None:
            for first in range(0, len(policy_ids), TOGETHER):
                register_policies(visits.runtime, policy_ids[first : first + TOGETHER])

        modes = {
            "singly": _beginning(visits, singly, one_by_one),
            "together": _beginning(visits, together, by_the_hundred),
        }
        seconds = interleaved(modes, rounds)
    counts = {"singly": singly, "together": together}
    return Result(name, counts, seconds, ratio(seconds["singly"], seconds["together"]))


def _beginning(visits: Visits, count: int, begin: Callable[[list[UUID]], None]) -> Callable[[], float]:
    """Return a mode that adds policies, begins their cycles and returns the seconds per case of the latter."""

    def mode() -> float:
        policy_ids = visits.add_policies(count)
        began = perf_counter()
        begin(policy_ids)
        return (perf_counter() - began) / count

    return mode


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    met = "达到" if result.gain >= TARGET else "没有达到"
    rounds = len(result.seconds["singly"])
    singly, together = result.counts.values()
    lines = (
        f"\n{result.database}：{rounds} 轮，每轮逐个开 {singly} 件、成批开 {together} 件；最小 / 中位 / 最大",
        f"  逐个开，每件一个事务：每件 {spread(result.seconds['singly'], 1)}",
        f"  成批开，{TOGETHER} 件一个事务：每件 {spread(result.seconds['together'], 1)}",
        f"  成批是逐个的 {result.gain:.2f} 倍（各轮之比的中位；目标 {TARGET:.0f}，{met}）",
    )
    return "\n".join(lines)

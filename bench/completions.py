"""Durable completions: ours, SpiffWorkflow's documented persistence, and a raw UPDATE plus INSERT.

Each round runs one batch per mode in turn: three visits (P3) of eleven steps each, from dispatch to the
provider's signature. A completion is what must be durable: read and lock the case, close the work item, run the
engine to its next wait, write state, events, work items, timers, subscriptions and the command's key, commit.

- ours: `finish_step`, the part of the handler behind the check of the answers.
- library: the same function on `bench.library` in place of the engine; the same rows in the same transaction.
- raw: one UPDATE of a row as large as our state and one INSERT, committed, over the same connection pool.

What the operations of P3 return and say is recorded from one real visit and played back to both, since their
records (visits, documents) are no part of an engine. `whole` is the real handler with form check, facts and
operations, on our engine and on the library's; it has no target.
"""

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any  # Any: of a cursor the row count alone is read
from unittest.mock import patch

from msgspec import Struct
from sqlalchemy import CursorResult, bindparam, event, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Column, MetaData, Table
from sqlalchemy.types import Integer, LargeBinary

from bench.library import Library, in_place_of_the_engine
from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from bench.script import Script
from bench.visits import SCOPE, STEPS, found
from store.database import Database
from store.prepared import Write, run
from store.tables import Case
from workflows.bundles import DIAGRAMS

VISITS = 3
BATCH = VISITS * STEPS
TARGET = 4.0
GOALS = {"SQLite": 0.20, "PostgreSQL": 0.30}
MOST_STATE = 0.2
"""Of the documented form's bytes, so many at most."""
_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) +(\w+)", re.IGNORECASE)


class Result(Struct, frozen=True):
    """What was measured on one database. Seconds are of a whole batch, but `whole` of one visit."""

    database: str
    seconds: Mapping[str, Seconds]
    whole: Mapping[str, float]
    to_library: float
    to_raw: float
    rows: Mapping[str, Mapping[str, float]]
    state_bytes: Mapping[str, int]


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if a durable completion misses one of its goals."""

    def on(name: str, database: Database) -> Result:
        return measure(name, database, options.rounds)

    return on_every_database(options, on, in_words, is_met, target=TARGET, raw=GOALS, state=MOST_STATE)


def measure(name: str, database: Database, rounds: int) -> Result:
    """Measure all modes on one database."""
    with tempfile.TemporaryDirectory(prefix="weiran-bench-") as folder:
        script = Script(found(database, Path(folder)))
        bpmn = (DIAGRAMS / "service_visit.bpmn").read_bytes()
        library = Library(bpmn, "service_visit")
        script.record()
        whole = {"ours": script.record()}
        with in_place_of_the_engine(library):
            script.record()
            whole["library"] = script.record()
        sizes = {}
        for mode in ("ours", "library"):
            with _engine(mode, library):
                script.play(1)
            sizes[mode] = _state_bytes(database)
        raw = _Raw(database, sizes["ours"])

        def by(mode: str) -> float:
            with _engine(mode, library):
                return script.play(VISITS)

        modes = {"ours": lambda: by("ours"), "library": lambda: by("library"), "raw": raw.batch}
        seconds = interleaved(modes, rounds)
        rows = {}
        for mode in ("ours", "library"):  # after the measuring: an engine that was once watched stays slower
            with _counted(database) as counted, _engine(mode, library):
                script.play(1)
            rows[mode] = {table: count / STEPS for table, count in counted.most_common()}
    to_library = ratio(seconds["library"], seconds["ours"])
    to_raw = ratio(seconds["raw"], seconds["ours"])
    return Result(name, seconds, whole, to_library, to_raw, rows, sizes)


@contextmanager
def _engine(mode: str, library: Library) -> Iterator[None]:
    if mode == "ours":
        yield
    else:
        with in_place_of_the_engine(library):
            yield


@contextmanager
def _counted(database: Database) -> Iterator[Counter[str]]:
    """Count the rows that are written, by table (with the opening of one visit), one statement at a time."""
    rows: Counter[str] = Counter()

    def count(_connection: object, cursor: CursorResult[Any], statement: str, *_: object) -> None:
        if (written := _WRITES.match(statement)) and cursor.rowcount > 0:
            rows[written[1]] += cursor.rowcount

    event.listen(database.writer, "after_cursor_execute", count)
    try:
        with patch("workflows.advance.run_together", _one_by_one):
            yield rows
    finally:
        event.remove(database.writer, "after_cursor_execute", count)


def _one_by_one(session: Session, writes: Sequence[Write]) -> None:
    for write in writes:
        run(session, write.statement, write.values)


def _state_bytes(database: Database) -> int:
    with database.read(SCOPE) as session:
        newest = select(Case.state).where(Case.state.is_not(None)).order_by(Case.id.desc()).limit(1)
        return len(session.scalar(newest) or b"")


class _Raw:
    """One UPDATE of a row with a state like ours, one INSERT of an event, one commit."""

    def __init__(self, database: Database, size: int) -> None:
        names = MetaData()
        self._case = Table(
            "bench_case",
            names,
            Column("id", Integer, primary_key=True),
            Column("version", Integer),
            Column("state", LargeBinary),
        )
        self._event = Table(
            "bench_event", names, Column("id", Integer, primary_key=True), Column("body", LargeBinary)
        )
        self._database, self._state, self._body = database, bytes(size), bytes(600)
        self._change = update(self._case).where(self._case.c.id == bindparam("case"))
        self._add = insert(self._event)
        with database.writing() as connection:
            names.create_all(connection)
            connection.execute(insert(self._case), {"id": 1, "version": 0, "state": self._state})

    def batch(self) -> float:
        began = perf_counter()
        for number in range(BATCH):
            with self._database.writing() as connection:
                connection.execute(self._change, {"case": 1, "version": number, "state": self._state})
                connection.execute(self._add, {"body": self._body})
        return perf_counter() - began


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    names = {"ours": "本产品", "library": "SpiffWorkflow 自带的存法", "raw": "裸写（1 行改、1 行加、提交）"}
    lines = [f"\n{result.database}：每轮 {BATCH} 步，{len(result.seconds['ours'])} 轮，最小 / 中位 / 最大"]
    lines += [f"  {names[mode]:<24} 每步 {spread(taken, BATCH)}" for mode, taken in result.seconds.items()]
    goal, state = GOALS[result.database], _state(result)
    fast, near, small = (
        _met(holds=holds)
        for holds in (result.to_library >= TARGET, result.to_raw >= goal, state <= MOST_STATE)
    )
    lines += [
        f"  比 SpiffWorkflow 自带的存法快 {result.to_library:.2f} 倍（各轮之比的中位；目标 {TARGET:.0f}，{fast}）",
        f"  是裸写速度的 {result.to_raw:.3f}（目标 {goal:.2f}，{near}）",
        f"  状态是自带存法的 {state:.3f}（目标不超过 {MOST_STATE}，{small}）",
    ]
    for mode, rows in result.rows.items():
        told = "，".join(f"{table} {count:.2f}" for table, count in rows.items())
        lines.append(f"  {names[mode]}每步写的行：{told}；状态 {result.state_bytes[mode]} 字节")
    whole = {mode: f"{seconds / STEPS * 1000:.1f} 毫秒" for mode, seconds in result.whole.items()}
    lines.append(
        f"  连同表单核对、事实和业务记录的整条命令：{whole['ours']}；换成 SpiffWorkflow 的存法：{whole['library']}"
    )
    return "\n".join(lines)


def is_met(result: Result) -> bool:
    """Tell whether all three goals are reached."""
    near_the_commit = result.to_raw >= GOALS[result.database]
    return result.to_library >= TARGET and near_the_commit and _state(result) <= MOST_STATE


def _state(result: Result) -> float:
    """Return the bytes of a state as a share of the library's."""
    return result.state_bytes["ours"] / result.state_bytes["library"]


def _met(*, holds: bool) -> str:
    return "达到" if holds else "没有达到"

"""Durable completions of ours beside those of viewflow and bpmn-engine, as far as they can be installed here.

Each round takes three cases of eleven steps to their end, one engine after the other. A completion counts when it is
durable. The peers do less, so nothing is held back from them: viewflow locks its process, closes the task and opens
the next one, in one transaction of Django; bpmn-engine reads its state, goes on, and writes it to a file that is
flushed, since it has no database. Ours are the visits of `completions`, which write besides: an event chained by hash,
the work item with its deadline and tags, timers, subscriptions, the command's key.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct

from bench.databases import beside
from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from bench.script import Script
from bench.visits import STEPS, found
from setup_steps.node import NPM_OPTIONS, node_at_hand
from store.database import Database

ROOT = Path(__file__).resolve().parents[1]
NODE_SIDE = ROOT / "bench" / "peer_sides" / "bpmn_engine.mjs"
DJANGO_SIDE = "from bench.peer_sides.viewflow_side import main; main()"
CASES = 3
WAIT = 180
GOALS = {"viewflow": 3.0, "bpmn-engine": 5.0}
NAMES = {"ours": "本产品", "viewflow": "viewflow", "bpmn-engine": "bpmn-engine（写文件）"}


class PeerError(Exception):
    """A peer cannot be measured here, or does not do its work; the message says why."""


class Peer:
    """An engine in a process of its own; what crosses the pipe is not measured."""

    def __init__(self, command: Sequence[str], paths: Sequence[Path] = ()) -> None:
        """Start it; Python finds modules on these paths."""
        self._process = subprocess.Popen(  # noqa: S603 - scripts of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        )

    def play(self, cases: int) -> float:
        """Take so many new cases to their end; return the seconds of the completions. Raises: PeerError."""
        assert self._process.stdin is not None  # noqa: S101 - both pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(json.dumps({"cases": cases}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line or not json.loads(line)["finished"]:
            raise PeerError("it did not take its cases to their end")
        return float(json.loads(line)["milliseconds"]) / 1000

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Result(Struct, frozen=True):
    """Seconds of each engine in each round, how many times as long the peers take, and why one is missing."""

    database: str
    seconds: Mapping[str, Seconds]
    gain: Mapping[str, float]
    missing: Mapping[str, str]


def main(options: argparse.Namespace) -> int:
    """Measure on every database that is here; 1 if a peer is nearer than its goal."""
    with tempfile.TemporaryDirectory(prefix="weiran-peers-") as folder:
        installed = {name: _installed(install, Path(folder)) for name, install in INSTALL.items()}

        def on(name: str, database: Database) -> Result:
            return measure(name, database, options.rounds, installed)

        return on_every_database(options, on, in_words, is_met, goals=GOALS)


def measure(
    name: str, database: Database, rounds: int, installed: Mapping[str, Path | str], cases: int = CASES
) -> Result:
    """Measure ours and every peer that was installed; a text in the place of its folder says why it was not."""
    missing = {peer: where for peer, where in installed.items() if isinstance(where, str)}
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="weiran-bench-")))
        script = Script(found(database, folder))
        script.record()
        modes: dict[str, Callable[[], float]] = {"ours": partial(script.play, cases)}
        for peer, where in installed.items():
            if isinstance(where, Path):
                running = open_things.enter_context(START[peer](where, database, folder))
                modes[peer] = partial(running.play, cases)
        seconds = interleaved(modes, rounds)
    gain = {peer: ratio(seconds[peer], seconds["ours"]) for peer in seconds if peer != "ours"}
    per_step = {mode: [one / (cases * STEPS) for one in taken] for mode, taken in seconds.items()}
    return Result(name, per_step, gain, missing)


@contextmanager
def _viewflow(where: Path, database: Database, _folder: Path) -> Iterator[Peer]:
    with beside(database) as other:
        settings = json.dumps(_django_settings(other))
        peer = Peer([sys.executable, "-c", DJANGO_SIDE, settings, str(STEPS)], (where, ROOT))
        try:
            yield peer
        finally:
            peer.close()


def _django_settings(database: Database) -> dict[str, object]:
    """Return the address as Django writes it; on SQLite with what our own connections set."""
    url = database.url
    if database.dialect == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database, "OPTIONS": options}
    host = url.host or url.query.get("host") or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": host,
        "PORT": str(url.port or ""),
    }


@contextmanager
def _bpmn_engine(where: Path, _database: Database, folder: Path) -> Iterator[Peer]:
    states = folder / "states"
    states.mkdir()
    peer = Peer([node_at_hand() or "node", str(NODE_SIDE), str(where), str(states), str(STEPS)])
    try:
        yield peer
    finally:
        peer.close()


START = {"viewflow": _viewflow, "bpmn-engine": _bpmn_engine}


def _installed(install: Callable[[Path], Path], folder: Path) -> Path | str:
    try:
        return install(folder)
    except PeerError as error:
        return str(error)


def _install_viewflow(folder: Path) -> Path:
    uv = shutil.which("uv", path=os.pathsep.join((str(Path(sys.executable).parent), os.defpath)))
    if uv is None:
        raise PeerError("没有 uv")
    where = folder / "viewflow"
    packages = ("django-viewflow>=2", "psycopg[binary]>=3")
    _run([uv, "pip", "install", "--quiet", "--target", str(where), *packages], folder)
    return where


def _install_bpmn_engine(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None or node_at_hand() is None:
        raise PeerError("没有 node 和 npm")
    where = folder / "bpmn-engine"
    where.mkdir()
    _run([npm, "install", *NPM_OPTIONS, "bpmn-engine"], where)
    return where


INSTALL: Mapping[str, Callable[[Path], Path]] = {
    "viewflow": _install_viewflow,
    "bpmn-engine": _install_bpmn_engine,
}


def _run(command: Sequence[str], folder: Path) -> None:
    """Run what installs a peer. Raises: PeerError, when it cannot be fetched too."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WAIT, check=False)  # noqa: S603 - installers, by their path
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"{WAIT} 秒内没有装上") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["没有说为什么"])[-1]
        raise PeerError(f"装不上：{last}")


def is_met(result: Result) -> bool:
    """Tell whether every peer that was measured takes as much longer as its goal says."""
    return all(gain >= GOALS[peer] for peer, gain in result.gain.items())


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    lines = [f"\n{result.database}：每轮 {CASES} 个办件各 {STEPS} 步；最小 / 中位 / 最大"]
    for mode, seconds in result.seconds.items():
        told = f"  {NAMES[mode]}：每步 {spread(seconds, 1)}"
        if mode in result.gain:
            met = "达到" if result.gain[mode] >= GOALS[mode] else "没有达到"
            told += f"；是本产品的 {result.gain[mode]:.2f} 倍（目标 {GOALS[mode]:.0f}，{met}）"
        lines.append(told)
    lines += [f"  {peer} 没有测：{why}" for peer, why in result.missing.items()]
    lines.append("  viewflow 不记事件链、期限、定时和命令键；bpmn-engine 只写一个状态文件，没有待办和事件")
    return "\n".join(lines)

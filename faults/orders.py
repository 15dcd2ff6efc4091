"""What is to befall a process: `FAULT=name:n` in its environment, or orders laid into a folder while it runs.

`FAULT_ORDERS` names the folder. A file `web` or `worker` with `name:n` in it is taken by the first process of that
kind that passes a point; at its n-th passage of the point from then on (`any`: of whatever point) the process kills
itself, having written that down in `killed`. A file `full` stands for a full disk as long as it is there, `clock`
holds by how many seconds the clock is ahead.
"""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any  # Any: either driver's connection

from faults.points import ANY

WEB, WORKER = "web", "worker"
_NO_PAGE_MORE, _PLENTY = 1, 4_294_967_294
_DISK_FULL = "DO $$ BEGIN RAISE 'No space left on device' USING ERRCODE = '53100'; END $$"


class Countdown:
    """Kills the process at the n-th passage of a point."""

    def __init__(self, order: str, die: Callable[[str], None] | None = None) -> None:
        """Read an order, `name:n`."""
        name, _, number = order.strip().rpartition(":")
        self._name, self._left = name, int(number)
        self._die = die or kill_myself
        self._lock = Lock()

    def __call__(self, name: str, _connection: object = None) -> None:
        """Count a passage."""
        with self._lock:
            if self._name not in (ANY, name):
                return
            self._left -= 1
            if self._left == 0:
                self._die(name)


class Orders:
    """The orders in a folder, as a process of one kind takes them."""

    def __init__(self, folder: Path, kind: str) -> None:
        """Look into this folder, at each passage."""
        self._folder, self._kind = folder, kind
        self._countdown: Countdown | None = None

    def __call__(self, name: str, connection: Any) -> None:  # noqa: ANN401  # either driver's
        """Do what is ordered for this passage."""
        order = self._folder / self._kind
        if order.exists():
            taken = order.with_name(f"{self._kind}-{os.getpid()}")
            order.rename(taken)
            self._countdown = Countdown(taken.read_text(encoding="ascii"), self._die)
        if self._countdown is not None:
            self._countdown(name)
        if name.startswith("before-") and name != "before-commit":
            _fill_disk(connection, is_full=(self._folder / "full").exists())

    def now(self) -> datetime:
        """Return the present, by a clock that is wrong by what the folder says."""
        return datetime.now(UTC) + timedelta(seconds=float(read(self._folder / "clock") or 0))

    def _die(self, name: str) -> None:
        with (self._folder / "killed").open("a", encoding="ascii") as file:
            file.write(f"{self._kind} {name}\n")
        kill_myself(name)


def kill_myself(_name: str) -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def put(file: Path, text: str) -> None:
    """Write a file that others read at any moment."""
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="ascii")
    draft.rename(file)


def read(file: Path) -> str:
    """Return what a file says, nothing if it is not there."""
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def _fill_disk(connection: Any, *, is_full: bool) -> None:  # noqa: ANN401  # either driver's
    """Let no file of the database grow; SQLite finds out by itself, PostgreSQL is made to say so."""
    if not hasattr(connection, "pgconn"):
        pages = _NO_PAGE_MORE if is_full else _PLENTY  # a limit below what is there means: no page more
        connection.execute(f"PRAGMA max_page_count = {pages}")
    elif is_full:
        connection.execute(_DISK_FULL)

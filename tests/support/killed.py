"""Work in a process of its own that is killed at a fault point on its way."""

import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from msgspec.structs import replace

from faults import orders, points
from store.database import Database
from workflows.runtime import Runtime


def killed_at(runtime: Runtime, number: int, work: Callable[[Runtime], object]) -> str | None:
    """Let a forked process work until it passes its `number`-th point; return the point, None if it came to its end."""
    reads, writes = os.pipe()
    if (child := _fork()) == 0:
        os.close(reads)
        _watch(number, writes)
        _work(runtime, work)
    os.close(writes)
    with os.fdopen(reads) as told:
        name = told.read()
    _, status = os.waitpid(child, 0)
    if name:
        assert os.WIFSIGNALED(status), "it was killed"
        return name
    assert os.waitstatus_to_exitcode(status) == 0, "it came to its end"
    return None


def begun(runtime: Runtime, work: Callable[[Runtime], object]) -> int:
    """Let a forked process work; return its id."""
    if (child := _fork()) == 0:
        _work(runtime, work)
    return child


def ended(child: int) -> int:
    """Wait for a process; return how it ended: 0, or the signal that killed it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses none of this process's threads
        return os.fork()


def _watch(number: int, writes: int) -> None:
    def die(name: str) -> None:
        os.write(writes, name.encode())
        orders.kill_myself(name)

    points.watch()
    points.WATCH.passed = orders.Countdown(f"{points.ANY}:{number}", die)


def _work(runtime: Runtime, work: Callable[[Runtime], object]) -> NoReturn:
    """Work on a connection of its own, and end without what a test process does at its end."""
    with suppress(BaseException):
        work(replace(runtime, database=Database(runtime.database.url.render_as_string(hide_password=False))))
        os._exit(0)
    os._exit(1)

"""The worker's loop: jobs and timers as long as there are any, then a short sleep."""

import signal
from collections.abc import Callable, Collection
from threading import Event

import structlog
from sqlalchemy.exc import OperationalError

from worker.executor import run_due_jobs
from worker.nightly import Nightly
from worker.timers import fire_due_timers
from workflows.runtime import Runtime

log = structlog.get_logger()
POLL_SECONDS = 1.0
PAUSE_AFTER_ERROR = 5.0


def tick(runtime: Runtime, kinds: Collection[str] | None = None) -> int:
    """Do what is due now, once; return how much that was. `kinds`: jobs of these kinds only."""
    return run_due_jobs(runtime, kinds=kinds) + fire_due_timers(runtime)


def drain(runtime: Runtime, most: int = 10_000, kinds: Collection[str] | None = None) -> int:
    """Do what is due, and what that leads to, until nothing is left (tests, demo data, command line)."""
    done = 0
    while done < most and (count := tick(runtime, kinds)):
        done += count
    return done


def run_worker(runtime: Runtime, stop: Event | None = None) -> None:
    """Work until told to stop (SIGTERM, SIGINT, or the event)."""
    stopping = stop or _stop_on_signal()
    _once(lambda: _note_sizes(runtime))
    nightly = Nightly()
    while not stopping.is_set():
        stopping.wait(_once(lambda: _look_ahead_and_tick(runtime, nightly)))


def _look_ahead_and_tick(runtime: Runtime, nightly: Nightly) -> int:
    nightly.look_ahead(runtime)
    return tick(runtime)


def _note_sizes(runtime: Runtime) -> int:
    runtime.database.note_sizes()
    return 0


def _once(work: Callable[[], int]) -> float:
    """Work once; return how long to pause: no time while there is work, longer after an error."""
    try:
        return 0.0 if work() else POLL_SECONDS
    except OperationalError as error:
        log.warning("database_away", error=str(error.orig))
    except Exception:
        log.exception("worker_stumbled")
    return PAUSE_AFTER_ERROR


def _stop_on_signal() -> Event:
    stopping = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    return stopping

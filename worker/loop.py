"""The worker's loop: jobs and timers as long as there are any, then sleep until the next is due or the bell rings."""

from collections.abc import Callable, Collection
from functools import partial
from math import inf

import structlog
from sqlalchemy.exc import OperationalError

from store.bell import Bell
from store.due import next_due
from worker.executor import run_due_jobs
from worker.heart import beating
from worker.nightly import Nightly
from worker.post import Post
from worker.shift import Ending, Shift
from worker.timers import fire_due_timers
from workflows.runtime import Runtime

log = structlog.get_logger()
POLL_SECONDS = {"sqlite": 1.0, "postgresql": 2.0}
"""The longest sleep. PostgreSQL rings for jobs; a timer that is set meanwhile and due sooner waits that long."""

PAUSE_AFTER_ERROR = 5.0


def tick(runtime: Runtime, kinds: Collection[str] | None = None, shift: Shift | None = None) -> int:
    """Do what is due now, once; return how much that was. `kinds`: jobs of these kinds only."""
    return run_due_jobs(runtime, kinds=kinds, shift=shift) + fire_due_timers(runtime, shift=shift)


def drain(runtime: Runtime, most: int = 10_000, kinds: Collection[str] | None = None) -> int:
    """Do what is due, and what that leads to, until nothing is left (tests, demo data, command line)."""
    done = 0
    while done < most and (count := tick(runtime, kinds)):
        done += count
    return done


def run_worker(runtime: Runtime, ending: Ending) -> None:
    """Work until told to end; what is in hand then is finished."""
    shift, bell, nightly = Shift(ending), Bell(runtime.database), Nightly()
    post = Post()
    rest = partial(bell.wait, end=ending.hears)
    with beating(runtime, shift):
        _survive(ending, runtime.database.note_sizes)
        while not shift.is_over:
            _survive(ending, partial(_work_or_sleep, runtime, shift, (nightly, post), rest))
    bell.take_down()


def _work_or_sleep(
    runtime: Runtime, shift: Shift, watches: tuple[Nightly, Post], rest: Callable[[float], None]
) -> None:
    for watch in watches:
        watch.look_ahead(runtime)
    seconds, longest = until_due(runtime), POLL_SECONDS[runtime.database.dialect]
    if seconds > 0:
        rest(min(seconds, longest))
    elif not tick(runtime, shift=shift):
        rest(longest)


def until_due(runtime: Runtime) -> float:
    """Return in how many seconds a job or a timer is due: all that an idle worker asks."""
    due = next_due(runtime.database)
    return inf if due is None else (due - runtime.now()).total_seconds()


def _survive(ending: Ending, work: Callable[[], None]) -> None:
    """Work; after an error rest for a while."""
    try:
        work()
    except OperationalError as error:
        log.warning("database_away", error=str(error.orig))
    except Exception:
        log.exception("worker_stumbled")
    else:
        return
    ending.wait(PAUSE_AFTER_ERROR)

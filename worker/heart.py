"""The heart of a worker: a thread that tells the database every few seconds that the process lives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

import structlog

from store.scope import Scope
from store.workers import BEAT, Beat, forget_worker, note_worker
from worker.shift import Shift
from workflows.runtime import Runtime

log = structlog.get_logger()
_SCOPE = Scope.everything("a worker tells that it lives")


@contextmanager
def beating(runtime: Runtime, shift: Shift) -> Iterator[None]:
    """Beat as long as the block lasts; a worker that ends in order is forgotten."""
    is_over = Event()
    heart = Thread(target=_beat_until, args=(is_over, runtime, shift), daemon=True)
    heart.start()
    try:
        yield
    finally:
        is_over.set()
        heart.join()


def _beat_until(is_over: Event, runtime: Runtime, shift: Shift) -> None:
    started_at: datetime | None = None
    while True:
        try:
            now = runtime.now()
            started_at = started_at or now
            beat(runtime, shift, started_at, now)
        except Exception as error:  # noqa: BLE001 — whatever stops one beat, the next one is tried
            log.warning("heart_missed_a_beat", error=type(error).__name__)
        if is_over.wait(BEAT.total_seconds()):
            break
    _say_goodbye(runtime, shift)


def beat(runtime: Runtime, shift: Shift, started_at: datetime, now: datetime) -> None:
    """Tell once how it stands."""
    told = Beat(
        name=shift.name,
        started_at=started_at,
        seen_at=now,
        busy_with=shift.busy_with,
        busy_since=shift.busy_since,
        jobs_done=shift.jobs_done,
        jobs_failed=shift.jobs_failed,
        timers_tried=shift.timers_tried,
    )
    with runtime.database.write(_SCOPE) as session:
        note_worker(session, told)


def _say_goodbye(runtime: Runtime, shift: Shift) -> None:
    try:
        with runtime.database.write(_SCOPE) as session:
            forget_worker(session, shift.name)
    except Exception as error:  # noqa: BLE001 — it ends all the same
        log.warning("heart_could_not_say_goodbye", error=type(error).__name__)

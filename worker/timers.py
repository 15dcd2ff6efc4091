"""Fires timers: those of steps and cases that are due, earliest first."""

from structlog.contextvars import bind_contextvars, clear_contextvars

from worker.shift import Shift
from workflows.handlers.timers import due_timers, fire_timer
from workflows.runtime import Runtime

BATCH = 20


def fire_due_timers(runtime: Runtime, limit: int = BATCH, shift: Shift | None = None) -> int:
    """Fire the timers that are due now, fewer if the shift ends; return how many were found due."""
    shift = shift or Shift()
    timers = due_timers(runtime, runtime.now(), limit)
    for timer_id in timers:
        if shift.is_over:
            break
        clear_contextvars()
        bind_contextvars(timer=str(timer_id))
        shift.timers_tried += fire_timer(runtime, timer_id)
    return len(timers)

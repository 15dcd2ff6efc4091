"""Fires timers: those of steps and cases that are due, earliest first."""

import structlog

from workflows.errors import WorkflowError
from workflows.handlers.timers import due_timers, fire_timer
from workflows.runtime import Runtime

log = structlog.get_logger()
BATCH = 20


def fire_due_timers(runtime: Runtime, limit: int = BATCH) -> int:
    """Fire the timers that are due now; return how many were tried."""
    timers = due_timers(runtime, runtime.now(), limit)
    for timer_id in timers:
        try:
            fire_timer(runtime, timer_id)
        except WorkflowError as error:
            log.warning("timer_failed", timer=str(timer_id), error=str(error))
    return len(timers)

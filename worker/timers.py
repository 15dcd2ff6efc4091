"""Fires timers: those of steps and cases that are due, earliest first."""

from workflows.handlers.timers import due_timers, fire_timer
from workflows.runtime import Runtime

BATCH = 20


def fire_due_timers(runtime: Runtime, limit: int = BATCH) -> int:
    """Fire the timers that are due now; return how many were tried."""
    timers = due_timers(runtime, runtime.now(), limit)
    for timer_id in timers:
        fire_timer(runtime, timer_id)
    return len(timers)

"""Looks ahead once a day: queues the check of the coming night, the coming duties, what a new calendar has settled."""

from datetime import datetime

from workflows.calendars import queue_recomputation
from workflows.duties import await_duties
from workflows.handlers.nightly import next_night, queue_check
from workflows.runtime import Runtime


class Nightly:
    """Knows the night whose check this process has queued, so that it asks the database once a day."""

    def __init__(self) -> None:
        """Begin with none queued."""
        self._queued: datetime | None = None

    def look_ahead(self, runtime: Runtime) -> None:
        """Queue the coming night's check if that is not done; calendars and duties may have come with an update."""
        night = next_night(runtime.now())
        if night != self._queued:
            queue_check(runtime, night)
            queue_recomputation(runtime)
            await_duties(runtime)
            self._queued = night

"""Looks for notices that people want by mail, and queues a letter for each."""

from datetime import datetime, timedelta

from workflows.handlers.mails import queue_letters
from workflows.runtime import Runtime

EVERY = timedelta(seconds=5)
OVERLAP = timedelta(minutes=10)
"""A command tells the moment at which it began; its notices come to light when it is done."""
AFTER_AN_OUTAGE = timedelta(days=3)


class Post:
    """Knows when this process looked last, so that it asks for what came since."""

    def __init__(self) -> None:
        """Begin with what was told while nobody looked."""
        self._looked_at: datetime | None = None

    def look_ahead(self, runtime: Runtime) -> None:
        """Queue what is wanted, every few seconds; nothing where no server takes mail."""
        now, last = runtime.now(), self._looked_at
        if runtime.mail is None or (last is not None and now - last < EVERY):
            return
        queue_letters(runtime, now - AFTER_AN_OUTAGE if last is None else last - OVERLAP)
        self._looked_at = now

"""A worker process at its work: its name, when it is to end, what it has in hand and what it has done."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from selectors import EVENT_READ, DefaultSelector

from msgspec import Struct, field


def own_name() -> str:
    """Return the machine and the process: `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Ending:
    """The wish that a worker ends: heard between two jobs, and in its sleep."""

    def __init__(self) -> None:
        """Wish nothing yet."""
        self._says, self.hears = socket.socketpair()
        self.is_wished = False

    def wish(self, *_: object) -> None:
        """Let the worker end after what it has in hand; a signal may say so too."""
        self.is_wished = True
        self._says.send(b".")

    def wait(self, seconds: float) -> None:
        """Wait this long or until the end is wished."""
        with DefaultSelector() as selector:
            selector.register(self.hears, EVENT_READ)
            selector.select(seconds)

    def close(self) -> None:
        """Wish and hear no more."""
        self._says.close()
        self.hears.close()


class Shift(Struct):
    """Counts since the process began, and the job in its hands."""

    ending: Ending | None = None
    name: str = field(default_factory=own_name)
    jobs_done: int = 0
    jobs_failed: int = 0
    timers_tried: int = 0
    busy_with: str = ""
    busy_since: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is to be begun."""
        return self.ending is not None and self.ending.is_wished

    @contextmanager
    def busy(self, kind: str, now: datetime) -> Iterator[None]:
        """Say that a job is in hand."""
        self.busy_with, self.busy_since = kind, now
        try:
            yield
        finally:
            self.busy_with, self.busy_since = "", None

"""What the person in front of the terminal sees while things are set up."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

HEARTBEAT_SECONDS = 10


class SetupError(Exception):
    """Setting up cannot go on; the message says in one line what to do."""


class Progress:
    """Lines about the steps; safe to use from several threads."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Print one line at once, also into a pipe."""
        with self._lock:
            print(text, file=self._stream, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step, show that it is alive, and tell how long it took."""
        begun = time.monotonic()
        ended = threading.Event()
        self.say(f"· {name} ……")
        alive = threading.Thread(target=self._beat, args=(name, begun, ended), daemon=True)
        alive.start()
        try:
            yield
        finally:
            ended.set()
        self.say(f"✓ {name}，{time.monotonic() - begun:.1f} 秒")

    def _beat(self, name: str, begun: float, ended: threading.Event) -> None:
        while not ended.wait(HEARTBEAT_SECONDS):
            self.say(f"  {name}：还在进行，已 {time.monotonic() - begun:.0f} 秒")

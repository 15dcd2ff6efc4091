"""`python3 run.py worker`: timers and jobs, in a process of their own."""

import os
import signal
import sys
import threading
from collections.abc import Sequence

from launch import ENDS_WITH_PARENT
from worker.loop import run_worker
from workflows.runtime import Runtime


def work(_arguments: Sequence[str], runtime: Runtime) -> int:
    """Fire due timers and do queued jobs until asked to stop, or until the server that began it is gone."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    if os.environ.get(ENDS_WITH_PARENT):
        threading.Thread(target=_await_parent, args=(ended,), daemon=True).start()
    run_worker(runtime, ended)
    return 0


def _await_parent(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()

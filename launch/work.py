"""`python3 run.py worker`: timers and jobs, in a process of their own."""

import os
import signal
import sys
import threading
from collections.abc import Sequence

from launch import ENDS_WITH_PARENT
from worker.loop import run_worker
from worker.shift import Ending
from workflows.runtime import Runtime


def work(_arguments: Sequence[str], runtime: Runtime) -> int:
    """Fire due timers and do queued jobs until asked to stop, or until the server that began it is gone."""
    ending = Ending()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ending.wish)
    if os.environ.get(ENDS_WITH_PARENT):
        threading.Thread(target=_await_parent, args=(ending,), daemon=True).start()
    run_worker(runtime, ending)
    return 0


def _await_parent(ending: Ending) -> None:
    sys.stdin.read()
    ending.wish()

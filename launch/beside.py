"""The worker beside the pages: a process of its own, begun again whenever it dies."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

from launch import ENDS_WITH_PARENT

RUN = Path(__file__).resolve().parent.parent / "run.py"
WAIT_SECONDS = 10
RESTART_SECONDS = 10
"""Longer than the pages take to end: Ctrl-C ends the worker first, and that is no accident."""


class Beside:
    """Timers and jobs in a process that runs as long as this object is not told to stop."""

    def __init__(self, database_url: str, public_url: str) -> None:
        """Start it."""
        self._database_url = database_url
        self._public_url = public_url
        self._owner = os.getpid()
        self._ended = Event()
        self._worker = self._start()
        Thread(target=self._keep, daemon=True).start()

    def stop(self) -> None:
        """End it, at once if it does not hear; the forked process that answers requests leaves it alone."""
        if os.getpid() != self._owner:
            return
        self._ended.set()
        worker = self._worker
        if worker.stdin:
            worker.stdin.close()
        try:
            worker.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()

    def _keep(self) -> None:
        self._worker.wait()
        while not self._ended.wait(RESTART_SECONDS):
            print("✗ 后台进程（定时与任务）意外结束，已重新启动", flush=True)
            self._worker = self._start()
            self._worker.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start the process, which ends when this one does, however it does."""
        return subprocess.Popen(  # noqa: S603  # our own interpreter and file
            [sys.executable, str(RUN), "worker"],
            stdin=subprocess.PIPE,
            env={
                **os.environ,
                "DATABASE_URL": self._database_url,
                "PUBLIC_URL": self._public_url,
                ENDS_WITH_PARENT: "1",
            },
        )

"""Starting the product as people do, on a database of the test's own."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct, field

from tests.support.sources import ROOT

START_SECONDS = 90
STOP_SECONDS = 30
KEY = base64.b64encode(bytes(range(32))).decode("ascii")
SECRETS = {"SECRET_KEY": "only for tests", "FIELD_KEYS": f"k1:{KEY}", "SIGNING_KEY": KEY}


class Product(Struct):
    """A running `run.py serve`."""

    process: "subprocess.Popen[str]"
    address: str
    output: Path
    stopped: bool = field(default=False)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        return self._stop(signal.SIGINT)

    def kill(self) -> int:
        """Take the server away without a warning."""
        return self._stop(signal.SIGKILL)

    def said(self) -> str:
        """Return what it printed."""
        return self.output.read_text(encoding="utf-8")

    def _stop(self, number: int) -> int:
        self.process.send_signal(number)
        self.stopped = True
        return self.process.wait(STOP_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_command(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run one command of `run.py` to its end."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *arguments],
        env={**os.environ, **SECRETS, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )


@contextmanager
def serving(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Product]:
    """Yield the product once it answers; it is stopped at the end."""
    port = port or free_port()
    output = folder / f"output-{port}.txt"
    with output.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py"), "serve", "--port", str(port), *arguments],
            env={**os.environ, **SECRETS, "FILES_URL": str(folder / "files"), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    product = Product(process, f"http://127.0.0.1:{port}", output)
    try:
        _await_health(product)
        yield product
    finally:
        if not product.stopped:
            product.interrupt()


def _await_health(product: Product) -> None:
    limit = time.monotonic() + START_SECONDS
    while not _is_healthy(product.address):
        if product.process.poll() is not None or time.monotonic() > limit:
            raise AssertionError(f"it did not start:\n{product.said()}")
        time.sleep(0.05)


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False

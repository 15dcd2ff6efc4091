"""The fault build as real processes on a database of the run, and the hands that are laid on them."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from msgspec import Struct, field

from faults import build
from faults.orders import put, read

KEY = base64.b64encode(bytes(range(32))).decode("ascii")
SECRETS = {"SECRET_KEY": "for the run of faults", "FIELD_KEYS": f"k1:{KEY}", "SIGNING_KEY": KEY}
START_SECONDS, STOP_SECONDS = 90, 40


class ProductError(Exception):
    """The product does not start; the message is what it said."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product(Struct):
    """`serve` of the fault build, with its worker."""

    url: str
    folder: Path
    sabotage: str | None = None
    port: int = field(default_factory=_free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Return where pages are asked for."""
        return f"127.0.0.1:{self.port}"

    @property
    def orders(self) -> Path:
        """Return the folder of the orders."""
        return self.folder / "orders"

    def start(self) -> float:
        """Start it; return after how many seconds it answers. Raises: ProductError."""
        self.orders.mkdir(exist_ok=True)
        began = time.monotonic()
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and file
                [
                    *(sys.executable, build.__file__, "serve", "--no-demo"),
                    *("--port", str(self.port), "--database", self.url),
                ],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise ProductError((self.folder / "output.txt").read_text("utf-8", "replace")[-2000:])
            time.sleep(0.05)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Tell whether it answers, and its database too."""
        connection = HTTPConnection(self.address, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> None:
        """End the server: asked to, or with `SIGKILL` unasked; its worker ends with it."""
        if self.process is None:
            return
        self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        self.process = None
        limit = time.monotonic() + STOP_SECONDS
        while _is_taken(self.port) and time.monotonic() < limit:
            time.sleep(0.02)

    def order(self, kind: str, point: str, number: int) -> None:
        """Let the next process of this kind that passes a point die at its n-th passage of this one."""
        put(self.orders / kind, f"{point}:{number}")

    def disarm(self) -> None:
        """Withdraw all orders, those too that a process has taken."""
        for kind in ("web", "worker"):
            self.order(kind, "none", 1)

    def killed(self) -> list[str]:
        """Return the points at which processes died, with their kind."""
        return read(self.orders / "killed").splitlines()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let the database grow no more for a while."""
        put(self.orders / "full", "")
        try:
            yield
        finally:
            (self.orders / "full").unlink()

    def _environment(self) -> dict[str, str]:
        given = {**os.environ, **SECRETS, "FILES_URL": str(self.folder / "files")}
        given |= {"FAULT_ORDERS": str(self.orders), "SABOTAGE": self.sabotage or ""}
        return given


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False

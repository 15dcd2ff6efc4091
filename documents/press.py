"""The press: every template is compiled in a child process with bounds on time, memory, output and reach."""

from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

MEMORY = 1_000_000_000
SECONDS = 10
PATIENCE = 40
"""Seconds on the clock: a child that shares its processor gets to its bound of processor time first."""
OUTPUT = 50_000_000
SOURCE = 200_000

_CHILD = Path(__file__).with_name("typeset_apart.py")
_NOWHERE = "http://127.0.0.1:9"
_ENVIRONMENT = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE),
    "MALLOC_ARENA_MAX": "2",
    "RAYON_NUM_THREADS": "2",
}
"""No proxy answers there, so that a package is fetched from nowhere; arenas and threads count as memory."""
_REACHES_OUT = re.compile(r"""["']@[\w-]+/|\bplugin\s*\(""")
_PLACE = re.compile(r"([\w.-]+\.typ):(\d+):(\d+)")
_OUTSIDE = re.compile(r"download package|package not found|packages? ")

Output = Literal["pdf", "png"]
_OUTPUTS: Mapping[Output, Mapping[str, object]] = {
    "pdf": {"format": "pdf", "pdf_standards": "a-2b"},
    "png": {"format": "png", "ppi": 96.0},
}


class Broken(Struct, frozen=True):
    """Why a template gives no paper: what happened, and where the typesetter stopped (line 0: nowhere)."""

    kind: Literal["broken", "outside", "source", "seconds", "memory", "output", "died"]
    message: str = ""
    file: str = ""
    line: int = 0
    column: int = 0


class PressError(Exception):
    """Raised when a template does not compile within its bounds."""

    def __init__(self, broken: Broken) -> None:
        """Remember what is wrong."""
        super().__init__(
            f"{broken.kind} {broken.file}:{broken.line}:{broken.column} {broken.message}".strip()
        )
        self.broken = broken


class Order(Struct, frozen=True):
    """What is to be typeset: sources by name, the folder of its pictures, the folders of the faces, the content."""

    sources: Mapping[str, str]
    root: str
    fonts: tuple[str, ...]
    inputs: Mapping[str, str]
    moment: datetime
    output: Output = "pdf"


def typeset(order: Order) -> list[bytes]:
    """Return the PDF, or the pages as pictures. Raises: PressError."""
    _refuse_at_sight(order.sources)
    told = {
        **{name: getattr(order, name) for name in ("sources", "root", "fonts", "inputs")},
        "timestamp": order.moment.replace(microsecond=0).isoformat(),  # typst knows none
        "output": _OUTPUTS[order.output],
        "memory": MEMORY,
        "seconds": SECONDS,
    }
    try:
        child = subprocess.run(  # noqa: S603  # our own interpreter on our own file
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(told).encode(),
            capture_output=True,
            env=_ENVIRONMENT,
            cwd=order.root,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PressError(Broken("seconds")) from error
    if child.returncode:
        raise PressError(_died(child.returncode, child.stderr))
    return _pages(child.stdout)


def _refuse_at_sight(sources: Mapping[str, str]) -> None:
    """Refuse what is too long, and what asks for packages and plugins by name; the child's bounds hold the rest."""
    for name, text in sources.items():
        if len(text) > SOURCE:
            raise PressError(Broken("source", file=name))
        if name.endswith(".typ") and (found := _REACHES_OUT.search(text)):
            line = text.count("\n", 0, found.start()) + 1
            raise PressError(Broken("outside", found[0], name, line))


def _died(code: int, complaint: bytes) -> Broken:
    if -code in {signal.SIGXCPU, signal.SIGKILL}:
        return Broken("seconds")
    out_of_memory = -code == signal.SIGABRT or b"MemoryError" in complaint or b"alloc" in complaint
    return Broken("memory" if out_of_memory else "died", complaint.decode(errors="replace")[-300:])


def _pages(told: bytes) -> list[bytes]:
    if len(told) > OUTPUT:
        raise PressError(Broken("output"))
    answer = json.loads(told)
    if "pages" in answer:
        return [base64.b64decode(page) for page in answer["pages"]]
    message, place = answer["message"], _PLACE.search(answer["diagnostic"])
    file, line, column = (place[1], int(place[2]), int(place[3])) if place else ("", 0, 0)
    raise PressError(Broken("outside" if _OUTSIDE.search(message) else "broken", message, file, line, column))

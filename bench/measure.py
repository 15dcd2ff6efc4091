"""Interleaved rounds and how they are told: every mode once per round, in turn, after one round to warm up."""

import gc
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

Seconds = list[float]
Mode = Callable[[], float]
"""Does one batch and returns the seconds of what is measured in it."""


def interleaved(modes: Mapping[str, Mode], rounds: int) -> dict[str, Seconds]:
    """Return the seconds of each mode in each round."""
    found: dict[str, Seconds] = {name: [] for name in modes}
    for number in range(rounds + 1):
        for name, mode in modes.items():
            gc.collect()  # no mode pays for what another left behind
            seconds = mode()
            if number:
                found[name].append(seconds)
    return found


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return the median of how many times longer `slow` took than `fast` in the same round."""
    return median(one / other for one, other in zip(slow, fast, strict=True))


def spread(seconds: Sequence[float], count: int) -> str:
    """Return minimum, median and maximum of one of `count` pieces, in milliseconds."""
    parts = (min(seconds), median(seconds), max(seconds))
    return " / ".join(f"{part / count * 1000:.3f}" for part in parts) + " 毫秒"


def machine() -> str:
    """Return what the numbers were taken on."""
    names = ("sqlalchemy", "spiffworkflow", "psycopg")
    told = ", ".join(f"{name} {version(name)}" for name in names)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "?"
    return f"{_processor()} × {os.cpu_count()}，负载 {load}；Python {platform.python_version()}，{told}"


def _processor() -> str:
    source = Path("/proc/cpuinfo")
    if source.exists():
        for line in source.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

"""Other FEEL engines, measured in the same rounds where they are at hand: feelin under node, pySFeel."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType

from setup_steps.node import node_at_hand

ROOT = Path(__file__).resolve().parents[1]
FEELIN = ROOT / "webapp" / "client" / "node_modules" / "feelin" / "dist" / "index.js"
SCRIPT = Path(__file__).with_name("feelin.mjs")

Scopes = Sequence[dict[str, object]]


class Feelin:
    """feelin in a process of its own; what crosses the pipe is not measured."""

    def __init__(self, node: str, module: Path = FEELIN) -> None:
        """Start the process."""
        self.process = subprocess.Popen(  # noqa: S603 - our own script, the node of this machine
            [node, str(SCRIPT), str(module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def seconds(self, expression: str, scopes: Scopes) -> float:
        """Return the seconds of evaluating an expression in each scope."""
        return float(self._told(expression, scopes)["milliseconds"]) / 1000

    def last(self, expression: str, scopes: Scopes) -> object:
        """Return the value in the last scope."""
        return self._told(expression, scopes).get("last")

    def close(self) -> None:
        """End the process."""
        self.process.communicate()

    def _told(self, expression: str, scopes: Scopes) -> dict[str, float]:
        assert self.process.stdin is not None  # noqa: S101 - both pipes were asked for
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(json.dumps({"expression": expression, "scopes": list(scopes)}) + "\n")
        self.process.stdin.flush()
        told: dict[str, float] = json.loads(self.process.stdout.readline())
        return told


def feelin() -> Feelin | str:
    """Return feelin, or why it cannot be measured."""
    node = node_at_hand()
    if node is None:
        return "没有 node"
    return Feelin(node) if FEELIN.exists() else "没有装前端的包（webapp/client/node_modules）"


class PySFeel:
    """pySFeel in this process: variables are set by assignments of its own."""

    def __init__(self, module: ModuleType) -> None:
        """Make a parser."""
        self.parser = module.SFeelParser()

    def seconds(self, expression: str, scopes: Scopes) -> float:
        """Return the seconds of evaluating an expression in each scope; setting the variables is not measured."""
        total = 0.0
        for scope in scopes:
            for name, value in scope.items():
                self.parser.sFeelParse(f"{name} <- {json.dumps(value)}")
            before = perf_counter()
            self.parser.sFeelParse(expression)
            total += perf_counter() - before
        return total


def pysfeel() -> PySFeel | str:
    """Return pySFeel, or why it cannot be measured: its licence keeps it out of our packages."""
    try:
        return PySFeel(import_module("pySFeel"))
    except ImportError:
        return "没有 pySFeel（GPLv3，不随产品安装）：pip install --target DIR pySFeel，再设 PYTHONPATH=DIR"

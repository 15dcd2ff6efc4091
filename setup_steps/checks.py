"""`python3 run.py test`: every check and test that can run here, one after the other, with a summary."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setup_steps.environment import Environment
from setup_steps.node import find_node
from setup_steps.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "webapp" / "client"
CHUNK = 4096
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SAME_AS = {"error": "failed", "errors": "failed", "xfailed": "skipped", "xpassed": "failed"}
GOOD, FOUND_SOMETHING = 0, 1


@dataclass(frozen=True)
class Check:
    """A program that says by its exit code whether all is well."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


@dataclass(frozen=True)
class Verdict:
    """How a check ended, and how many tests it counted."""

    name: str
    code: int
    seconds: float
    counts: Mapping[str, int]


def main(arguments: list[str]) -> int:
    """Run all checks and tests; with arguments, only pytest with these arguments."""
    verdicts = [_carry_out(check) for check in ([] if arguments else _static_checks())]
    verdicts.append(_carry_out(_pytest(arguments)))
    _print_summary(verdicts)
    return FOUND_SOMETHING if any(verdict.code for verdict in verdicts) else GOOD


def _static_checks() -> Iterator[Check]:
    environment = Environment(ROOT, Progress())
    node = find_node(environment).program
    for name, words in (
        ("ruff format --check", ("ruff", "format", "--check", ".")),
        ("ruff check", ("ruff", "check", ".")),
        ("mypy", ("mypy",)),
        ("lint-imports", ("lint-imports",)),
    ):
        yield Check(name, (str(environment.script(words[0])), *words[1:]))
    yield Check("tsc --noEmit", (node, "node_modules/typescript/bin/tsc", "--noEmit"), CLIENT)
    yield Check("node build.mjs --tests", (node, "build.mjs", "--tests"), CLIENT)
    yield Check("node --test", (node, "--test", "--test-reporter=spec", "tests/.built/*.mjs"), CLIENT)


def _pytest(arguments: Sequence[str]) -> Check:
    colour = ("--color=yes",) if sys.stdout.isatty() else ()
    chosen = tuple(arguments) if arguments else ("-n", "auto", "--dist", "worksteal")
    return Check("pytest", (sys.executable, "-m", "pytest", *colour, *chosen))


def _carry_out(check: Check) -> Verdict:
    print(f"\n── {check.name} ──", flush=True)
    begun = time.monotonic()
    code, tail = _stream(check)
    counts = counts_in(tail) if check.name == "pytest" else {}
    if not counts:
        counts = {"failed" if code else "passed": 1}
    return Verdict(check.name, code, time.monotonic() - begun, counts)


def _stream(check: Check) -> tuple[int, str]:
    """Run a program with its output passed on as it comes; return its exit code and last words."""
    with subprocess.Popen(
        check.command,
        cwd=check.folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        tail = b""
        while child.stdout and (chunk := os.read(child.stdout.fileno(), CHUNK)):
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
            tail = (tail + chunk)[-CHUNK:]
    return child.returncode, tail.decode("utf-8", errors="replace")


def counts_in(output: str) -> dict[str, int]:
    """Return the counts in the last line of pytest: passed, failed (with errors), skipped."""
    lines = [line for line in COLOURS.sub("", output).splitlines() if COUNT.search(line)]
    counts: dict[str, int] = {}
    for number, word in COUNT.findall(lines[-1]) if lines else ():
        name = SAME_AS.get(word, word)
        counts[name] = counts.get(name, 0) + int(number)
    return counts


def _print_summary(verdicts: Sequence[Verdict]) -> None:
    """Print a line per check, and last a line that any reader of test runs understands."""
    print("\n── 总结 ──")
    for verdict in verdicts:
        mark = "✗" if verdict.code else "✓"
        print(f"{mark} {verdict.name:<24} {verdict.seconds:6.1f} 秒")
    totals = {name: sum(v.counts.get(name, 0) for v in verdicts) for name in ("passed", "failed", "skipped")}
    skipped = f", {totals['skipped']} skipped" if totals["skipped"] else ""
    print(f"{totals['passed']} passed, {totals['failed']} failed{skipped}", flush=True)

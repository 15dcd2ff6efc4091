"""The public DMN test suite, run strictly through whole models: an exception or a late answer is never a null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Protocol

from msgspec import Struct

import feel
from feel import dmn
from feel.exchange import to_feel
from feel.limits import PLAIN, Run
from feel.temporal import Time
from feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from workflows.engine import DiagramError, parse_foreign_xml
from workflows.trial.answers import QuestionError, present_host
from workflows.trial.models import read_model

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
LATEST = 3.0
LEVELS = (2, 3)
NEAR = Decimal("1e-8")
READERS: dict[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long"), Decimal),
    "boolean": lambda text: text == "true",
}


class Element(Protocol):
    """The part of an element that is read here."""

    @property
    def tag(self) -> object:
        """Return the qualified name."""

    @property
    def text(self) -> str | None:
        """Return the text before the first child."""

    def get(self, key: str, /) -> str | None:
        """Return an attribute."""

    def __iter__(self) -> Iterator[Element]: ...


class FailedError(Exception):
    """A case could not be decided; the message is for people."""


class Result(Struct, frozen=True):
    """One result node of the suite: where it stands, what was expected, what came out."""

    level: int
    directory: str
    name: str
    expected: object
    got: object
    skipped: str = ""

    @property
    def key(self) -> str:
        """Return the name that the record knows it by."""
        return f"{self.level}/{self.directory}/{self.name}"

    @property
    def passed(self) -> bool:
        """Tell whether the value is what was expected."""
        return not self.skipped and not isinstance(self.got, FailedError) and same(self.expected, self.got)

    @property
    def is_silently_wrong(self) -> bool:
        """Tell whether a value came out that is no null and not the expected one: the worst kind."""
        return not self.passed and self.got is not None and not isinstance(self.got, FailedError)


def folder_of(given: Path) -> Path | None:
    """Return the folder in which the levels lie, or None."""
    for folder in (given, given / "TestCases"):
        if any((folder / f"compliance-level-{level}").is_dir() for level in LEVELS):
            return folder
    return None


def results(folder: Path, level: int, part: str = "") -> Iterator[Result]:
    """Yield every result node of a level, or of the directories with `part` in their names."""
    top = folder / f"compliance-level-{level}"
    for directory in sorted(path for path in top.glob("*") if path.is_dir() and part in path.name):
        for path in sorted(directory.glob("*.xml")):
            yield from _results_of_file(level, directory, path)


def same(expected: object, got: object) -> bool:
    """Tell whether a value is what was expected: numbers to 1e-8, everything else in full."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) <= abs(expected) * NEAR
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(same(value, got[key]) for key, value in expected.items())
    if isinstance(expected, Time) and isinstance(got, Time):
        return (expected.nanoseconds, _zone(expected)) == (got.nanoseconds, _zone(got))
    return type(expected) is type(got) and expected == got


def _results_of_file(level: int, directory: Path, path: Path) -> Iterator[Result]:
    try:
        root = parse_foreign_xml(path.read_bytes())
    except DiagramError as error:
        said = "；".join(finding.message_zh for finding in error.findings)
        yield Result(level, directory.name, path.stem, None, FailedError(f"文件读不懂：{said}"))
        return
    if _local(root) != "testCases":
        return
    named = next((child.text or "" for child in root if _local(child) == "modelName"), "").strip()
    for case in (child for child in root if _local(child) == "testCase"):
        nodes = [child for child in case if _local(child) == "resultNode"]
        for place, node in enumerate(nodes, 1):
            known_as = "_".join((case.get("id") or "").split())
            name = f"{path.stem}/{known_as}" + (f"#{place}" if len(nodes) > 1 else "")
            yield Result(level, directory.name, name, *_judged(directory / named, case, node))


def _judged(path: Path, case: Element, node: Element) -> tuple[object, object, str]:
    """Return what is expected of a result node, what came out, and why the case is skipped if it is."""
    try:
        inputs = {one.get("name") or "": _value(one) for one in case if _local(one) == "inputNode"}
        expected = _value(next((child for child in node if _local(child) == "expected"), None))
    except (ArithmeticError, ValueError) as error:
        return None, FailedError(f"值写得不对：{error}"), ""
    skipped = _why_skipped(case)
    return expected, None if skipped else _decided(path, case, node, inputs), skipped


def _why_skipped(case: Element) -> str:
    kind = case.get("type") or "decision"
    return "" if kind in ("decision", "decisionService") else f"不认识的用例种类 {kind}"


def _decided(path: Path, case: Element, node: Element, inputs: dict[str, object]) -> object:
    """Return the FEEL value of a result node, or why there is none."""
    name, invocable = node.get("name") or "", case.get("invocableName") or ""
    began = monotonic()
    try:
        model = read_model(path)
        outcome = dmn.decide(model, invocable or name, inputs, present_host())
    except (feel.FeelError, LookupError, QuestionError, DiagramError) as error:
        return FailedError(str(error))
    if monotonic() - began > LATEST:
        return FailedError(f"超过 {LATEST} 秒")
    faulty = {finding.element for finding in model.findings}
    if name in faulty and any(reason.code == "broken" for reason in outcome.warnings):
        return FailedError("写得不对")
    value: object = to_feel(Run(PLAIN), outcome.value)
    several = invocable and name in (value if isinstance(value, dict) else ())
    return value[name] if several and isinstance(value, dict) else value


def _value(element: Element | None) -> object:
    """Return the value of an input or expected element."""
    if element is None or element.get(f"{XSI}nil") == "true":
        return None
    components = [child for child in element if _local(child) == "component"]
    if components:
        return {child.get("name") or "": _value(child) for child in components}
    for child in element:
        if _local(child) == "list":
            nil = child.get(f"{XSI}nil") == "true"
            return None if nil else [_value(item) for item in child if _local(item) == "item"]
        if _local(child) == "value":
            return _plain(child)
    return None


def _plain(element: Element) -> object:
    if element.get(f"{XSI}nil") == "true":
        return None
    kind = (element.get(f"{XSI}type") or "string").rpartition(":")[2]
    text = element.text or ""
    return READERS[kind](text.strip()) if kind in READERS else text


def _zone(value: Time) -> object:
    """Return the zone of a time; the many names of UTC are one."""
    return 0 if re.fullmatch(r"(Etc/)?(UTC|GMT)", str(value.zone)) else value.zone


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""

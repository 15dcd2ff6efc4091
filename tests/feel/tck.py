"""Runs the public DMN test suite through the model loader, strictly: an exception is never a null."""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from feel import FeelError
from feel.dmn import Model, decide, load
from feel.exchange import to_feel
from feel.limits import PLAIN, Run
from feel.temporal import Time
from feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from tests.feel.engine import HOST

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Element = ET.Element


@dataclass(frozen=True)
class Case:
    """One result node: where it stands, and what came out."""

    level: int
    directory: str
    name: str
    passed: bool
    expected: Any
    got: Any

    @property
    def is_silently_wrong(self) -> bool:
        """A wrong value that is no null is the worst kind."""
        return not self.passed and self.got is not None and not isinstance(self.got, Exception)


def suite() -> Path | None:
    """Return the folder of the suite, or None."""
    beside = Path(__file__).parents[3] / "shared" / "cases" / "dmn-tck"
    root = Path(os.environ.get("TCK_DIR", beside))
    for folder in (root, root / "TestCases"):
        if (folder / "compliance-level-2").is_dir():
            return folder
    return None


def run(root: Path, level: int, only: str = "") -> Iterator[Case]:
    """Yield every result node of a level."""
    for directory in sorted((root / f"compliance-level-{level}").iterdir()):
        if directory.is_dir() and only in directory.name:
            yield from _directory(level, directory)


def _directory(level: int, directory: Path) -> Iterator[Case]:
    roots = {path.name: ET.parse(path).getroot() for path in sorted(directory.glob("*.dmn"))}
    for path in sorted(directory.glob("*.xml")):
        tests = ET.parse(path).getroot()
        name = next(child.text or "" for child in tests if _local(child) == "modelName").strip()
        model = _model(roots, roots[name])
        for test in (child for child in tests if _local(child) == "testCase"):
            yield from _case(level, directory.name, model, test)


def _model(roots: dict[str, Element], root: Element) -> Model:
    wanted = {child.get("namespace") for child in root if _local(child) == "import"}
    imports = {
        other.get("namespace", ""): _model(roots, other)
        for other in roots.values()
        if other is not root and other.get("namespace") in wanted
    }
    return load(root, imports)


def _case(level: int, directory: str, model: Model, test: Element) -> Iterator[Case]:
    inputs = {node.get("name", ""): _value(node) for node in test if _local(node) == "inputNode"}
    invocable = test.get("invocableName", "")
    for node in (child for child in test if _local(child) == "resultNode"):
        name = node.get("name", "")
        expected = _value(next((child for child in node if _local(child) == "expected"), None))
        got = _decided(model, invocable or name, inputs)
        if invocable and isinstance(got, dict):
            got = got.get(name)
        passed = not isinstance(got, Exception) and same(expected, got)
        yield Case(level, directory, f"{test.get('id')}/{name}", passed, expected, got)


def _decided(model: Model, name: str, inputs: dict[str, Any]) -> Any:
    broken = {finding.element for finding in model.findings}
    try:
        outcome = decide(model, name, inputs, HOST)
    except (FeelError, LookupError) as error:
        return error
    if name in broken and any(reason.code == "broken" for reason in outcome.warnings):
        return SyntaxError(name)
    return to_feel(Run(PLAIN), outcome.value)


def _value(element: Element | None) -> Any:
    if element is None or element.get(NIL) == "true":
        return None
    components = [child for child in element if _local(child) == "component"]
    if components:
        return {child.get("name", ""): _value(child) for child in components}
    for child in element:
        if _local(child) == "list":
            return (
                None
                if child.get(NIL) == "true"
                else [_value(item) for item in child if _local(item) == "item"]
            )
        if _local(child) == "value":
            return _plain(child)
    return None


def _plain(element: Element) -> Any:
    if element.get(NIL) == "true":
        return None
    kind = element.get(TYPE, "string").rpartition(":")[2]
    text = element.text or ""
    read = {
        "decimal": Decimal, "double": Decimal, "integer": Decimal, "boolean": lambda text: text == "true",
        "date": parse_date, "time": parse_time, "dateTime": parse_date_time, "duration": parse_duration,
    }.get(kind)  # fmt: skip
    return text if read is None else read(text.strip())


def same(expected: Any, got: Any) -> bool:
    """Tell whether a value is what was expected: numbers to 1e-8, everything else in full."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) <= abs(expected) * Decimal("1e-8")
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(same(expected[key], got[key]) for key in expected)
    if isinstance(expected, Time) and isinstance(got, Time):
        return _zone(expected) == _zone(got)
    return type(expected) is type(got) and expected == got


def _zone(value: Time) -> tuple[int, object]:
    return value.nanoseconds, 0 if re.fullmatch(r"(Etc/)?(UTC|GMT)", str(value.zone)) else value.zone


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def main() -> None:
    """Print what fails, by directory: `python -m tests.feel.tck LEVEL [PART OF A NAME]`."""
    level, only = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    root = suite()
    cases = list(run(root, level, only)) if root else []
    failed = [case for case in cases if not case.passed]
    for case in failed[:200]:
        print(case.directory, case.name, "expected", repr(case.expected), "got", repr(case.got))
    print(Counter(case.directory for case in failed))
    print(
        f"{len(cases) - len(failed)}/{len(cases)}, silently wrong {sum(case.is_silently_wrong for case in cases)}"
    )


if __name__ == "__main__":
    main()

"""Every expression that the product ships: in forms, diagrams and decision tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from workflows.bundles import DECISIONS, DIAGRAMS, SCHEMAS
from workflows.engine import compile_process
from workflows.engine.facets import sites_of
from workflows.engine.timing import CYCLE, feel_text

TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def of_forms() -> list[str]:
    """Return the expressions of all forms."""
    found = {
        text for path in SCHEMAS.glob("*.json") for text in _in_json(json.loads(path.read_text("utf-8")))
    }
    return sorted(found)


def of_diagrams() -> list[str]:
    """Return the expressions of all diagrams."""
    found: set[str] = set()
    for path in DIAGRAMS.glob("*.bpmn"):
        compiled = json.loads(compile_process(path.read_bytes()).to_json())
        for site in sites_of(compiled):
            if site.site != "timer":
                found.add(site.text)
            elif not CYCLE.fullmatch(site.text):
                found.add(feel_text(site.text))
    return sorted(found)


def of_decisions() -> tuple[list[str], list[str]]:
    """Return the expressions and the cells of all decision files."""
    expressions: set[str] = set()
    cells: set[str] = set()
    for path in DECISIONS.glob("*.dmn"):
        for element in ET.parse(path).getroot().iter():
            kind = element.tag.rpartition("}")[2]
            text = next((child.text or "" for child in element if child.tag.endswith("}text")), "").strip()
            if kind in ("inputEntry", "inputValues") and text:
                cells.add(text)
            elif kind in ("literalExpression", "inputExpression", "outputEntry") and text:
                expressions.add(text)
    return sorted(expressions), sorted(cells)


def _in_json(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _in_json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_json(inner)
    elif isinstance(value, str):
        if value.startswith("="):
            yield value[1:]
        yield from (match.strip() for match in TEMPLATE.findall(value))

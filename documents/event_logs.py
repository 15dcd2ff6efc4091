"""Event logs for process mining: XES (IEEE 1849-2016) and OCEL 2.0 as JSON, written as the events come.

A log names activities, moments and roles. It names no person and no unit: cases are known by their ids alone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import IO, Any
from uuid import UUID

import orjson
from lxml import etree
from msgspec import Struct

XES = "http://www.xes-standard.org/"
PLAIN: Any = {None: XES}  # Any: the default namespace has no prefix, which the types do not know
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
ATTRIBUTES = ("element", "role")
BELONGS = "belongs to"


class LogEvent(Struct, frozen=True):
    """One event: of which case (and the case that this one belongs to), what was done, where in the diagram, when."""

    case: UUID
    parent: UUID | None
    activity: str
    element: str
    role: str
    at: datetime


def write_xes(file: IO[bytes], title: str, events: Iterable[LogEvent]) -> None:
    """Write a log whose traces are cases; the events come case by case, in order."""
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        opened = xml.element(f"{{{XES}}}log", {"xes.version": "1849-2016", "xes.features": ""}, nsmap=PLAIN)
        with opened:
            for name, prefix, uri in EXTENSIONS:
                xml.write(_node("extension", name=name, prefix=prefix, uri=uri))
            for scope, keys in {
                "trace": ("concept:name",),
                "event": ("concept:name", "time:timestamp"),
            }.items():
                xml.write(_global(scope, keys))
            xml.write(_node("classifier", name="activity", keys="concept:name"))
            xml.write(_text("concept:name", title))
            for case, of_case in groupby(events, key=lambda event: event.case):
                with xml.element(f"{{{XES}}}trace"):
                    xml.write(_text("concept:name", str(case)))
                    for event in of_case:
                        xml.write(_event(event))


def _event(event: LogEvent) -> etree._Element:
    node = _node("event")
    node.append(_text("concept:name", event.activity))
    node.append(_text("concept:instance", event.element))
    node.append(_node("date", key="time:timestamp", value=_moment(event.at)))
    node.append(_text("lifecycle:transition", "complete"))
    if event.role:
        node.append(_text("org:role", event.role))
    return node


def _global(scope: str, keys: Iterable[str]) -> etree._Element:
    node = _node("global", scope=scope)
    for key in keys:
        is_moment = key == "time:timestamp"
        empty = _moment(datetime(1970, 1, 1, tzinfo=UTC)) if is_moment else "-"
        node.append(_node("date" if is_moment else "string", key=key, value=empty))
    return node


def _text(key: str, value: str) -> etree._Element:
    return _node("string", key=key, value=value)


def _node(tag: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{{{XES}}}{tag}", attributes, nsmap=PLAIN)


def write_ocel(file: IO[bytes], kind: str, parent_kind: str, events: Iterable[LogEvent]) -> None:
    """Write a log whose objects are cases of this kind, and of the other kind those that they belong to."""
    activities: dict[str, None] = {}
    cases: dict[UUID, UUID | None] = {}
    file.write(b'{"events":[')
    for number, event in enumerate(events):
        activities.setdefault(event.activity)
        cases.setdefault(event.case, event.parent)
        file.write((b"," if number else b"") + orjson.dumps(_ocel_event(number, event)))
    parents = {parent for parent in cases.values() if parent is not None} - cases.keys()
    objects = [
        *(_object(case, kind, parent) for case, parent in cases.items()),
        *(_object(parent, parent_kind, None) for parent in sorted(parents)),
    ]
    types = [{"name": name, "attributes": []} for name in (kind, parent_kind)[: 2 if parents else 1]]
    written = [{"name": name, "type": "string"} for name in ATTRIBUTES]
    told = [{"name": name, "attributes": written} for name in activities]
    rest = orjson.dumps({"objects": objects, "objectTypes": types, "eventTypes": told})
    file.write(b"]," + rest.removeprefix(b"{"))


def _ocel_event(number: int, event: LogEvent) -> dict[str, object]:
    return {
        "id": f"e{number}",
        "type": event.activity,
        "time": _moment(event.at),
        "attributes": [{"name": name, "value": getattr(event, name)} for name in ATTRIBUTES],
        "relationships": [{"objectId": str(event.case), "qualifier": "case"}],
    }


def _object(case: UUID, kind: str, parent: UUID | None) -> dict[str, object]:
    belongs = [{"objectId": str(parent), "qualifier": BELONGS}] if parent is not None else []
    return {"id": str(case), "type": kind, "attributes": [], "relationships": belongs}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

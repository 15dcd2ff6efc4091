"""What flowed through a diagram: how often cases came along each flow and to each element; their log for others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from documents.event_logs import LogEvent
from store.pages.process_log import LogLine, Way
from workflows.engine import Spec
from workflows.journey import Ways

DONE = "step.completed"


class Traffic(Struct, frozen=True):
    """How often each flow was taken and each element reached, as the events of the cases tell (decision 0006)."""

    flows: Mapping[str, int]
    elements: Mapping[str, int]


def traffic_of(spec: Spec, ways: Iterable[Way]) -> Traffic:
    """Add up the ways of all cases."""
    flows, elements = Counter[str](), Counter[str]()
    read = Ways.of(spec)
    for way in ways:
        for start in read.starts_of(way.elements):
            elements[start] += way.cases
        for passage in read.passages(way.elements):
            for flow in passage.flows:
                flows[flow] += way.cases
            for element in (*passage.between, passage.element):
                elements[element] += way.cases
    return Traffic(dict(flows), dict(elements))


def log_events(spec: Spec, lines: Iterable[LogLine]) -> Iterator[LogEvent]:
    """Give the events of a log, each named as its diagram names the element; what has no name has its id."""
    for line in lines:
        step = spec.steps.get(line.element)
        role = step.role if step is not None and line.kind == DONE else None
        title = str(spec.nodes.get(line.element, {}).get("name") or line.element)
        yield LogEvent(line.case_id, line.parent_id, title, line.element, role or "", line.at)

"""A case once more, event by event: what to paint in its drawing at each of them, and the sentence that says it."""

from collections.abc import Iterable

from msgspec import Struct

from store.pages.case import EventLine
from webapp.cases.story import sentence
from webapp.dates import moment
from workflows.engine import Spec
from workflows.journey import Ways


class Frame(Struct, frozen=True):
    """One event: when, the sentence, where the case is by it, what it passed on the way there."""

    at: str
    text: str
    element: str
    passed: tuple[str, ...]


def frames_of(spec: Spec, events: Iterable[EventLine]) -> list[Frame]:
    """Return the events that name an element of the diagram, oldest first."""
    known = [event for event in events if event.element in spec.nodes]
    passages = Ways.of(spec).passages(str(event.element) for event in known)
    return [
        Frame(
            at=moment(event.at),
            text=sentence(event, spec),
            element=passage.element,
            passed=(*sorted(passage.between), *sorted(passage.flows)),
        )
        for event, passage in zip(known, passages, strict=True)
    ]

"""What a replay says of a case, and of all of them together."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

EXAMPLES = 5


class Verdict(StrEnum):
    """How a case fares in the other diagram, from good to bad."""

    SAME = "same"
    OTHER = "other"
    MISSING = "missing"
    STUCK = "stuck"
    BROKEN = "broken"


WORDS: Mapping[Verdict, str] = {
    Verdict.SAME: "同样的路",
    Verdict.OTHER: "另一条路",
    Verdict.MISSING: "资料不全",
    Verdict.STUCK: "走不下去",
    Verdict.BROKEN: "违反条款",
}


class Move(Struct, frozen=True):
    """One command of a case: what moved it, where, when, and what the engine then told (kind and element)."""

    kind: str
    element: str
    at: datetime
    body: Mapping[str, object]
    told: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str, object], ...] = ()


class History(Struct, frozen=True):
    """A case as it was recorded, and the state in which it stands now if it runs."""

    case_id: UUID
    number: str
    release_id: UUID
    status: str
    end_event: str | None
    state: bytes | None
    moves: tuple[Move, ...]


class Result(Struct, frozen=True):
    """A case's verdict, the element where it parted from its history, and the sentence that says how."""

    case_id: UUID
    number: str
    verdict: Verdict
    element: str = ""
    text: str = ""


class Group(Struct, frozen=True):
    """The cases that part at one element in one way: how many, and the first few."""

    verdict: Verdict
    element: str
    name: str
    text: str
    count: int
    examples: tuple[Result, ...]


class Report(Struct, frozen=True):
    """All cases of a process: counts by verdict, and where they part, the most frequent first."""

    process: str
    total: int
    counts: Mapping[Verdict, int]
    groups: tuple[Group, ...]

    def as_data(self) -> dict[str, object]:
        """Return the report as JSON has it."""
        counts = {verdict.value: self.counts.get(verdict, 0) for verdict in Verdict}
        groups = [
            {
                "verdict": group.verdict.value,
                "element": group.element,
                "name": group.name,
                "text": group.text,
                "count": group.count,
                "examples": [{"id": str(one.case_id), "number": one.number} for one in group.examples],
            }
            for group in self.groups
        ]
        return {"process": self.process, "total": self.total, "counts": counts, "groups": groups}

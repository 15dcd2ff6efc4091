"""Commands: what people and the product may ask for, as frozen values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from store.types import canonical
from workflows.values import json_object


@dataclass(frozen=True, slots=True)
class CompleteWorkItem:
    """Finish a step with these answers. `version` is what the person saw; `key` makes a repeat harmless."""

    work_item_id: UUID
    version: int
    answers: Mapping[str, object]
    key: str
    on_behalf: bool = False

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return _digest(item=str(self.work_item_id), answers=self.answers)


@dataclass(frozen=True, slots=True)
class ClaimWorkItem:
    """Take a step from the pool."""

    work_item_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ReleaseWorkItem:
    """Give a claimed step back to the pool."""

    work_item_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep what a person typed into a form."""

    work_item_id: UUID
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SendToCase:
    """Send a message to a case by hand, by filling its form (要求改期, 撤回允许 …)."""

    case_id: UUID
    subscription_id: UUID
    answers: Mapping[str, object]
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return _digest(subscription=str(self.subscription_id), answers=self.answers)


@dataclass(frozen=True, slots=True)
class OpenExtraVisit:
    """Open a visit beside the plan of a service cycle (加单)."""

    case_id: UUID
    planned_on: date | None
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return _digest(visit_of=str(self.case_id), planned_on=self.planned_on, reason=self.reason)


@dataclass(frozen=True, slots=True)
class OpenRefusal:
    """Open the case in which a refusal is registered that no step of a diagram heard of."""

    case_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return _digest(refusal_of=str(self.case_id), reason=self.reason)


def _digest(**asked: object) -> str:
    return hashlib.sha256(canonical(json_object(asked))).hexdigest()

"""Commands: what people and the product may ask for, as frozen values."""

import hashlib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from store.types import canonical
from workflows.values import json_object


class CompleteWorkItem(Struct, frozen=True):
    """Finish a step with these answers. `version` is what the person saw; `key` makes a repeat harmless."""

    work_item_id: UUID
    version: int
    answers: Mapping[str, object]
    key: str
    on_behalf: bool = False

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(item=str(self.work_item_id), answers=self.answers)


class ClaimWorkItem(Struct, frozen=True):
    """Take a step from the pool."""

    work_item_id: UUID
    version: int


class ReleaseWorkItem(Struct, frozen=True):
    """Give a claimed step back to the pool."""

    work_item_id: UUID
    version: int


class SaveDraft(Struct, frozen=True):
    """Keep what a person typed into a form."""

    work_item_id: UUID
    body: Mapping[str, object]


class SendToCase(Struct, frozen=True):
    """Send a message to a case by hand, by filling its form (要求改期, 撤回允许 …)."""

    case_id: UUID
    subscription_id: UUID
    answers: Mapping[str, object]
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(subscription=str(self.subscription_id), answers=self.answers)


class BeginCase(Struct, frozen=True):
    """Begin a case by the form of a start event, about a policy where the event asks for one."""

    process: str
    start: str
    policy_id: UUID | None
    answers: Mapping[str, object]
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        about = str(self.policy_id) if self.policy_id is not None else None
        return digest(process=self.process, start=self.start, about=about, answers=self.answers)


class OpenExtraVisit(Struct, frozen=True):
    """Open a visit beside the plan of a service cycle (加单)."""

    case_id: UUID
    planned_on: date | None
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(visit_of=str(self.case_id), planned_on=self.planned_on, reason=self.reason)


class OpenRefusal(Struct, frozen=True):
    """Open the case in which a refusal is registered that no step of a diagram heard of."""

    case_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(refusal_of=str(self.case_id), reason=self.reason)


class CorrectFiledReport(Struct, frozen=True):
    """Begin another version of a report that was accepted and turns out to be wrong."""

    report_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(correction_of=str(self.report_id), reason=self.reason)


class BeginTraining(Struct, frozen=True):
    """Begin a group training of one's provider; one that its filed plan foresees, if its key there is named."""

    key: str
    foreseen: str = ""

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(begin="training", foreseen=self.foreseen)


class SuspendCase(Struct, frozen=True):
    """Stop a case where it stands, until somebody resumes it; with `below`, the cases that it opened as well."""

    case_id: UUID
    reason: str
    key: str
    below: bool = False

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(suspend=str(self.case_id), reason=self.reason, below=self.below)


class ResumeCase(Struct, frozen=True):
    """Let a suspended case go on; with `below`, those below it that are suspended as well."""

    case_id: UUID
    reason: str
    key: str
    below: bool = False

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(resume=str(self.case_id), reason=self.reason, below=self.below)


class Below(StrEnum):
    """What becomes of the running cases below one that is cancelled."""

    KEEP = "keep"
    SUSPEND = "suspend"
    CANCEL = "cancel"


class CancelCase(Struct, frozen=True):
    """End a case with everything that is open in it. `seen` is the digest of what its preview showed to be lost."""

    case_id: UUID
    reason: str
    seen: str
    key: str
    below: Below = Below.KEEP

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(cancel=str(self.case_id), reason=self.reason, below=self.below)


class MigrateCase(Struct, frozen=True):
    """Move a case to another release of its process. `version` is what its fate was told of."""

    case_id: UUID
    version: int
    release_id: UUID
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(migrate=str(self.case_id), release=str(self.release_id), v=self.version)


class MigrateCases(Struct, frozen=True):
    """Move many cases, each in the version that its fate was told of, by jobs."""

    release_id: UUID
    chosen: Mapping[UUID, int]
    reason: str
    key: str


class ProposeMove(Struct, frozen=True):
    """Propose to close tokens of a case and to open steps. `seen` is the digest of what the preview showed."""

    case_id: UUID
    cancel: tuple[str, ...]
    start: tuple[str, ...]
    reason: str
    seen: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(move=str(self.case_id), cancel=self.cancel, start=self.start, reason=self.reason)


class SaveDraftFile(Struct, frozen=True):
    """Replace a file of a draft, or add one. `version` is the draft's that was seen."""

    draft_id: UUID
    name: str
    content: bytes
    version: int


class ProposePublication(Struct, frozen=True):
    """Ask for a draft to be published, from a day on or at once (None).

    `version` is the draft's that was seen; `over` the number of the release in force that it would take the place of.
    """

    draft_id: UUID
    version: int
    note: str
    over: int
    effective_on: date | None = None


def digest(**asked: object) -> str:
    """Return the digest of what a command asks for, or of what a preview showed."""
    return hashlib.sha256(canonical(json_object(asked))).hexdigest()

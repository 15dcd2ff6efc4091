"""What can go wrong with a command. Exceptions carry data; the wording for users lies in `webapp.errors`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from documents.press import Broken


class WorkflowError(Exception):
    """Base of all errors of this package."""


@dataclass
class NotFoundError(WorkflowError):
    """Nothing with this id is visible to the person; a foreign object looks the same."""

    kind: str
    id: str


@dataclass
class NotAllowedError(WorkflowError):
    """The person sees the object but may not do this with it."""

    action: str
    reason: str = ""


@dataclass
class StaleVersionError(WorkflowError):
    """Somebody else changed the work item since the person opened it; what was typed is kept as a draft."""

    work_item_id: UUID
    seen: int
    current: int
    done_by: str = ""
    closed: bool = False


@dataclass
class StaleRecordError(WorkflowError):
    """Somebody else changed a register's record since the person opened it; nothing was kept."""

    kind: str
    id: UUID


@dataclass
class CommandKeyConflictError(WorkflowError):
    """The same key came with another request."""

    key: str


@dataclass
class InvalidAnswersError(WorkflowError):
    """The answers do not fit the form. `errors` maps a field's path to a Chinese sentence."""

    errors: Mapping[str, str]
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass
class CaseStuckError(WorkflowError):
    """The command could not be carried out; an incident waits for repair and nothing was changed."""

    incident_id: UUID
    message: str


@dataclass
class UnknownRoleError(WorkflowError):
    """A step lies in a lane that is no role."""

    process: str
    step: str
    role: str


@dataclass
class UnknownOperationError(WorkflowError):
    """A diagram calls an operation that is not in the catalogue."""

    operation: str
    element: str


@dataclass
class NoHolderError(WorkflowError):
    """A step's role has no organization in this case, so nobody could take it."""

    role: str
    step: str


@dataclass
class AnswersRefusedError(WorkflowError):
    """An operation does not accept the answers: a gate of the standard is closed. Maps paths to sentences."""

    errors: Mapping[str, str]


@dataclass
class RuleRefusedError(WorkflowError):
    """A rule of the house stands against a command; `reason` says which, in words for people."""

    reason: str


@dataclass
class BrokenTemplateError(WorkflowError):
    """A template gives no paper; `broken` says why and in which line."""

    broken: Broken


@dataclass
class CaseSuspendedError(RuleRefusedError):
    """The case is suspended: nothing in it goes on before somebody resumes it."""


@dataclass
class RepeatedCommandError(WorkflowError):
    """The command was carried out before; its answer (a password, a run) is given only once."""

    key: str


class OperationBrokenError(WorkflowError):
    """An operation gave the database something that it refused; the message names the kind of refusal."""

    def __str__(self) -> str:
        """Return the sentence for the incident."""
        return f"程序或数据有错（{self.args[0]}）"

"""What the articles ask of a process (articles.toml): what must be done on every way, by whom, with which form.

Operations are named as diagrams call them; `issue_document(refusal_notice)` is one with that text among its inputs.
"""

from typing import Literal

from msgspec import Struct

END = "end"
START = "start"


class Demand(Struct, frozen=True, forbid_unknown_fields=True):
    """A duty on every way: after one of `after`, and before one of `until`, one of `by` must have been done.

    `holds` is a condition that a way must have passed instead of, or beside, an operation. The duty falls away
    on a way that passes one of `unless`, or a flow that `spare` holds on.
    """

    process: str
    say: str
    by: tuple[str, ...] = ()
    after: tuple[str, ...] = (START,)
    until: tuple[str, ...] = (END,)
    unless: tuple[str, ...] = ()
    holds: str = ""
    spare: str = ""
    force: Literal["shall", "should"] = "shall"


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """What an element needs that calls an operation: fields, roles, a deadline, inputs, events that it hears.

    A field is its key and kind, with `unless CONDITION` if the form may hide it then. `listens` names messages;
    `~` before a name lets the step go on.
    """

    process: str
    operation: str
    fields: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    deadline: str = ""
    wall: bool = False
    inputs: dict[str, str] = {}
    listens: tuple[str, ...] = ()


class Trust(Struct, frozen=True, forbid_unknown_fields=True):
    """Which operations may set a variable that a duty hangs on, and from what else than their result."""

    process: str
    variables: tuple[str, ...]
    by: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """How a deadline of a process gets its day: the kind in the rules, from which variable on, by what it is set.

    The variable `STEP-KIND_due` holds the day. Of a `prompt` one no timer may keep back the step.
    """

    process: str
    kind: str
    step_kind: str
    anchors: tuple[str, ...] = ()
    by: tuple[str, ...] = ("set_deadline",)
    prompt: bool = False

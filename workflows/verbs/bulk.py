"""批量办理 and 批量转办: one command and one transaction per item, so that one that fails leaves the others done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from forms.model import Component, Field, Form, Group, Kind, Option, Rows
from rules import vocabulary
from workflows.commands import CompleteWorkItem
from workflows.errors import WorkflowError
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.transferring import TransferWorkItem, transfer_work_item

AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that somebody ticked, in the version they saw."""

    work_item_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks that may be done in bulk: one decision, or nothing at all (an empty key)."""

    key: str = ""
    label: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one item; no error is success."""

    work_item_id: UUID
    error: WorkflowError | None


def question_of(form: Form) -> Question | None:
    """Return what a step asks in bulk; None if it asks for more than one decision, or for a signature."""
    asked = list(_required(form.components))
    if not asked:
        return Question()
    first = asked[0]
    if len(asked) > 1 or not isinstance(first, Field) or first.kind is not Kind.CHOICE:
        return None
    options = first.options or _words(first.source)
    return Question(first.key, first.label, options) if options else None


def _words(source: str | None) -> tuple[Option, ...]:
    """Return the words of a vocabulary; none of a list that depends on the case."""
    if source is None or source not in vocabulary.enumerations():
        return ()
    return tuple(
        Option(code, label) for _, words in vocabulary.grouped_choices(source) for code, label in words
    )


def complete_many(
    runtime: Runtime, chosen: Mapping[Chosen, Mapping[str, object]], key: str, actor: Actor
) -> list[Done]:
    """Finish each item with its answers."""

    def complete(one: Chosen) -> None:
        command = CompleteWorkItem(one.work_item_id, one.version, chosen[one], f"{key}-{one.work_item_id}")
        complete_work_item(runtime, command, actor)

    return list(_each(chosen, complete))


def transfer_many(
    runtime: Runtime, chosen: Iterable[Chosen], to: tuple[UUID, str], key: str, actor: Actor
) -> list[Done]:
    """Give each item to the same person, for the same reason."""
    receiver, reason = to

    def transfer(one: Chosen) -> None:
        command = TransferWorkItem(
            one.work_item_id, one.version, receiver, reason, f"{key}-{one.work_item_id}"
        )
        transfer_work_item(runtime, command, actor)

    return list(_each(chosen, transfer))


def _each(chosen: Iterable[Chosen], carry_out: Callable[[Chosen], None]) -> Iterator[Done]:
    for one in list(dict.fromkeys(chosen))[:AT_ONCE]:
        try:
            carry_out(one)
        except WorkflowError as error:
            yield Done(one.work_item_id, error)
        else:
            yield Done(one.work_item_id, None)


def _required(components: Iterable[Component]) -> Iterator[Component]:
    """Yield what has to be filled in whatever else is; a signature has, whatever the form says.

    What shows only after some answer is left to the check of the answers, which names it.
    """
    for one in components:
        if isinstance(one, Group) and not one.hide:
            yield from _required(one.components)
        elif isinstance(one, Rows):
            if one.min_rows or one.source:
                yield one
        elif isinstance(one, Field) and not one.hide and (one.required or one.kind is Kind.SIGNATURE):
            yield one

"""批量办理 and 批量转办: one command and one transaction per item, so that one that fails leaves the others done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from workflows.commands import CompleteWorkItem
from workflows.errors import WorkflowError
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.transferring import TransferWorkItem, transfer_work_item

AT_ONCE: Final = 50


class Chosen(Struct, frozen=True):
    """An item that somebody ticked, in the version they saw."""

    work_item_id: UUID
    version: int


class Done(Struct, frozen=True):
    """What came of one item; no error is success."""

    work_item_id: UUID
    error: WorkflowError | None


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

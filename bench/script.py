"""One real visit, recorded: what its people answer and what its operations return and say, to be played back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from unittest.mock import patch
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select

from bench.visits import SCOPE, STEPS, Visits
from rules.deadlines import Deadline
from store.events import EventDraft
from store.tables import WorkItem
from workflows.acts import Act, Outgoing
from workflows.advance import new_act
from workflows.catalogue import OPERATIONS, Inputs, Operation, Outputs
from workflows.commands import CompleteWorkItem
from workflows.handlers.items import lock_with_case, permitted
from workflows.handlers.work_items import complete_work_item, finish_step
from workflows.people import Actor
from workflows.statuses import DONE


class Said(Struct, frozen=True):
    """What an operation returned, and what it left in the command."""

    outputs: Outputs
    events: list[EventDraft]
    messages: list[Outgoing]
    owed: Mapping[str, Deadline]


class Recording(Struct, frozen=True):
    """What the people of one visit sent, by step, and what its operations said, by element."""

    commands: dict[str, tuple[CompleteWorkItem, Actor]] = field(default_factory=dict)
    operations: dict[str, Said] = field(default_factory=dict)


class Script(Struct):
    """Visits that are played back from the recording of one."""

    visits: Visits
    recording: Recording = field(default_factory=Recording)

    def record(self) -> float:
        """Walk one visit by the real handler, keep what is said; return the seconds of its completions."""
        case_id, seconds = self.visits.open(), 0.0
        with self._operations(self._recording):
            for _ in range(STEPS):
                item, command, actor = self.visits.next_command(case_id)
                self.recording.commands[item.step] = (command, actor)
                began = perf_counter()
                complete_work_item(self.visits.runtime, command, actor)
                seconds += perf_counter() - began
        return seconds

    def play(self, visits: int) -> float:
        """Take new visits through the same steps; return the seconds of their durable completions."""
        with self._operations(self._playing):
            opened = [self.visits.open() for _ in range(visits)]
        return self.play_cases(opened)

    def play_cases(self, case_ids: Sequence[UUID]) -> float:
        """Take visits that were opened through the same steps; return the seconds of their completions."""
        seconds = 0.0
        with self._operations(self._playing):
            for case_id in case_ids:
                for _ in range(STEPS):
                    item = self._open_item(case_id)
                    self.visits.clock.at += timedelta(minutes=1)
                    recorded, actor = self.recording.commands[item.step]
                    key = f"bench-{item.id}"
                    command = CompleteWorkItem(item.id, item.version, recorded.answers, key)
                    began = perf_counter()
                    self._complete(command, actor)
                    seconds += perf_counter() - began
        return seconds

    def _complete(self, command: CompleteWorkItem, actor: Actor) -> None:
        """Complete as the handler does, without asking the form and the facts."""
        runtime = self.visits.runtime
        now = runtime.now()
        with runtime.database.write(SCOPE, now=now, actor=actor.person_id) as session:
            case, item, calendar = lock_with_case(session, command.work_item_id)
            permitted(session, item, command.work_item_id, actor)
            act = new_act(runtime, session, case, actor, now, calendar)
            finish_step(act, item, command, command.answers)

    def _open_item(self, case_id: UUID) -> WorkItem:
        with self.visits.runtime.database.read(SCOPE) as session:
            return session.scalars(
                select(WorkItem)
                .where(WorkItem.case_id == case_id, WorkItem.status < DONE)
                .order_by(WorkItem.opened_at, WorkItem.id)
                .limit(1)
            ).one()

    def _recording(self, operation: Operation) -> Operation:
        def run(act: Act, inputs: Inputs) -> Outputs:
            events, messages = len(act.said), len(act.outbox)
            outputs = operation.run(act, inputs)
            self.recording.operations[act.element] = Said(
                dict(outputs), act.said[events:], act.outbox[messages:], dict(act.owed)
            )
            return outputs

        return replace(operation, run=run)

    def _playing(self, operation: Operation) -> Operation:
        def run(act: Act, _inputs: Inputs) -> Outputs:
            said = self.recording.operations[act.element]
            act.said.extend(said.events)
            act.outbox.extend(said.messages)
            act.owed.update(said.owed)
            return said.outputs

        return replace(operation, run=run)

    @contextmanager
    def _operations(self, changed: Callable[[Operation], Operation]) -> Iterator[None]:
        others = {name: changed(operation) for name, operation in OPERATIONS.items()}
        with patch.dict(OPERATIONS, others):
            yield

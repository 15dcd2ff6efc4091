"""The product under test: a case of a diagram in a real database, and each deed as the command that people give."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from demo.walk import actor_of
from store.database import Database
from store.tables import Absence, Case, CaseEvent, Person, Timer, WorkItem
from tests.support.forms import SCHEMAS
from tests.support.world import EVERYTHING, World
from tests.workflows.stateful.tree import Block, bpmn
from workflows import bundles, pinned
from workflows.accounts import add_person
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.commands import ClaimWorkItem, CompleteWorkItem, ReleaseWorkItem, SaveDraft
from workflows.handlers.timers import fire_timer
from workflows.handlers.work_items import (
    claim_work_item,
    complete_work_item,
    release_work_item,
    save_draft,
)
from workflows.people import SYSTEM, Actor
from workflows.releases import publish_shipped
from workflows.rounds import How
from workflows.runtime import Runtime, legal_day
from workflows.verbs.absences import SetAbsence, end_absence, set_absence
from workflows.verbs.adding_signers import AddSigner, add_signer
from workflows.verbs.bulk import Chosen, complete_many, transfer_many
from workflows.verbs.commenting import CommentOnCase, comment_on_case
from workflows.verbs.copying import CopyCase, copy_case
from workflows.verbs.delegating import (
    DelegateWorkItem,
    HandBackWorkItem,
    delegate_work_item,
    hand_back_work_item,
)
from workflows.verbs.previews import target_of_done, targets
from workflows.verbs.removing_signers import RemoveSigner, remove_signer, state_of
from workflows.verbs.returning import ReturnWork, WithdrawWork, return_work, withdraw_work
from workflows.verbs.timeouts import time_out
from workflows.verbs.transferring import TransferWorkItem, transfer_work_item
from workflows.verbs.urging import UrgeWorkItem, urge_work_item

Command = Callable[[], object]
PEOPLE = {
    "c1": "coordinator",
    "c2": "coordinator",
    "c3": "coordinator",
    "v1": "return_visitor",
    "v2": "return_visitor",
    "f1": "provider_finance",
    "f2": "provider_finance",
    "m1": "provider_manager",
}
"""Everybody who works in these cases, by login; the first of each role is of the sample city."""

FORM = Path(__file__).with_name("decision.json")
_CACHES = (pinned._SPECS, pinned._ARTEFACTS, pinned._MANIFESTS)


class Bound(Struct, frozen=True):
    """A command with who gives it; it is carried out by the runtime of the moment."""

    product: Product
    carry_out: Callable[..., object]
    asked: Any
    actor: Actor

    def __call__(self) -> object:
        """Carry the command out."""
        return self.carry_out(self.product.runtime, self.asked, self.actor)


class Seen(Struct, frozen=True):
    """A case as its rows tell it: its items by their ids, its events by version and number."""

    items: dict[UUID, WorkItem]
    case: Case
    told: list[tuple[int, int]]

    def state(self) -> tuple[object, ...]:
        """Return what is different after anything has been done."""
        rows = [(row.id, row.version, row.status, row.assignee_id) for row in self.items.values()]
        return rows, self.case.version, len(self.told)


class Product:
    """A city with one case of a process, and who acts in it."""

    def __init__(self, world: World, block: Block, folder: Path) -> None:
        """Publish the process and open a case of it."""
        self.world, self.runtime = world, world.runtime
        self.keys = count(1)
        self.logins: dict[object, str] = {None: ""}
        self.actors = dict(self._people())
        self.case_id = self._opened(block, folder)

    def restart(self) -> None:
        """Throw away everything that the process keeps in memory: another one goes on with the database."""
        old = self.runtime
        for cache in _CACHES:
            cache.clear()
        pinned.read_form.cache_clear()
        old.database.close()
        url = old.database.url
        database = Database(url.render_as_string(hide_password=False))
        self.runtime = Runtime(database, old.files, old.clock, signing_key=old.signing_key)

    def close(self) -> None:
        """Let go of the database."""
        self.runtime.database.close()

    def seen(self) -> Seen:
        """Return what the database holds of the case."""
        with self.runtime.database.read(EVERYTHING) as session:
            rows = session.scalars(
                select(WorkItem).where(WorkItem.case_id == self.case_id).order_by(WorkItem.id)
            )
            numbers = select(CaseEvent.version, CaseEvent.n).where(CaseEvent.case_id == self.case_id)
            told = session.execute(numbers.order_by(CaseEvent.version, CaseEvent.n))
            return Seen(
                {row.id: row for row in rows},
                session.get_one(Case, self.case_id),
                [tuple(one) for one in told],
            )

    def command(self, verb: str, actor: str, item: WorkItem | None, target: str, other: str) -> Command:
        """Return the command of a deed, bound to what its actor sees now; each call gives the very same one."""
        key, by = f"k{next(self.keys)}", self.actors.get(actor, SYSTEM)
        return getattr(self, f"_{verb}")(
            key, by, item, target, self.actors[other].person_id if other else None
        )

    def again(self, command: Command, **changed: Any) -> Command | None:
        """Return a command with another key, or other contents; None where the verb has no such thing."""
        if not isinstance(command, Bound) or not all(hasattr(command.asked, name) for name in changed):
            return None
        return replace(command, asked=replace(command.asked, **changed))

    def _people(self) -> Iterator[tuple[str, Actor]]:
        with self.runtime.database.write(EVERYTHING, now=self.world.clock.at) as session:
            for login, role in PEOPLE.items():
                if login.endswith("1"):
                    person = session.get_one(Person, self.world.offices.people[role])
                else:
                    named = {"login": login, "name": login, "roles": (role,), "password": None}
                    person = add_person(
                        session, **named, org_id=self.world.offices.provider, now=self.world.clock.at
                    )
                session.flush()
                self.logins[person.id] = login
                yield login, actor_of(session, person)

    def _opened(self, block: Block, folder: Path) -> Any:
        now, offices = self.world.clock.at, self.world.offices
        data = {login: str(actor.person_id) for login, actor in self.actors.items()}
        with (
            shipping(bpmn(block, "drawn"), folder),
            self.runtime.database.write(EVERYTHING, now=now) as session,
        ):
            publish_shipped(session, now)
            subject = Subject(offices.provider, offices.insurer, region_code="330302")
            opening = Opening("drawn", "drawn", "S-1", "办一件", data, subject)
            return begin_case(self.runtime, session, opening, SYSTEM, now).id

    def _bound(self, carry_out: Callable[..., object], asked: Any, actor: Actor) -> Command:
        return Bound(self, carry_out, asked, actor)

    def _claim(self, _key, by, item, *_):
        return self._bound(claim_work_item, ClaimWorkItem(item.id, item.version), by)

    def _release(self, _key, by, item, *_):
        return self._bound(release_work_item, ReleaseWorkItem(item.id, item.version), by)

    def _draft(self, _key, by, item, *_):
        return self._bound(save_draft, SaveDraft(item.id, {"opinion": "想一想"}), by)

    def _approve(self, key, by, item, *_):
        return self._bound(complete_work_item, CompleteWorkItem(item.id, item.version, _answers(), key), by)

    def _refuse(self, key, by, item, *_):
        answers = _answers("return")
        return self._bound(complete_work_item, CompleteWorkItem(item.id, item.version, answers, key), by)

    def _return(self, key, by, item, target, _other, *, straight=False):
        with self.runtime.database.read(EVERYTHING) as session:
            found = targets(session, session.get_one(Case, self.case_id), item.task_id)
        here = {one.activation: one for one in found}
        lost = here[target].fingerprint if target in here else ""
        asked = ReturnWork(item.id, item.version, target, "数字不对", lost, key, straight)
        return self._bound(return_work, asked, by)

    def _straight(self, key, by, item, target, other):
        return self._return(key, by, item, target, other, straight=True)

    def _withdraw(self, key, by, item, *_):
        with self.runtime.database.read(EVERYTHING) as session:
            row = session.get_one(WorkItem, item.id)
            found = target_of_done(session, session.get_one(Case, self.case_id), row)
        lost = found[1].fingerprint if found is not None else ""
        return self._bound(withdraw_work, WithdrawWork(item.id, "看错了", lost, key), by)

    def _transfer(self, key, by, item, _target, other):
        return self._bound(
            transfer_work_item, TransferWorkItem(item.id, item.version, other, "出差", key), by
        )

    def _delegate(self, key, by, item, _target, other):
        return self._bound(
            delegate_work_item, DelegateWorkItem(item.id, item.version, other, "请填", key), by
        )

    def _hand_back(self, key, by, item, *_):
        return self._bound(hand_back_work_item, HandBackWorkItem(item.id, item.version, "填好了", key), by)

    def _add_before(self, key, by, item, _target, other, how=How.BEFORE):
        return self._bound(add_signer, AddSigner(item.id, item.version, other, how, "看一下", key), by)

    def _add_beside(self, key, by, item, target, other):
        return self._add_before(key, by, item, target, other, How.BESIDE)

    def _add_after(self, key, by, item, target, other):
        return self._add_before(key, by, item, target, other, How.AFTER)

    def _remove(self, key, by, item, *_):
        seats = [one for one in self.seen().items.values() if one.sign_round_id == item.sign_round_id]
        asked = RemoveSigner(item.id, item.id, state_of(seats if item.sign_round_id else ()), "不用了", key)
        return self._bound(remove_signer, asked, by)

    def _urge(self, key, by, item, *_):
        return self._bound(urge_work_item, UrgeWorkItem(item.id, item.version, "快一点", key), by)

    def _copy(self, key, by, *_):
        someone = self.world.offices.people["insurer"]
        return self._bound(copy_case, CopyCase(self.case_id, (someone,), "知道一下", key), by)

    def _comment(self, key, by, *_):
        return self._bound(comment_on_case, CommentOnCase(self.case_id, "记一笔", (), key), by)

    def _absence(self, key, by, _item, _target, other):
        today = legal_day(self.world.clock())
        asked = SetAbsence(by.person_id, other, today, today + timedelta(days=3), "休假", True, key)
        return self._bound(set_absence, asked, by)

    def _back(self, _key, by, *_):
        with self.runtime.database.read(EVERYTHING) as session:
            mine = select(Absence.id).where(Absence.person_id == by.person_id, Absence.ended_at.is_(None))
            known = session.scalar(mine.order_by(Absence.set_at.desc()).limit(1))
        return self._bound(end_absence, known or uuid4(), by)

    def _time_out(self, _key, _by, item, *_):
        with self.runtime.database.read(EVERYTHING) as session:
            rows = select(Timer).where(Timer.case_id == self.case_id, Timer.task_id == item.task_id)
            actions = [row.payload.get("timeout") for row in session.scalars(rows)]
        action = next(action for action in actions if action)
        return lambda: time_out(self.runtime, item.id, action)

    def _edge(self, _key, _by, item, *_):
        with self.runtime.database.read(EVERYTHING) as session:
            rows = select(Timer.id).where(Timer.case_id == self.case_id, Timer.element == f"{item.step}_edge")
            timer = session.scalars(rows.order_by(Timer.due_at).limit(1)).one()
        return lambda: fire_timer(self.runtime, timer)

    def complete_together(self, actor: str, items: list[WorkItem]) -> list[bool]:
        """Complete items in bulk; tell of each whether it was done."""
        chosen = {Chosen(item.id, item.version): _answers() for item in items}
        done = complete_many(self.runtime, chosen, f"k{next(self.keys)}", self.actors[actor])
        return [one.error is None for one in done]

    def transfer_together(self, actor: str, items: list[WorkItem], other: str) -> list[bool]:
        """Transfer items in bulk; tell of each whether it was done."""
        chosen = [Chosen(item.id, item.version) for item in items]
        to = (self.actors[other].person_id, "出差")
        done = transfer_many(self.runtime, chosen, to, f"k{next(self.keys)}", self.actors[actor])
        return [one.error is None for one in done]


def _answers(decision: str = "approve") -> dict[str, str]:
    return {"decision": decision, "opinion": "看过了"}


@contextmanager
def shipping(diagram: bytes, folder: Path) -> Iterator[None]:
    """Let the product find this diagram and its form among its own files."""
    for name in ("diagrams", "schemas"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "diagrams" / "drawn.bpmn").write_bytes(diagram)
    for form in (FORM, SCHEMAS / "sign_opinion.json"):
        shutil.copy(form, folder / "schemas")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "DIAGRAMS", folder / "diagrams")
        patch.setattr(bundles, "SCHEMAS", folder / "schemas")
        yield

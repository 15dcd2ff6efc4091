"""Small cases with countersigned steps, in a city of their own processes."""

import json
import shutil
from pathlib import Path
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import select

from store import invariants
from store.events import data_of, verify
from store.tables import Case, CaseEvent, Notice, SignRound, WorkItem
from tests.support.forms import SCHEMAS as SHIPPED
from tests.support.world import EVERYTHING, World
from tests.workflows.engine.drawing import Shape, draw, end, outputs, shape, start
from workflows import bundles
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.commands import ClaimWorkItem, CompleteWorkItem
from workflows.handlers.work_items import claim_work_item, complete_work_item
from workflows.people import SYSTEM
from workflows.releases import publish_shipped
from workflows.rounds import How
from workflows.soundness import check_states
from workflows.verbs.adding_signers import AddSigner, add_signer
from workflows.verbs.removing_signers import RemoveSigner, remove_signer, state_of

DECISION = {
    "id": "f_1",
    "type": "radio",
    "key": "decision",
    "label": "结论",
    "valuesKey": "decision",
    "validate": {"required": True},
}
OPINION = {"id": "f_2", "type": "textarea", "key": "opinion", "label": "意见"}
DAY = {"id": "f_3", "type": "datetime", "subtype": "date", "key": "on", "dateLabel": "哪天"}
VOTE = {"weiran:vote": "decision", "weiran:approve": "approve"}
KEPT = outputs(
    said="answers.decision", on="answers.on", result="answers.sign_result", votes="answers.signatures"
)
FOUR = '["coordinator", "provider_manager", "return_visitor", "provider_finance"]'
THREE = '["coordinator", "provider_manager", "return_visitor"]'


def step(identity: str = "a", **attributes: str) -> Shape:
    """Return a step that several sign; what its attributes say of it."""
    named = {f"weiran:{name}": value for name, value in attributes.items()}
    return shape("userTask", identity, extension=KEPT if identity == "a" else "", **{**VOTE, **named})


def plain(identity: str = "a") -> Shape:
    """Return a step of one person, without a vote."""
    return shape("userTask", identity, extension=KEPT if identity == "a" else "")


class Signed(Struct):
    """A case of such a process."""

    world: World
    case_id: UUID

    def items(self) -> list[WorkItem]:
        """Return all items, in the order in which they were asked for."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            rows = select(WorkItem).where(WorkItem.case_id == self.case_id)
            return list(session.scalars(rows.order_by(WorkItem.order_no, WorkItem.opened_at, WorkItem.id)))

    def item(self, who: str, step: str = "a") -> WorkItem:
        """Return the seat of a role, or of the person with this login, that is not over."""
        person = self.world.offices.people[who]
        here = [one for one in self.items() if one.step == step and one.status not in (2, 3)]
        mine = [one for one in here if one.assignee_id == person]
        mine += [one for one in here if one.assignee_id is None and one.role == who]
        return mine[0]

    def asked(self) -> list[str]:
        """Return the roles that are asked now."""
        return sorted(item.role for item in self.items() if item.status < 2)

    def sign(self, who: str, decision: str = "approve", step: str = "a", **answers: object) -> None:
        """Let somebody sign their seat, or do another step."""
        item = self.item(who, step)
        given = {"decision": decision, **answers}
        command = CompleteWorkItem(item.id, item.version, given, str(uuid4()))
        complete_work_item(self.world.runtime, command, self.world.actor(who))

    def add(self, who: str, person: str, how: str, reason: str = "") -> None:
        """Let the holder of a seat, or of the whole step, add a person; they take the step first."""
        runtime, item, actor = self.world.runtime, self.item(who), self.world.actor(who)
        claim_work_item(runtime, ClaimWorkItem(item.id, item.version), actor)
        item = self.item(who)
        added = self.world.offices.people[person]
        add_signer(runtime, AddSigner(item.id, item.version, added, How(how), reason, str(uuid4())), actor)

    def remove(self, who: str, person: str, reason: str = "不用了") -> None:
        """Let somebody take out an added person."""
        seat, actor = self.item(person), self.world.actor(who)
        mine = next(item for item in self.items() if item.sign_round_id == seat.sign_round_id)
        seen = state_of(item for item in self.seats() if item.sign_round_id == seat.sign_round_id)
        remove_signer(self.world.runtime, RemoveSigner(mine.id, seat.id, seen, reason, str(uuid4())), actor)

    def seats(self) -> list[WorkItem]:
        """Return all items by their ids, as commands read them."""
        return sorted(self.items(), key=lambda item: item.id)

    def case(self) -> Case:
        """Return the case's row."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            return session.get_one(Case, self.case_id)

    def round(self) -> SignRound:
        """Return the newest round."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            rows = select(SignRound).where(SignRound.case_id == self.case_id)
            return session.scalars(rows.order_by(SignRound.opened_at.desc()).limit(1)).one()

    def told(self, kind: str | None = None) -> list[str]:
        """Return the sentences of the case's events, oldest first."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            rows = select(CaseEvent).where(CaseEvent.case_id == self.case_id)
            events = session.scalars(rows.order_by(CaseEvent.version, CaseEvent.n)).all()
            return [str(data_of(row.body).get("text", "")) for row in events if kind in (None, row.kind)]

    def notices(self, who: str) -> list[str]:
        """Return what stands behind somebody's bell about this case."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            mine = (Notice.person_id == self.world.offices.people[who]) | (Notice.role == who)
            return list(session.scalars(select(Notice.title).where(Notice.case_id == self.case_id, mine)))

    def is_sound(self) -> bool:
        """Tell whether rows, rounds, states and chains agree."""
        with self.world.runtime.database.read(EVERYTHING) as session:
            return [*invariants.check(session), *check_states(session)] == [] and verify(session) is None


def opened(world: World, monkeypatch, folder: Path, shapes, flows: str = "start > a > end", **data) -> Signed:
    """Publish a process of these shapes and open a case of it."""
    for name in ("DIAGRAMS", "SCHEMAS"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        monkeypatch.setattr(bundles, name, folder / name)
    form = {"schemaVersion": 18, "properties": {"title": "审批"}, "components": [DECISION, OPINION, DAY]}
    for name in ("a", "b", "c"):
        (folder / "SCHEMAS" / f"{name}.json").write_text(json.dumps({**form, "id": name}), encoding="utf-8")
    shutil.copy(SHIPPED / "sign_opinion.json", folder / "SCHEMAS")
    inner = [start(), *shapes, end()]
    (folder / "DIAGRAMS" / "signing.bpmn").write_bytes(draw(inner, flows, key="signing"))
    runtime = world.runtime
    with runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        publish_shipped(session, world.clock.at)
        subject = Subject(world.offices.provider, world.offices.insurer, region_code="330302")
        opening = Opening("signing", str(uuid4()), f"S-{uuid4()}", "会签一件", data, subject)
        case = begin_case(runtime, session, opening, SYSTEM, world.clock.at)
    return Signed(world, case.id)

"""Short ways for the tests of verbs to ask and to give commands."""

from sqlalchemy import select

from rules.roles import ROLES
from store.invariants import check
from store.tables import AnswerDraft, Case, CaseEvent, Notice, Organization, Person, WorkItem
from tests.support.world import EVERYTHING
from workflows.accounts import add_person
from workflows.people import Actor
from workflows.verbs.offer import Asker
from workflows.verbs.offers import offers
from workflows.verbs.previews import target_of_done, targets
from workflows.verbs.returning import ReturnWork, WithdrawWork, return_work, withdraw_work


def holder(world, item: WorkItem) -> Actor:
    """Return somebody who may do an item."""
    return world.walker.filled(item)[1]


def targets_of(world, item: WorkItem):
    """Return where an item may be sent back to, by element."""
    with world.runtime.database.read(EVERYTHING) as session:
        case = session.get_one(Case, item.case_id)
        return {target.element: target for target in targets(session, case, item.task_id)}


def send_back(world, step: str, to: str, *, reason: str = "数字不对", straight: bool = False, **changed):
    """Return the open item of a step, as somebody who may do it."""
    item = world.item(step)
    target = targets_of(world, item)[to]
    given = {"lost": target.fingerprint, "version": item.version, "key": f"r-{item.id}-{to}"} | changed
    command = ReturnWork(item.id, activation=target.activation, reason=reason, straight=straight, **given)
    return_work(world.runtime, command, holder(world, item))
    return item


def done(world, step: str) -> WorkItem:
    """Return the last finished item of a step."""
    with world.runtime.database.read(EVERYTHING) as session:
        rows = select(WorkItem).where(WorkItem.step == step, WorkItem.status == 2)
        return session.scalars(rows.order_by(WorkItem.done_at.desc(), WorkItem.id.desc())).first()


def take_back(world, step: str, reason: str = "") -> WorkItem:
    """Withdraw the last finished item of a step, as who did it."""
    item = done(world, step)
    with world.runtime.database.read(EVERYTHING) as session:
        found = target_of_done(session, session.get_one(Case, item.case_id), item)
        lost = found[1].fingerprint if found else ""
    withdraw_work(
        world.runtime, WithdrawWork(item.id, reason, lost, f"w-{item.id}"), who(world, item.done_by)
    )
    return item


def who(world, person_id) -> Actor:
    """Return a person as they act."""
    from demo.walk import actor_of

    with world.runtime.database.read(EVERYTHING) as session:
        return actor_of(session, session.get_one(Person, person_id))


def offered(world, item: WorkItem, actor: Actor) -> dict[str, str]:
    """Return what a person is offered on an item: verb → reason, empty where it may be done."""
    with world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(WorkItem, item.id)
        case = session.get_one(Case, row.case_id)
        found = offers(Asker(session, case, row, actor, world.clock()))
    return {offer.verb.value: offer.reason for offer in found}


def row_of(world, item: WorkItem) -> WorkItem:
    """Return an item as it is now."""
    with world.runtime.database.read(EVERYTHING) as session:
        return session.get_one(WorkItem, item.id)


def change(world, item: WorkItem, **values) -> None:
    """Change columns of an item behind the commands' back."""
    with world.runtime.database.write(EVERYTHING) as session:
        for name, value in values.items():
            setattr(session.get_one(WorkItem, item.id), name, value)


def told(world, person_id) -> list[str]:
    """Return the titles behind a person's bell, the latest last."""
    with world.runtime.database.read(EVERYTHING) as session:
        rows = select(Notice.title).where(Notice.person_id == person_id).order_by(Notice.at, Notice.id)
        return list(session.scalars(rows))


def events(world, item: WorkItem, kind: str) -> list[CaseEvent]:
    """Return the events of a kind in an item's case."""
    with world.runtime.database.read(EVERYTHING) as session:
        rows = select(CaseEvent).where(CaseEvent.case_id == item.case_id, CaseEvent.kind == kind)
        return list(session.scalars(rows.order_by(CaseEvent.version)))


def draft(world, item: WorkItem, person_id) -> dict | None:
    """Return what a person finds in the form of an item."""
    with world.runtime.database.read(EVERYTHING) as session:
        rows = select(AnswerDraft).where(
            AnswerDraft.work_item_id == item.id, AnswerDraft.person_id == person_id
        )
        found = session.scalar(rows)
        return found.body if found else None


def colleague(
    world, role: str = "coordinator", login: str = "colleague", name: str = "王工", org=None, **more
):
    """Add a second person with a role; return them as they act."""
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        person = add_person(
            session,
            login=login,
            name=name,
            roles=(role,),
            org_id=org or world.offices.provider,
            password="weiran-demo-2026",
            now=world.clock(),
        )
        for column, value in more.items():
            setattr(person, column, value)
        session.flush()
        return who_of(session, person)


def who_of(session, person) -> Actor:
    """Return a person of this session as they act."""
    from demo.walk import actor_of

    return actor_of(session, person)


def stranger(world, role: str = "coordinator") -> Actor:
    """Return somebody with a role in another organization of its kind."""
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        other = Organization(kind=ROLES[role].party.value, name="另一家", region_code="330381")
        session.add(other)
        session.flush()
        org_id = other.id
    return colleague(world, role, login="stranger", name="外人", org=org_id)


def sound(world) -> None:
    """All invariants of the data hold."""
    with world.runtime.database.read(EVERYTHING) as session:
        assert check(session) == []

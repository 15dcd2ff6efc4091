"""The menu of verbs on a case's page: on its open steps, on what the person finished last, on the case as a whole."""

from collections.abc import Iterator
from uuid import UUID

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Case, WorkItem
from webapp import access
from webapp.interventions import ICONS, TITLES, Kind, offered
from webapp.offers import VerbLink, menu
from webapp.texts import _
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import DONE
from workflows.verbs.offer import OF_CASE, Asker, Verb
from workflows.verbs.offers import offers

_ASKED = Scope.everything("what a person who sees a case may do with its steps")
_STEPS = 4


def verbs_of(runtime: Runtime, case_id: UUID, actor: Actor) -> tuple[VerbLink, ...]:
    """Return the menu; of what may not be done, only a withdrawal says why. The page asked whether the case is seen."""
    if not access.may_open("inbox.verb", actor.roles):
        return ()
    interventions = access.may_open("cases.intervention", actor.roles)
    with runtime.database.read(_ASKED) as session:
        case, now = session.get_one(Case, case_id), runtime.now()
        items = list(_items(session, case_id, actor))
        askers = [Asker(session, case, item, actor, now) for item in items]
        found = [entry for asker in askers for entry in _of_item(asker)]
        shared = [one for one in offers(askers[0]) if one.verb in OF_CASE] if askers else []
        whole = offered(case, actor) if interventions else ()
        return (*found, *menu(shared, case_id), *(_on_whole(case_id, kind) for kind in whole))


def _on_whole(case_id: UUID, kind: Kind) -> VerbLink:
    href = url_for("cases.intervention", case_id=case_id, kind=kind.value)
    return VerbLink(_("%(what)s办件", what=TITLES[kind]), ICONS[kind], href, "")


def _of_item(asker: Asker) -> tuple[VerbLink, ...]:
    item = asker.item
    wanted = [
        one for one in offers(asker) if one.verb not in OF_CASE and (one.allowed or one.verb is Verb.WITHDRAW)
    ]
    return tuple(entry.of(item.title) for entry in menu(wanted, item.case_id, item.id))


def _items(session: Session, case_id: UUID, actor: Actor) -> Iterator[WorkItem]:
    """Yield the open items that are due first, and what the person finished last."""
    of_case = select(WorkItem).where(WorkItem.case_id == case_id)
    waiting = of_case.where(WorkItem.status < DONE).order_by(WorkItem.due_at, WorkItem.id).limit(_STEPS)
    yield from session.scalars(waiting)
    mine = of_case.where(WorkItem.status == DONE, WorkItem.done_by == actor.person_id)
    yield from session.scalars(mine.order_by(WorkItem.done_at.desc(), WorkItem.id.desc()).limit(1))

"""Messages that a person may send a case: what its open events ask for, and the form of each."""

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from msgspec import Struct, field
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from forms.initial import Texts
from forms.model import Form
from forms.posted import Posted, nest
from forms.render import FormView
from forms.rows import apply_row_command
from store.scope import Scope
from store.tables import Case, Subscription
from workflows.advance import new_act
from workflows.answering import sending_context
from workflows.engine import EventPoint, Spec
from workflows.errors import NotAllowedError, NotFoundError
from workflows.handlers.cases import may_send
from workflows.people import Actor
from workflows.releases import form_digest, form_of, spec_of
from workflows.runtime import Runtime

FORM = Scope.everything("a form is drawn with the lists and facts that its message needs")
MOST = 50


class Offer(Struct, frozen=True):
    """A message that this person may send now."""

    title: str
    href: str
    text: str


class Typed(Struct, frozen=True):
    """What to show in the form: posted or changed values, and what is wrong with them."""

    values: Posted | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


class MessagePage(Struct, frozen=True):
    """A message and its form; `is_open` is off when the case waits for it no longer."""

    case_id: UUID
    subscription_id: UUID
    element: str
    title: str
    text: str
    case_title: str
    case_number: str
    case_href: str
    form: FormView
    notice: str
    is_open: bool


def offers_of(session: Session, case_id: UUID, actor: Actor, spec: Spec) -> list[Offer]:
    """Return the messages that this person may send to a visible case, each once."""
    case = session.get_one(Case, case_id)
    rows = session.scalars(
        select(Subscription).where(Subscription.case_id == case_id).order_by(Subscription.id).limit(MOST)
    )
    found: dict[str, Offer] = {}
    for row in rows:
        event = spec.events.get(row.element)
        if event is not None and event.form and may_send(case, event.roles, actor):
            href = url_for("cases.message", case_id=case_id, subscription_id=row.id)
            found.setdefault(event.name, Offer(event.name, href, event.doc))
    return list(found.values())


def load_message(
    runtime: Runtime,
    case_id: UUID,
    subscription_id: UUID,
    actor: Actor,
    typed: Typed | None = None,
    element: str = "",
) -> MessagePage:
    """Return the form of a message. `element` names the event when the case waits for it no longer.

    Raises: NotFoundError, NotAllowedError.
    """
    shown = typed or Typed()
    _see(runtime, case_id, actor)
    with runtime.database.read(FORM) as session:
        case = session.get_one(Case, case_id)
        event, is_open = _event(session, case, subscription_id, element, actor)
        act = new_act(runtime, session, case, actor, runtime.now())
        form = _form(session, case, event)
        return MessagePage(
            case_id=case_id,
            subscription_id=subscription_id,
            element=event.id,
            title=event.name,
            text=event.doc,
            case_title=case.title,
            case_number=case.number,
            case_href=url_for("cases.show", case_id=case_id),
            form=FormView(form, sending_context(act), shown.values, shown.errors),
            notice=shown.notice,
            is_open=is_open,
        )


def answers_to(
    runtime: Runtime,
    case_id: UUID,
    subscription_id: UUID,
    actor: Actor,
    fields: MultiDict[str, str],
    element: str,
) -> tuple[Mapping[str, object], Texts | None]:
    """Return posted fields as answers, and the values to show again after a row button.

    Raises: NotFoundError, NotAllowedError.
    """
    _see(runtime, case_id, actor)
    with runtime.database.read(FORM) as session:
        case = session.get_one(Case, case_id)
        event, _is_open = _event(session, case, subscription_id, element, actor)
        act = new_act(runtime, session, case, actor, runtime.now())
        form = _form(session, case, event)
        return nest(form, fields), apply_row_command(form, fields, sending_context(act))


def _see(runtime: Runtime, case_id: UUID, actor: Actor) -> None:
    with runtime.database.read(actor.scope) as session:
        if session.get(Case, case_id) is None:
            raise NotFoundError(kind="case", id=str(case_id))


def _event(
    session: Session, case: Case, subscription_id: UUID, element: str, actor: Actor
) -> tuple[EventPoint, bool]:
    row = session.get(Subscription, subscription_id)
    is_open = row is not None and row.case_id == case.id
    name = row.element if row is not None and is_open else element
    event = spec_of(session, case.release_id).events.get(name)
    if event is None or not event.form:
        raise NotFoundError(kind="subscription", id=str(subscription_id))
    if not may_send(case, event.roles, actor):
        raise NotAllowedError("send", event.name)
    return event, is_open


def _form(session: Session, case: Case, event: EventPoint) -> Form:
    return form_of(session, form_digest(session, case.release_id, event.form or ""))

"""What was filled in at one step, read aloud as the form of that time asked it."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.aloud import Part, Speaker, read_aloud
from forms.model import Form
from store.pages.case import EventLine, event_of
from store.pages.case_records import names_by_id
from store.scope import Scope
from store.tables import Case, WorkItem
from webapp import addresses
from webapp.cases.story import may_read, sentence
from webapp.dates import moment
from webapp.texts import _
from workflows.advance import new_act
from workflows.answering import sending_context
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.people import Actor
from workflows.pinned import form_digest, form_of, spec_of
from workflows.runtime import Runtime
from workflows.statuses import UNFINISHED

FORM = Scope.everything("given answers are read with the lists of their form")


class AnswersPage(Struct, frozen=True):
    """The answers of one event."""

    case_id: UUID
    number: str
    title: str
    time: str
    parts: tuple[Part, ...]
    form_title: str
    form_sha256: str


def load_answers(runtime: Runtime, case_id: UUID, version: int, n: int, actor: Actor) -> AnswersPage:
    """Return what an event holds, if the person may read it. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        event = event_of(session, case_id, version, n)
        is_seen = session.get(Case, case_id) is not None  # an auditor sees each event, but not each case
        if event is None or not is_seen or not may_read(event, actor.roles):
            raise NotFoundError(kind="event", id=f"{case_id} {version}.{n}")
        visible = names_by_id(session, _ids(event.data["answers"]))
    with runtime.database.read(FORM) as session:
        case = session.get_one(Case, case_id)
        sha256 = _form_sha256(session, case, event)
        if _is_asked_elsewhere(session, case, event, sha256):
            raise RuleRefusedError(_("同一份表还有一步没有办完：两个人各自填完以后，才看得到对方填的。"))
        form = form_of(session, sha256)
        spec = spec_of(session, case.release_id)
        return AnswersPage(
            case_id=case_id,
            number=case.number,
            title=sentence(event, spec),
            time=moment(event.at),
            parts=_parts(runtime, session, case, event, actor, form, visible),
            form_title=form.title,
            form_sha256=sha256,
        )


def _is_asked_elsewhere(session: Session, case: Case, event: EventLine, sha256: str) -> bool:
    """Tell whether another open step of the case asks the same form: who answers it is to judge for themselves."""
    query = select(WorkItem.id).where(
        WorkItem.case_id == case.id,
        WorkItem.form_sha256 == sha256,
        WorkItem.step != event.element,
        WorkItem.status.in_(UNFINISHED),
    )
    return session.scalar(query.limit(1)) is not None


def _parts(
    runtime: Runtime,
    session: Session,
    case: Case,
    event: EventLine,
    actor: Actor,
    form: Form,
    names: dict[str, str],
) -> tuple[Part, ...]:
    context = sending_context(new_act(runtime, session, case, actor, runtime.now()))
    speaker = Speaker(context.choices, lambda id_: names.get(id_, ""), context.files)
    answers = event.data["answers"]
    return read_aloud(form, answers if isinstance(answers, dict) else {}, speaker)


def _form_sha256(session: Session, case: Case, event: EventLine) -> str:
    """Return the digest of the form: a step names it, a message has the one its event names."""
    if given := event.data.get("form_sha256"):
        return str(given)
    point = spec_of(session, case.release_id).events.get(event.element or "")
    if point is None or not point.form:
        raise NotFoundError(kind="form", id=event.element or "")
    return form_digest(session, case.release_id, point.form)


def _ids(value: object) -> set[UUID]:
    """Return every id that answers name, of whatever it is."""
    if isinstance(value, dict):
        return {id_ for each in value.values() for id_ in _ids(each)}
    if isinstance(value, list):
        return {id_ for each in value for id_ in _ids(each)}
    found = addresses.identity(value) if isinstance(value, str) and len(value) == 36 else None
    return {found} if found is not None else set()

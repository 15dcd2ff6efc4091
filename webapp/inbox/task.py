"""One task as its page shows it: what it is, why it is mine, what follows, the form."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy.orm import Session

from forms.model import Form
from forms.posted import Posted
from forms.render import FormView
from rules.articles import chinese_name
from rules.deadlines import NATURAL_KINDS
from rules.roles import ROLES
from store.calendar import load_calendar
from store.pages.case_records import papers_of
from store.pages.operations import suspension_of
from store.pages.remarks import remarks_of
from store.pages.rounds import round_of_item
from store.scope import Scope
from store.tables import Case, Person, Region, WorkItem
from webapp.dates import Due, due_of, moment
from webapp.linking import link_to
from webapp.offers import VerbLink, menu
from webapp.signing import RoundView, round_view
from webapp.texts import _
from workflows.advance import new_act
from workflows.answering import answering_context, draft_of
from workflows.engine import Step
from workflows.errors import NotFoundError
from workflows.following import Following, what_follows
from workflows.handlers.work_items import may_release
from workflows.people import Actor
from workflows.releases import form_of, spec_of
from workflows.runtime import Runtime, legal_day
from workflows.statuses import DONE, POOL, SUSPENDED, WAITING
from workflows.verbs.offer import Asker
from workflows.verbs.offers import offers

PAPERS = 3
"""So many of the newest papers are linked on the task; all of them stand on the case."""

FORM = Scope.everything("a form is drawn with the lists and facts that its step needs")


class Typed(Struct, frozen=True):
    """What to show in the form: posted or changed values, and what is wrong with them."""

    values: Posted | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


class Paper(Struct, frozen=True):
    """A printed paper of the case, to be read before somebody signs."""

    title: str
    number: str
    href: str


class Task(Struct, frozen=True):
    """A task and its form; `form` is None when there is nothing to fill in and nothing was typed."""

    id: UUID
    version: int
    title: str
    subject: str
    district: str
    case_number: str
    case_href: str | None
    unit_href: str | None
    hazard_href: str | None
    round: int
    due: Due | None
    role_title: str
    in_pool: bool
    can_act: bool
    can_release: bool
    state: str
    doc: str
    article: str
    is_final: bool
    due_on: date | None
    follows: Following
    form: FormView | None
    draft_at: datetime | None
    notice: str
    papers: tuple[Paper, ...] = ()
    signing: RoundView | None = None
    verbs: tuple[VerbLink, ...] = ()
    is_seen: bool = True
    owner: str = ""
    """Who delegated it, and hands it in once it is given back."""
    stands_in_for: str = ""
    """Who is away and answers for it otherwise."""
    remarks: tuple[str, ...] = ()
    """What others said when they sent the work here: why it was returned, what the delegate thinks."""


def load_task(runtime: Runtime, work_item_id: UUID, actor: Actor, typed: Typed | None = None) -> Task:
    """Return a task that the person may see. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        if (item := session.get(WorkItem, work_item_id)) is None:
            raise NotFoundError(kind="work_item", id=str(work_item_id))
        papers = tuple(_printed(session, item.case_id))[:PAPERS]
    with runtime.database.read(FORM) as session:
        task = _task(runtime, session, session.get_one(WorkItem, work_item_id), actor, typed or Typed())
    return replace(task, papers=papers) if task.form is not None else task


def _printed(session: Session, case_id: UUID) -> Iterator[Paper]:
    """Yield the papers of the case that can be read, the newest first."""
    for line in papers_of(session, case_id):
        href = link_to("cases.paper_file", case_id=case_id, document_id=line.id)
        if line.pdf_sha256 and not line.is_void and href:
            yield Paper(line.title, line.number, href)


def form_of_item(session: Session, work_item_id: UUID) -> Form:
    """Return the form that an item asks, as its release pinned it."""
    return form_of(session, session.get_one(WorkItem, work_item_id).form_sha256)


def _task(runtime: Runtime, session: Session, item: WorkItem, actor: Actor, typed: Typed) -> Task:
    case = session.get_one(Case, item.case_id)
    now = runtime.now()
    step = spec_of(session, case.release_id).steps[item.step]
    can_act = _can_act(item, actor) and case.status != SUSPENDED
    form, draft_at = (None, None)
    if can_act or (typed.values is not None and is_theirs(item, actor)):  # somebody else may have been faster
        form, draft_at = _form(runtime, session, item, case, actor, typed, now)
    return Task(
        id=item.id,
        version=item.version,
        title=item.title,
        subject=item.subject,
        district=_district(session, item),
        case_number=case.number,
        case_href=link_to("cases.show", case_id=case.id),
        unit_href=link_to("registers.show", unit_id=case.policyholder_id) if case.policyholder_id else None,
        hazard_href=link_to("hazards.show", hazard_id=case.hazard_id) if case.hazard_id else None,
        round=item.round,
        due=_due(session, item, legal_day(now)),
        role_title=ROLES[item.role].title,
        in_pool=item.status == POOL,
        can_act=can_act,
        can_release=can_act and item.status != POOL and may_release(item.role) and not item.delegates,
        state=_paused(session, case) or _state(session, item, actor),
        doc=step.doc,
        article=_article(step),
        is_final=step.wall,
        due_on=item.due_on,
        follows=what_follows(spec_of(session, case.release_id), item.step),
        form=form,
        draft_at=draft_at,
        notice=typed.notice,
        signing=_signing(session, item, can_act=can_act),
        owner=_name(session, item.owner_id) if item.delegates else "",
        stands_in_for="" if item.delegates else _name(session, item.owner_id),
        remarks=remarks_of(session, item),
        is_seen=item.seen_at is not None,
        verbs=menu(offers(Asker(session, case, item, actor, now)), case.id, item.id),
    )


def _district(session: Session, item: WorkItem) -> str:
    region = session.get(Region, item.region_code) if item.region_code else None
    return region.name if region is not None else ""


def _signing(session: Session, item: WorkItem, *, can_act: bool) -> RoundView | None:
    """Return who signs the step besides; None for a step of one person."""
    found = round_of_item(session, item)
    return None if found is None else round_view(found, mine=item.id if can_act else None)


def _form(
    runtime: Runtime, session: Session, item: WorkItem, case: Case, actor: Actor, typed: Typed, now: datetime
) -> tuple[FormView, datetime | None]:
    act = new_act(runtime, session, case, actor, now)
    draft = draft_of(act, item)
    values = typed.values if typed.values is not None else draft.body if draft is not None else None
    view = FormView(form_of(session, item.form_sha256), answering_context(act), values, typed.errors)
    return view, draft.saved_at if draft is not None else None


def is_theirs(item: WorkItem, actor: Actor) -> bool:
    """Tell whether the step is this person's, or work of the own role and organization, done or not."""
    mine = actor.person_id is not None and item.assignee_id == actor.person_id
    return mine or (actor.has(item.role) and item.holder_id == actor.org_id)


def _can_act(item: WorkItem, actor: Actor) -> bool:
    if item.status >= DONE:
        return False
    if item.assignee_id is not None:
        return item.assignee_id == actor.person_id
    return is_theirs(item, actor)


def _state(session: Session, item: WorkItem, actor: Actor) -> str:
    """Say why there is nothing to fill in; empty while there is."""
    if item.status == DONE:
        return _("你已经办完这一条。") if item.done_by == actor.person_id else _("这一条已经办完。")
    if item.status == WAITING:
        return _("还没轮到这一签，轮到时会出现在待办里。")
    if item.status > DONE:
        return item.void_reason or _("流程走了别的分支，这一条不用办了。")
    if item.assignee_id is not None and item.assignee_id != actor.person_id:
        person = session.get(Person, item.assignee_id)
        return _("这一条由%(name)s办。", name=person.name if person is not None else "")
    if not _can_act(item, actor):
        return _("这一条由%(role)s办。", role=ROLES[item.role].title)
    return ""


def _paused(session: Session, case: Case) -> str:
    """Say since when and why the case is suspended; empty if it is not."""
    paused = suspension_of(session, case.id) if case.status == SUSPENDED else None
    if paused is None:
        return ""
    return _(
        "办件已挂起，恢复以后接着办。%(at)s，%(by)s：%(reason)s",
        at=moment(paused.at),
        by=paused.by,
        reason=paused.reason,
    )


def _name(session: Session, person_id: UUID | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def _due(session: Session, item: WorkItem, today: date) -> Due | None:
    if item.due_on is None or item.status >= DONE:
        return None
    natural = item.deadline_kind in NATURAL_KINDS
    return due_of(item.due_on, today, load_calendar(session), provisional=item.provisional, natural=natural)


def _article(step: Step) -> str:
    keys = (step.article or "").replace(",", " ").split()
    return "、".join(chinese_name(key) for key in keys)

"""批量: several items of the list at once, and what came of each."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from flask import render_template, request
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.questions import Question, question_of
from store.pages.inbox import View, inbox_page
from store.scope import Scope
from store.tables import Person, RoleGrant, WorkItem
from webapp import addresses
from webapp.errors import stale_sentence
from webapp.identity import actor, signed_in, the_runtime
from webapp.inbox.listing import TITLES, reader_of
from webapp.inbox.views import blueprint, not_yours
from webapp.texts import _
from workflows.errors import (
    CaseStuckError,
    InvalidAnswersError,
    NotAllowedError,
    RuleRefusedError,
    StaleVersionError,
    WorkflowError,
)
from workflows.releases import form_of
from workflows.verbs.bulk import AT_ONCE, Chosen, Done, complete_many, transfer_many

VIEWS = (View.MINE, View.POOL)
_LISTED = Scope.everything("steps of a list are told apart by what their forms ask")
Answer = str | tuple[str, int]


class Line(Struct, frozen=True):
    """An item that may be ticked; `question` is None where each has to be filled in by itself."""

    value: str
    step: str
    title: str
    subject: str
    due_on: str
    question: Question | None


class Result(Struct, frozen=True):
    """What came of one item."""

    title: str
    subject: str
    href_id: UUID
    error: str


class BulkPage(Struct, frozen=True):
    """The page: items to tick, decisions by step, people to give work to; or the results."""

    view: View
    title: str
    lines: tuple[Line, ...]
    questions: Mapping[str, tuple[str, Question]]
    people: tuple[tuple[str, str], ...]
    problem: str = ""
    results: tuple[Result, ...] = ()
    verb: str = ""


@blueprint.get("/bulk")
def bulk() -> Answer:
    """Show what may be done at once."""
    return render_template("inbox/bulk.html", page=_page(), key=uuid4())


@blueprint.post("/bulk")
def do_bulk() -> Answer:
    """Finish or give away what was ticked, each on its own, and tell what came of it."""
    chosen = _chosen(request.form.getlist("item"))
    if not chosen:
        return render_template("inbox/bulk.html", page=_page(_("先勾选要办的几条")), key=uuid4()), 422
    key = request.form.get("key", "")[:36] or str(uuid4())
    if "_transfer" in request.form:
        to = addresses.identity(request.form.get("to", ""))
        if to is None:
            return render_template("inbox/bulk.html", page=_page(_("选好转给谁")), key=uuid4()), 422
        reason = request.form.get("reason", "")
        done, verb = transfer_many(the_runtime(), chosen, (to, reason), key, actor()), _("转办")
    else:
        done, verb = complete_many(the_runtime(), _answers(chosen), key, actor()), _("提交")
    return render_template("inbox/bulk.html", page=_outcome(done, verb), key=uuid4())


def _page(problem: str = "") -> BulkPage:
    wanted = request.values.get("view", "")
    view = View(wanted) if wanted in VIEWS else View.MINE
    runtime, who = the_runtime(), signed_in()
    with runtime.database.read(actor().scope) as session:
        rows = inbox_page(session, reader_of(who, runtime.now()), view).rows
    with runtime.database.read(_LISTED) as session:
        items = {row.id: session.get_one(WorkItem, row.id) for row in rows}
        lines = tuple(_line(session, items[row.id]) for row in rows)
        people = _people(session, items.values())
    questions = {
        line.step: (line.title, line.question)
        for line in lines
        if line.question is not None and line.question.key
    }
    return BulkPage(view, str(TITLES[view][0]), lines, questions, people, problem)


def _line(session: Session, item: WorkItem) -> Line:
    question = question_of(form_of(session, item.form_sha256)) if not item.delegates else None
    due = item.due_on.isoformat() if item.due_on is not None else ""
    return Line(f"{item.id}:{item.version}", item.step, item.title, item.subject, due, question)


def _people(session: Session, items: Iterable[WorkItem]) -> tuple[tuple[str, str], ...]:
    """Return who holds one of the roles; whether somebody may have an item is asked for each."""
    roles = sorted({item.role for item in items})
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None))
        .where(Person.org_id == signed_in().org_id, Person.active, Person.id != signed_in().person_id)
        .order_by(Person.name, Person.id)
        .limit(200)
    )
    return tuple(dict.fromkeys((str(one.id), one.name) for one in session.scalars(query)))


def _chosen(values: Iterable[str]) -> list[Chosen]:
    found = []
    for value in values:
        text, _colon, version = value.partition(":")
        if (item_id := addresses.identity(text)) is not None:
            found.append(Chosen(item_id, addresses.row_version(version)))
    return found[:AT_ONCE]


def _answers(chosen: Iterable[Chosen]) -> dict[Chosen, Mapping[str, object]]:
    """Return what each item is answered with: the decision that was chosen for its step."""
    found: dict[Chosen, Mapping[str, object]] = {}
    with the_runtime().database.read(_LISTED) as session:
        for one in chosen:
            item = session.get(WorkItem, one.work_item_id)
            question = question_of(form_of(session, item.form_sha256)) if item is not None else None
            value = request.form.get(f"decision-{item.step}", "") if item is not None else ""
            found[one] = {question.key: value} if question is not None and question.key and value else {}
    return found


def _outcome(done: Iterable[Done], verb: str) -> BulkPage:
    with the_runtime().database.read(_LISTED) as session:
        results = tuple(_result(session.get(WorkItem, one.work_item_id), one) for one in done)
    return BulkPage(View.MINE, "", (), {}, (), results=results, verb=verb)


def _result(item: WorkItem | None, one: Done) -> Result:
    """Return a line of the result; what the person may not see is not named."""
    error = _words(one.error) if one.error is not None else ""
    if item is None or (one.error is not None and not error):
        return Result("", "", one.work_item_id, _("没有找到这一条"))
    return Result(item.title, item.subject, item.id, error)


def _words(error: WorkflowError) -> str:
    """Say why an item was left; empty for one that the person does not see."""
    match error:
        case InvalidAnswersError():
            return "；".join(error.errors.values())
        case RuleRefusedError():
            return error.reason
        case StaleVersionError():
            return stale_sentence(error)
        case NotAllowedError():
            return not_yours(error.reason)
        case CaseStuckError():
            return error.message
        case _:
            return ""

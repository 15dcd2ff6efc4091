"""The pages of verbs: /inbox/<item>/verbs/<verb> and /inbox/cases/<case>/verbs/<verb>; see `sheets`."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from store.scope import Scope
from store.tables import Case, WorkItem
from webapp import addresses
from webapp.errors import stale_sentence
from webapp.identity import actor, the_runtime
from webapp.inbox import verb_sheets
from webapp.inbox.sheets import SHEETS, Given
from webapp.inbox.views import blueprint, not_yours
from webapp.linking import link_to
from webapp.sheets import Sheet
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError, StaleVersionError
from workflows.verbs.offer import OF_CASE, Asker, Verb
from workflows.verbs.offers import offers

Answer = Response | str | tuple[str, int]
LONGEST_KEY = 64
_ASKED = Scope.everything("what a verb would do is worked out before it is done")
verb_sheets.enter_all()


class VerbPage(Struct, frozen=True):
    """The page of a verb."""

    sheet: Sheet
    heading: str
    number: str
    version: int
    back: str
    refusal: str
    reason: str


@blueprint.get("/<uuid:work_item_id>/verbs/<verb>")
def verb(work_item_id: UUID, verb: str) -> Answer:
    """Show the form of a verb on a work item."""
    return _show(_verb_of(verb, of_case=False), work_item_id)


@blueprint.post("/<uuid:work_item_id>/verbs/<verb>")
def carry_out(work_item_id: UUID, verb: str) -> Answer:
    """Do it."""
    return _carry_out(_verb_of(verb, of_case=False), work_item_id)


@blueprint.get("/cases/<uuid:case_id>/verbs/<verb>")
def case_verb(case_id: UUID, verb: str) -> Answer:
    """Show the form of a verb on a case."""
    return _show(_verb_of(verb, of_case=True), case_id)


@blueprint.post("/cases/<uuid:case_id>/verbs/<verb>")
def carry_out_on_case(case_id: UUID, verb: str) -> Answer:
    """Do it."""
    return _carry_out(_verb_of(verb, of_case=True), case_id)


def _verb_of(name: str, *, of_case: bool) -> Verb:
    if name not in set(SHEETS) or (Verb(name) in OF_CASE) is not of_case:
        raise NotFoundError(kind="verb", id=name)
    return Verb(name)


def _show(verb: Verb, target: UUID, refusal: str = "") -> Answer:
    status = 409 if refusal else 200
    _seen(verb, target)
    with the_runtime().database.read(_ASKED) as session:
        item = _item_of(session, verb, target)
        asker = Asker(session, session.get_one(Case, item.case_id), item, actor(), the_runtime().now())
        offered = next((one for one in offers(asker) if one.verb is verb), None)
        if offered is None:
            raise NotFoundError(kind="verb", id=verb.value)
        if not offered.allowed and not refusal:
            refusal, status = offered.reason, 409
        page = _page(verb, asker, refusal, is_open=offered.allowed)
    return render_template("inbox/verb.html", page=page, key=uuid4()), status


def _page(verb: Verb, asker: Asker, refusal: str, *, is_open: bool) -> VerbPage:
    case, item = asker.case, asker.item
    sheet = SHEETS[verb][0](asker) if is_open else Sheet(verb_sheets.TITLES[verb], "", "")
    return VerbPage(
        sheet=sheet,
        heading=case.title if verb in OF_CASE else f"{item.subject} {item.title}",
        number=case.number,
        version=item.version,
        back=_back(verb, case.id, item.id),
        refusal=refusal,
        reason=request.form.get("reason", ""),
    )


def _seen(verb: Verb, target: UUID) -> None:
    """Raises: NotFoundError for a case or an item that the person does not see."""
    table: type[Case | WorkItem] = Case if verb in OF_CASE else WorkItem
    with the_runtime().database.read(actor().scope) as session:
        if session.get(table, target) is None:
            raise NotFoundError(kind="work_item", id=str(target))


def _item_of(session: Session, verb: Verb, target: UUID) -> WorkItem:
    """Return the item that a verb is about; of a case, its most open one. Raises: NotFoundError."""
    of = WorkItem.case_id if verb in OF_CASE else WorkItem.id
    found = session.scalar(
        select(WorkItem).where(of == target).order_by(WorkItem.status, WorkItem.id).limit(1)
    )
    if found is None:
        raise NotFoundError(kind="work_item", id=str(target))
    return found


def _carry_out(verb: Verb, target: UUID) -> Answer:
    given = Given(
        target=target,
        version=addresses.row_version(request.form.get("version", "")),
        key=request.form.get("key", "")[:LONGEST_KEY] or f"{verb.value}-{target}",
        fields=request.form,
    )
    try:
        told = SHEETS[verb][1](the_runtime(), given, actor())
    except RuleRefusedError as error:
        return _show(verb, target, error.reason)
    except StaleVersionError as error:
        return _show(verb, target, stale_sentence(error))
    except NotAllowedError as error:
        return _show(verb, target, not_yours(error.reason))
    flash(told)
    return redirect(_after(verb, target), 303)


def _after(verb: Verb, target: UUID) -> str:
    if verb in OF_CASE:
        return link_to("cases.show", case_id=target) or url_for("inbox.index")
    return url_for("inbox.index")


def _back(verb: Verb, case_id: UUID, work_item_id: UUID) -> str:
    if verb in OF_CASE:
        return link_to("cases.show", case_id=case_id) or url_for("inbox.index")
    return url_for("inbox.show", work_item_id=work_item_id)

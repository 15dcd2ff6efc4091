"""Two releases of a process side by side, or a draft beside its release: what is different, told and drawn."""

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, request
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from store.pages.drafts import DraftRow, drafts_of
from store.pages.processes import ReleaseRow, releases_of
from store.tables import Draft
from webapp.drawings import as_read
from webapp.identity import actor, the_runtime
from webapp.studio.frame import BPMN, blueprint
from workflows.bundles import Bundle, bundle_of
from workflows.compare import Area, Change, compare
from workflows.drafting import drafted_bundle
from workflows.engine import DiagramError, sentence
from workflows.errors import NotFoundError

DRAFT = "draft-"


class Sides(Struct, frozen=True):
    """What there is to choose from, and what is chosen: a release's number, or a draft."""

    releases: tuple[ReleaseRow, ...]
    drafts: tuple[DraftRow, ...]
    before: str
    after: str


class ComparePage(Struct, frozen=True):
    """The choice and the changes by area; `fault` says why there are none to be had."""

    process: str
    title: str
    sides: Sides
    changes: Mapping[Area, list[Change]]
    fault: str = ""


@blueprint.get("/<process>/compare")
def compare_releases(process: str) -> str:
    """Show what is different between two releases, by default the newest two."""
    with the_runtime().database.read(actor().scope) as session:
        sides = _sides(session, process)
        page = ComparePage(process, sides.releases[0].title, sides, {})
        if sides.before != sides.after:
            page = _compared(session, page)
    return render_template("studio/compare.html", page=page, areas=Area)


@blueprint.get("/<process>/releases/<side>/diagram.bpmn")
def side_diagram(process: str, side: str) -> Response:
    """Hand out the diagram of one release or draft."""
    with the_runtime().database.read(actor().scope) as session:
        diagram = bundle_of_side(session, process, side).diagram
    return Response(as_read(diagram), content_type=BPMN)


def bundle_of_side(session: Session, process: str, side: str) -> Bundle:
    """Return the files of a release by its number, or of a draft. Raises: NotFoundError."""
    if side.startswith(DRAFT):
        for row in drafts_of(session, process):
            if side == f"{DRAFT}{row.id}":
                return drafted_bundle(session, session.get_one(Draft, row.id))
    return bundle_of(session, _release(session, process, side))


def _release(session: Session, process: str, side: str) -> UUID:
    for row in releases_of(session, process):
        if str(row.number) == side:
            return row.id
    raise NotFoundError(kind="release", id=f"{process}@{side}")


def _sides(session: Session, process: str) -> Sides:
    releases, drafts = releases_of(session, process), drafts_of(session, process)
    if not releases:
        raise NotFoundError(kind="process", id=process)
    newest = str(releases[0].number)
    after = request.args.get("after") or (f"{DRAFT}{drafts[0].id}" if drafts else newest)
    return Sides(releases, drafts, request.args.get("before") or _base(releases, drafts, after), after)


def _base(releases: tuple[ReleaseRow, ...], drafts: tuple[DraftRow, ...], after: str) -> str:
    """Return what a release or draft is compared with if nobody says: the one that it followed."""
    for draft in drafts:
        if after == f"{DRAFT}{draft.id}":
            return str(draft.base or releases[0].number)
    earlier = [str(row.number) for row in releases if after.isdecimal() and row.number < int(after)]
    return earlier[0] if earlier else after


def _compared(session: Session, page: ComparePage) -> ComparePage:
    before, after = (
        bundle_of_side(session, page.process, one) for one in (page.sides.before, page.sides.after)
    )
    try:
        found = compare(before, after)
    except DiagramError as error:
        return ComparePage(page.process, page.title, page.sides, {}, sentence(error))
    grouped = {area: [one for one in found if one.place.area is area] for area in Area}
    return ComparePage(page.process, page.title, page.sides, {k: v for k, v in grouped.items() if v})

"""The pages of cases, and what is done there."""

from uuid import UUID, uuid4

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from store.pages.case import case_facts, heard_events
from store.pages.case_records import archive_of, paper
from store.pages.cases import State
from store.pages.complaints import complaint_of_case
from webapp import access
from webapp.cases.answers import load_answers
from webapp.cases.listing import build_listing, read_asked
from webapp.cases.messages import Typed, answers_to, load_message
from webapp.cases.openings import carry_out, kind_of, load_opening
from webapp.cases.page import Shown, load_case
from webapp.cases.proof import may_download
from webapp.cases.replay import frames_of
from webapp.downloads import PDF, kept
from webapp.drawings import drawing_of
from webapp.identity import actor, signed_in, the_runtime
from webapp.linking import link_to
from webapp.posting import posted_fields
from webapp.texts import _
from workflows.commands import SendToCase
from workflows.errors import InvalidAnswersError, NotFoundError
from workflows.handlers.cases import send_to_case
from workflows.pinned import spec_of
from workflows.verbs.copying import note_read

blueprint = Blueprint("cases", __name__, url_prefix="/cases", template_folder="templates")

Answer = Response | str | tuple[str, int]
XML = "application/xml"
LONGEST_KEY = 64
LONGEST_NUMBER = 9


@blueprint.get("/")
def index() -> str:
    """Show the list."""
    given = request.args
    asked = read_asked(
        given.get("q", ""), given.get("process", ""), given.get("state", ""), given.get("before", "")
    )
    with the_runtime().database.read(actor().scope) as session:
        listing = build_listing(session, asked, signed_in().org_id, actor())
    return render_template(
        "cases/index.html",
        listing=listing,
        states=State,
        begin_href=link_to("beginnings.index"),
        complaints_href=link_to("complaints.index"),
        papers_href=link_to("papers.index"),
    )


@blueprint.get("/<uuid:case_id>")
def show(case_id: UUID) -> str:
    """Show one case."""
    shown = Shown(_cursor(request.args.get("before", "")), request.args.get("files") == "all")
    page = load_case(the_runtime(), case_id, actor(), shown)
    with the_runtime().database.read(actor().scope) as session:
        complaint = complaint_of_case(session, case_id)
    if page.is_new_copy:
        note_read(the_runtime(), case_id, signed_in().person_id)
    return render_template(
        "cases/show.html",
        page=page,
        hazards_open=access.may_open("hazards.show", actor().roles),
        reports_open=access.may_open("filed_reports.show", actor().roles),
        complaint_href=link_to("complaints.show", complaint_id=complaint) if complaint else None,
        papers_href=link_to("papers.index", case=case_id),
        trial_href=link_to("studio.expression", case=case_id),
    )


@blueprint.get("/<uuid:case_id>/diagram.bpmn")
def drawing(case_id: UUID) -> Response:
    """Hand out the diagram that the case is pinned to."""
    with the_runtime().database.read(actor().scope) as session:
        facts = case_facts(session, case_id)
        if facts is None:
            raise NotFoundError(kind="case", id=str(case_id))
        return Response(drawing_of(session, facts.release_id), mimetype=XML)


@blueprint.get("/<uuid:case_id>/replay.json")
def replay(case_id: UUID) -> Response:
    """Hand out the events of a case one by one, to be shown in its drawing."""
    with the_runtime().database.read(actor().scope) as session:
        facts = case_facts(session, case_id)
        if facts is None:
            raise NotFoundError(kind="case", id=str(case_id))
        frames = frames_of(spec_of(session, facts.release_id), heard_events(session, case_id))
    return Response(msgspec.json.encode(frames), mimetype="application/json")


@blueprint.get("/<uuid:case_id>/answers/<place>")
def answers(case_id: UUID, place: str) -> str:
    """Show what was filled in at one step; inside the story when the page's script asks."""
    event = _cursor(place)
    if event is None:
        raise NotFoundError(kind="event", id=place)
    page = load_answers(the_runtime(), case_id, *event, actor())
    template = "cases/_answers.html" if request.headers.get("HX-Request") else "cases/answers.html"
    return render_template(template, page=page)


@blueprint.get("/<uuid:case_id>/papers/<uuid:document_id>.pdf")
def paper_file(case_id: UUID, document_id: UUID) -> Response:
    """Hand out a printed paper."""
    with the_runtime().database.read(actor().scope) as session:
        found = paper(session, case_id, document_id)
    if found is None or found.pdf_sha256 is None:
        raise NotFoundError(kind="document", id=str(document_id))
    return kept(the_runtime(), found.pdf_sha256, f"{found.title} {found.number}.pdf", PDF)


@blueprint.get("/<uuid:case_id>/archive.zip")
def archive(case_id: UUID) -> Response:
    """Hand out the sealed package of a visit."""
    with the_runtime().database.read(actor().scope) as session:
        found = archive_of(session, case_id)
    if found is None or found.package_sha256 is None or not may_download(actor()):
        raise NotFoundError(kind="case_file", id=str(case_id))
    return kept(the_runtime(), found.package_sha256, f"{found.number}.zip", "application/zip")


@blueprint.get("/<uuid:case_id>/messages/<uuid:subscription_id>")
def message(case_id: UUID, subscription_id: UUID) -> str:
    """Show the form of a message that the case waits for."""
    page = load_message(the_runtime(), case_id, subscription_id, actor())
    return render_template("cases/message.html", page=page, key=uuid4())


@blueprint.post("/<uuid:case_id>/messages/<uuid:subscription_id>")
def send(case_id: UUID, subscription_id: UUID) -> Answer:
    """Send the message, or change rows of its form as the pressed button says."""
    fields, problems = posted_fields(the_runtime(), actor())
    element = request.form.get("_event", "")
    given, changed = answers_to(the_runtime(), case_id, subscription_id, actor(), fields, element)
    if changed is not None or problems:
        shown = Typed(fields if changed is None else changed, notice="；".join(problems))
        return _again(case_id, subscription_id, shown, element, 200)
    key = request.form.get("key", "")[:LONGEST_KEY] or str(subscription_id)
    try:
        send_to_case(the_runtime(), SendToCase(case_id, subscription_id, given, key), actor())
    except InvalidAnswersError as error:
        return _again(case_id, subscription_id, Typed(fields, error.errors), element, 422)
    except NotFoundError:
        notice = _("办件已经往前走了，现在不等这件事。你填的内容还在下面，可以复制到别处用。")
        return _again(case_id, subscription_id, Typed(fields, notice=notice), element, 409)
    flash(_("已提交"))
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.get("/<uuid:case_id>/openings/<kind>")
def opening(case_id: UUID, kind: str) -> str:
    """Show the form by which a case is opened beside a service cycle."""
    page = load_opening(the_runtime(), case_id, kind_of(kind), actor())
    return render_template("cases/opening.html", page=page, key=uuid4())


@blueprint.post("/<uuid:case_id>/openings/<kind>")
def open_beside(case_id: UUID, kind: str) -> Answer:
    """Open a case beside a service cycle."""
    try:
        opened = carry_out(the_runtime(), case_id, kind_of(kind), actor())
    except InvalidAnswersError as error:
        page = load_opening(the_runtime(), case_id, kind_of(kind), actor(), error.errors)
        return render_template("cases/opening.html", page=page, key=request.form.get("key", "")), 422
    flash(_("已开单"))
    return redirect(url_for("cases.show", case_id=opened), 303)


def _again(case_id: UUID, subscription_id: UUID, typed: Typed, element: str, status: int) -> tuple[str, int]:
    page = load_message(the_runtime(), case_id, subscription_id, actor(), typed, element)
    key = request.form.get("key", "")[:LONGEST_KEY] or uuid4()
    return render_template("cases/message.html", page=page, key=key), status


def _cursor(text: str) -> tuple[int, int] | None:
    version, _dot, n = text.partition(".")
    if not (version.isdecimal() and n.isdecimal() and len(text) <= 2 * LONGEST_NUMBER):
        return None
    return int(version), int(n)

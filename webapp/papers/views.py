"""The list of papers, one paper, and several as one PDF."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from store.pages.papers import PaperRow, papers_by_id
from webapp import addresses
from webapp.downloads import PDF, kept, path_of
from webapp.downloads import paper as handed_out
from webapp.identity import actor, the_runtime
from webapp.papers.listing import build_listing, href_of, read_asked
from webapp.texts import _
from workflows.errors import NotFoundError, RuleRefusedError

blueprint = Blueprint("papers", __name__, url_prefix="/papers", template_folder="templates")

MOST = 100
MOST_BYTES = 100_000_000
MILLION = 1_000_000


@blueprint.get("/")
def index() -> str:
    """Show the list."""
    with the_runtime().database.read(actor().scope) as session:
        listing = build_listing(session, read_asked(request.args))
    return render_template("papers/index.html", listing=listing)


@blueprint.get("/<uuid:document_id>.pdf")
def show(document_id: UUID) -> Response:
    """Hand out one paper."""
    with the_runtime().database.read(actor().scope) as session:
        found = papers_by_id(session, [document_id])
    if not found or found[0].sha256 is None:
        raise NotFoundError(kind="document", id=str(document_id))
    return kept(the_runtime(), found[0].sha256, f"{found[0].title} {found[0].number}.pdf", PDF)


@blueprint.post("/print")
def print_together() -> Response:
    """Hand out the chosen papers as one PDF, in the order of the list."""
    name = "shown" if request.form.get("_event") == "page" else "document"
    ids = list(dict.fromkeys(addresses.identities(request.form.getlist(name))))
    with the_runtime().database.read(actor().scope) as session:
        found = papers_by_id(session, ids[: MOST + 1])
    try:
        body = _together(ids, found)
    except RuleRefusedError as error:
        flash(error.reason, "error")
        return redirect(href_of("papers.index", read_asked(request.args)), 303)
    return handed_out(body, _("文书 %(n)s 份.pdf", n=len(found)))


def _together(ids: list[UUID], found: tuple[PaperRow, ...]) -> bytes:
    """Return the papers as one. Raises: RuleRefusedError in words, NotFoundError for what is not theirs to see."""
    from documents.joined import Part, UnreadablePaperError, joined  # noqa: PLC0415  # pypdf: heavy, seldom needed

    if not ids:
        raise RuleRefusedError(_("先在列表里选要打印的文书"))
    if len(ids) > MOST:
        raise RuleRefusedError(_("选了 %(n)s 份，一次最多 %(most)s 份：分几次打印", n=len(ids), most=MOST))
    if len(found) < len(ids):
        raise NotFoundError(kind="document", id=str(next(iter(set(ids) - {row.id for row in found}))))
    if waiting := [row.number for row in found if row.sha256 is None]:
        raise RuleRefusedError(_("%(number)s 正在印制，过一会儿再选它", number=waiting[0]))
    if (size := sum(row.size for row in found)) > MOST_BYTES:
        told = {"size": size // MILLION, "most": MOST_BYTES // MILLION}
        raise RuleRefusedError(_("选的文书共 %(size)s MB，一次最多 %(most)s MB：分几次打印", **told))
    try:
        return joined(
            Part(f"{row.title} {row.number}", path_of(the_runtime(), row.sha256 or "")) for row in found
        )
    except UnreadablePaperError as error:
        raise RuleRefusedError(
            _("%(title)s的文件读不出来，先不选它，并告诉系统管理员", title=error.title)
        ) from error

"""The pages of the archive, and what people decide on them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.sheets import table
from store.pages.archives import View, disposal_line
from webapp import addresses
from webapp.archives.page import build_disposal, build_listing, build_volume, read_key
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.disposals import approve_disposal, decline_disposal, propose_disposal
from workflows.handlers.holds import lift_hold, set_hold

blueprint = Blueprint("archives", __name__, url_prefix="/archives", template_folder="templates")
Answer = str | Response | tuple[str, int]
LIFT, DECLINE = "lift", "decline"


@blueprint.get("/")
def index() -> str:
    """Show the volumes by how long they are kept, and the proposals to dispose of some."""
    words = request.args
    after = read_key(words.get("day", ""), words.get("after", ""))
    with the_runtime().database.read(actor().scope) as session:
        page = build_listing(session, actor(), words.get("view", ""), after)
    return render_template("archives/index.html", page=page)


@blueprint.post("/propose")
def propose() -> Answer:
    """Ask for the disposal of the volumes that were chosen."""
    chosen, reason = addresses.identities(request.form.getlist("volume")), request.form.get("reason", "")
    try:
        begun = propose_disposal(the_runtime(), chosen, reason, actor())
    except RuleRefusedError as error:
        typed = {"chosen": chosen, "reason": reason, "refusal": error.reason}
        with the_runtime().database.read(actor().scope) as session:
            page = build_listing(session, actor(), View.OVER.value, None, **typed)  # type: ignore[arg-type]  # what was typed
        return render_template("archives/index.html", page=page), 422
    flash(_("已申请销毁，等第三方负责人复核"))
    return redirect(url_for("archives.disposal", disposal_id=begun[0]), 303)


@blueprint.get("/volumes/<uuid:volume_id>")
def volume(volume_id: UUID) -> Answer:
    """Show one volume: how long it is kept, what holds it, what happened to it."""
    return _volume(volume_id)


@blueprint.post("/volumes/<uuid:volume_id>/hold")
def hold(volume_id: UUID) -> Answer:
    """Hold a volume, or lift the hold of the own office."""
    reason = request.form.get("reason", "")
    deed = lift_hold if request.form.get("deed") == LIFT else set_hold
    try:
        deed(the_runtime(), volume_id, reason, actor())
    except RuleRefusedError as error:
        return _volume(volume_id, reason, error.reason)
    flash(_("已解除法律保全") if deed is lift_hold else _("已作法律保全，解除以前不能销毁"))
    return redirect(url_for("archives.volume", volume_id=volume_id), 303)


@blueprint.get("/disposals/<uuid:disposal_id>")
def disposal(disposal_id: UUID) -> Answer:
    """Show one proposal: its volumes with the digest of each file, who decided what."""
    return _disposal(disposal_id)


@blueprint.post("/disposals/<uuid:disposal_id>")
def decide(disposal_id: UUID) -> Answer:
    """Review a proposal, countersign it, or decline it."""
    opinion = request.form.get("opinion", "")
    try:
        if request.form.get("deed") == DECLINE:
            decline_disposal(the_runtime(), disposal_id, opinion, actor())
            flash(_("已退回，这些档案继续保管"))
        elif approve_disposal(the_runtime(), disposal_id, opinion, actor()) == "reviewed":
            flash(_("已复核，等审计管理员会签"))
        else:
            flash(_("已会签，文件正在清除，清单和摘要留存"))
    except RuleRefusedError as error:
        return _disposal(disposal_id, opinion, error.reason)
    return redirect(url_for("archives.disposal", disposal_id=disposal_id), 303)


@blueprint.get("/disposals/<uuid:disposal_id>.xlsx")
def sheet(disposal_id: UUID) -> Response:
    """Hand out the list of a proposal: every file of every volume with its digest."""
    with the_runtime().database.read(actor().scope) as session:
        row = disposal_line(session, disposal_id)
    if row is None:
        raise NotFoundError(kind="disposal", id=str(disposal_id))
    heads = [_("档号"), _("案卷"), _("保管至"), _("文件"), _("大小（字节）"), _("摘要"), _("链头")]
    rows = [
        (
            *(one["number"], one["title"], one["retain_until"]),
            *(file["title"], file["size"], file["sha256"], one["chain_head"]),
        )
        for one in row.disposal.volumes
        for file in one["files"]
    ]
    name = _("档案销毁清单 %(number)s.xlsx", number=row.disposal.number)
    return workbook(table(_("销毁清单"), heads, rows), name)


def _volume(volume_id: UUID, reason: str = "", refusal: str = "") -> Answer:
    with the_runtime().database.read(actor().scope) as session:
        page = build_volume(session, actor(), volume_id, reason, refusal)
    if page is None:
        raise NotFoundError(kind="case_file", id=str(volume_id))
    return render_template("archives/volume.html", page=page), 422 if refusal else 200


def _disposal(disposal_id: UUID, opinion: str = "", refusal: str = "") -> Answer:
    with the_runtime().database.read(actor().scope) as session:
        page = build_disposal(session, actor(), disposal_id, opinion, refusal)
    if page is None:
        raise NotFoundError(kind="disposal", id=str(disposal_id))
    return render_template("archives/disposal.html", page=page), 422 if refusal else 200

"""The pages of group trainings, of meetings with agencies and experts, of what is pushed online."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.sheets import table
from webapp.downloads import workbook
from webapp.gatherings.audience import load_trial
from webapp.gatherings.listing import build_listing
from webapp.gatherings.meetings import build_year, load_meeting, meeting_rows
from webapp.gatherings.pushes import build_push_year, load_push, push_rows
from webapp.gatherings.record import load_training
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.audience import LONGEST
from workflows.commands import BeginTraining
from workflows.handlers.gatherings import begin_training

blueprint = Blueprint("gatherings", __name__, url_prefix="/gatherings", template_folder="templates")

LONGEST_KEY = 64


@blueprint.get("/")
def index() -> str:
    """Show the trainings of a year against the duty."""
    page = build_listing(the_runtime(), request.args.get("year", ""), actor())
    return render_template("gatherings/index.html", page=page, key=uuid4())


@blueprint.get("/trainings/<uuid:training_id>")
def training(training_id: UUID) -> str:
    """Show one training."""
    page = load_training(the_runtime(), training_id, actor())
    return render_template("gatherings/training.html", page=page)


@blueprint.get("/audience")
def audience() -> str:
    """Try a condition: which units it means today."""
    page = load_trial(the_runtime(), request.args.get("rule", "")[: LONGEST + 1], actor())
    return render_template("gatherings/audience.html", page=page)


@blueprint.post("/trainings")
def begin() -> Response:
    """Begin a training."""
    key = request.form.get("key", "")[:LONGEST_KEY] or str(uuid4())
    case_id = begin_training(the_runtime(), BeginTraining(key, request.form.get("foreseen", "")), actor())
    flash(_("已开单，下一步在待办里编培训计划"))
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.get("/meetings")
def meetings() -> str:
    """Show the meetings of a year against its quarters."""
    page = build_year(the_runtime(), request.args.get("year", ""), actor())
    return render_template("gatherings/meetings.html", page=page)


@blueprint.get("/meetings.xlsx")
def meetings_sheet() -> Response:
    """Hand out the meetings of a year as Excel, a row for each issue."""
    page = build_year(the_runtime(), request.args.get("year", ""), actor())
    heads = [
        _("编号"),
        _("类别"),
        _("第三方"),
        _("日期"),
        _("状态"),
        _("问题"),
        _("方案"),
        _("责任人"),
        _("期限"),
        _("落实"),
    ]
    body = table(_("协商交流"), heads, meeting_rows(page.lines))
    return workbook(body, _("协商交流 %(year)s.xlsx", year=page.year))


@blueprint.get("/meetings/<uuid:meeting_id>")
def meeting(meeting_id: UUID) -> str:
    """Show one meeting with what became of its issues."""
    page = load_meeting(the_runtime(), meeting_id, actor())
    return render_template("gatherings/meeting.html", page=page)


@blueprint.get("/pushes")
def pushes() -> str:
    """Show what was pushed in a year against the seven categories; a unit sees what was sent to it."""
    page = build_push_year(the_runtime(), request.args.get("year", ""), actor())
    return render_template("gatherings/pushes.html", page=page)


@blueprint.get("/pushes.xlsx")
def pushes_sheet() -> Response:
    """Hand out what was pushed in a year as Excel."""
    page = build_push_year(the_runtime(), request.args.get("year", ""), actor())
    heads = [
        _("编号"),
        _("标题"),
        _("类别"),
        _("第三方"),
        _("发布日"),
        _("状态"),
        _("受众"),
        _("送达"),
        _("阅读"),
    ]
    body = table(_("线上推送"), heads, push_rows(page.lines))
    return workbook(body, _("线上推送 %(year)s.xlsx", year=page.year))


@blueprint.get("/pushes/<uuid:content_id>")
def push(content_id: UUID) -> str:
    """Show one push; that a unit has read it is noted."""
    page = load_push(the_runtime(), content_id, actor())
    return render_template("gatherings/push.html", page=page)

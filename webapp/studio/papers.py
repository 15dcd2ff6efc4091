"""文书模板: every template with its releases; one drafts and proposes, another one publishes."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.papers import PAPERS
from webapp import addresses
from webapp.downloads import paper as handed_out
from webapp.identity import actor, the_runtime
from webapp.studio.frame import blueprint
from webapp.studio.paper_page import (
    Typed,
    list_papers,
    load_draft,
    load_paper,
    load_source,
    try_source,
)
from webapp.studio.paper_words import sentence_of
from webapp.texts import _
from workflows.errors import BrokenTemplateError, NotFoundError, RuleRefusedError, StaleRecordError

Answer = Response | str | tuple[str, int]


@blueprint.get("/papers/")
def papers() -> str:
    """List the templates."""
    return render_template("studio/papers.html", rows=list_papers(the_runtime(), actor()))


@blueprint.get("/papers/<template>")
def paper(template: str) -> str:
    """Show a template: what is in use, what is proposed against it, its releases."""
    return render_template("studio/paper.html", page=load_paper(the_runtime(), template, actor()))


@blueprint.get("/papers/<template>/sample.pdf")
def paper_sample(template: str) -> Answer:
    """Hand out the sample of what is in use, of a release, or of the draft."""
    from workflows.template_samples import sample_pdf  # noqa: PLC0415  # heavy, seldom needed

    source = load_source(the_runtime(), template, request.args.get("of", ""), actor())
    try:
        body = sample_pdf(the_runtime(), template, source)
    except BrokenTemplateError as error:
        raise RuleRefusedError(sentence_of(error.broken)) from error
    return handed_out(body, _("样张 %(title)s.pdf", title=PAPERS[template].title))


@blueprint.post("/papers/<template>/draft/begin")
def begin_paper(template: str) -> Response:
    """Begin a draft from what is in use, or from an earlier release."""
    from workflows.handlers.templates import begin_template  # noqa: PLC0415  # the same

    try:
        begin_template(the_runtime(), template, addresses.identity(request.form.get("from", "")), actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    return redirect(url_for("studio.paper_draft", template=template), 303)


@blueprint.get("/papers/<template>/draft")
def paper_draft(template: str) -> str:
    """Show the draft in the editor."""
    return render_template("studio/paper_draft.html", page=load_draft(the_runtime(), template, actor()))


@blueprint.post("/papers/<template>/draft")
def save_paper(template: str) -> Answer:
    """Keep the draft, and then show how it looks, propose it, or drop it, as the pressed button says."""
    source = request.form.get("source", "").replace("\r\n", "\n")
    typed = Typed(source, request.form.get("note", ""))
    try:
        return _carry_out(template, typed, request.form.get("_event", ""))
    except BrokenTemplateError as error:
        return _again(template, Typed(typed.source, typed.note, error.broken), 422)
    except StaleRecordError:
        told = _("别人刚刚存过这份草稿。你写的还在下面；再存一次，就用你的代替他的。")
        return _again(template, Typed(typed.source, typed.note, notice=told), 409)
    except NotFoundError:
        told = _("这份草稿已经被放弃。你写的还在下面，可以复制到别处。")
        return _again(template, Typed(typed.source, typed.note, notice=told), 409)
    except RuleRefusedError as error:
        return _again(template, Typed(typed.source, typed.note, notice=error.reason), 422)


@blueprint.post("/papers/<template>/proposals/<uuid:release>")
def decide_paper(template: str, release: UUID) -> Response:
    """Publish a proposal, or give it back with a reason."""
    from workflows.handlers.templates import decline_template, publish_template  # noqa: PLC0415  # the same

    seen = _seen()
    try:
        if request.form.get("_event") == "publish":
            number = publish_template(the_runtime(), release, seen, actor())
            flash(_("已发布第 %(n)s 版，以后出的文书用它；已经出的不变", n=number))
        else:
            reason = request.form.get("reason", "")
            decline_template(the_runtime(), release, seen, reason, actor())
            flash(_("已退回，成为草稿"))
    except StaleRecordError:
        flash(_("这一份在你打开以后变过，看过现在的再决定"), "error")
    except RuleRefusedError as error:
        flash(error.reason, "error")
    return redirect(url_for("studio.paper", template=template), 303)


def _carry_out(template: str, typed: Typed, event: str) -> Answer:
    from workflows.handlers import templates  # noqa: PLC0415  # the same

    runtime, person, seen = the_runtime(), actor(), _seen()
    if event == "drop":
        templates.drop_template(runtime, template, seen, person)
        flash(_("草稿已放弃"))
        return redirect(url_for("studio.paper", template=template), 303)
    order = templates.SaveTemplate(template, typed.source, seen)
    version = templates.save_template(runtime, order, person)
    if event == "preview":
        return _again(template, try_source(runtime, template, typed, person), 200)
    if event == "propose":
        at_once = templates.propose_template(runtime, template, version, typed.note, person)
        flash(_("已发布") if at_once else _("已提交，等另一位流程管理员发布"))
        return redirect(url_for("studio.paper", template=template), 303)
    flash(_("草稿已保存"))
    return redirect(url_for("studio.paper_draft", template=template), 303)


def _again(template: str, typed: Typed, status: int) -> tuple[str, int]:
    page = load_draft(the_runtime(), template, actor(), typed)
    return render_template("studio/paper_draft.html", page=page), status


def _seen() -> int:
    return addresses.row_version(request.form.get("seen", ""))

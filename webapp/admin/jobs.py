"""Queued jobs: what could not be done, what waits, what runs."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from flask import flash, redirect, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from store.pages.jobs import JobPage, JobView, job_counts, jobs
from store.queue import WORKER_DIED
from webapp import addresses
from webapp.admin.frame import blueprint, carry_out, show
from webapp.admin.paging import pack, unpack
from webapp.identity import actor, the_runtime
from webapp.tabs import Tab
from webapp.texts import Lazy, _, lazy
from workflows.errors import RuleRefusedError
from workflows.handlers.queued import discard_dead_jobs, discard_job, retry_dead_jobs, retry_job

VIEWS: Mapping[JobView, Lazy] = {
    JobView.DEAD: lazy("做不成的"),
    JobView.FAILING: lazy("失败过，会再试"),
    JobView.RUNNING: lazy("正在做"),
    JobView.WAITING: lazy("排着队"),
    JobView.DONE: lazy("做完的"),
    JobView.DISCARDED: lazy("放弃的"),
}
KINDS: Mapping[str, Lazy] = {
    "await_instants": lazy("记下流程定时开单的时刻"),
    "begin_by_instant": lazy("到时开单"),
    "begin_duty": lazy("按职责日历开单"),
    "begin_duty_for": lazy("按职责日历给一个机构开单"),
    "begin_by_signal": lazy("按信号开单"),
    "bring_into_force": lazy("流程新版到日子生效"),
    "begin_for": lazy("到时给一个机构开单"),
    "check_invariants": lazy("夜里核对数据"),
    "deliver_message": lazy("把消息交给另一个办件"),
    "deliver_signal": lazy("把信号交给一个办件"),
    "end_called": lazy("终止没有人再等的下级办件"),
    "import_register": lazy("导入台账"),
    "replay_cases": lazy("把办过的在一版里回放一遍"),
    "migrate_cases": lazy("把办件迁到另一版流程"),
    "recompute_deadlines": lazy("按新的工作日历重算期限"),
    "register_policies": lazy("为一批保单开服务周期"),
    "register_policy": lazy("为保单开服务周期"),
    "remove_disposed": lazy("清除已销毁档案的文件"),
    "render_document": lazy("打印文书"),
    "seal_package": lazy("制作归档包"),
    "send_notice": lazy("把通知寄到邮箱"),
    "send_test": lazy("寄一封测试邮件"),
    "spread_signal": lazy("找出在等信号的办件"),
    "tell_cycle": lazy("通知服务周期：保单改了"),
    "time_out": lazy("办理超时后自动处理"),
}
ERRORS: Mapping[str, Lazy] = {
    "UnfinishedPaperError": lazy("文书还没打印好"),
    "OperationalError": lazy("数据库连不上或者正忙"),
    "IntegrityError": lazy("和已有的记录冲突"),
    "NotFoundError": lazy("要处理的记录不在了"),
    "StaleVersionError": lazy("同时有人在改同一个办件"),
    "LostLeaseError": lazy("做得太久，被另一个进程接走了"),
    "RenderError": lazy("文书排版出错"),
    "UnknownFileError": lazy("文件不在存储里"),
    "FileNotFoundError": lazy("文件不在存储里"),
    "PermissionError": lazy("没有写文件的权限"),
    "OSError": lazy("磁盘出错或者满了"),
    "MemoryError": lazy("内存不够"),
    "NoMailServerError": lazy("没有设置发信服务器（MAIL_URL）"),
    "AddressRefusedError": lazy("发信服务器不收这个收件地址，请本人在“我的账号”里改"),
    "MailServerError": lazy("发信服务器连不上，或者拒绝了账号、拒绝了这封信"),
    WORKER_DIED: lazy("每次做到它，后台进程都被结束：可能内存不够，或者被强行停止"),
}


class ListPage(Struct, frozen=True):
    """The list as it is shown."""

    found: JobPage
    view: JobView
    views: tuple[Tab, ...]
    later: str | None
    is_first: bool


@blueprint.get("/jobs", endpoint="jobs")
def index() -> str:
    """List one part of the queue; without a choice, what could not be done."""
    given = request.args.get("view", "")
    view = JobView(given) if given in set(JobView) else JobView.DEAD
    after = cast("tuple[UUID] | None", unpack(request.args.get("after", ""), addresses.identity))
    with the_runtime().database.read(actor().scope) as session:
        found = jobs(session, view, after=after[0] if after else None)
        counts = job_counts(session)
    later = url_for("admin.jobs", view=view.value, after=pack((found.next,))) if found.next else None
    views = tuple(
        Tab(str(title), url_for("admin.jobs", view=each.value), each is view, counts[each])
        for each, title in VIEWS.items()
    )
    page = ListPage(found, view, views, later, after is None)
    return show("jobs", "admin.jobs", page=page, kinds=KINDS, why=why, title=VIEWS[view])


@blueprint.post("/jobs/retry", endpoint="retry_jobs")
def retry_many() -> Response:
    """Let the chosen ones run again."""
    chosen = addresses.identities(request.form.getlist("job"))
    done = retry_dead_jobs(the_runtime(), chosen, actor(), request.form.get("reason", ""))
    if done:
        flash(_("%(n)s 个任务马上再做", n=done))
    else:
        flash(_("先在左边选要重做的"), "error")
    return redirect(_back(), 303)


@blueprint.post("/jobs/discard", endpoint="discard_jobs")
def discard_many() -> Response:
    """Give the chosen ones up, for one reason."""
    chosen = addresses.identities(request.form.getlist("job"))
    try:
        done = discard_dead_jobs(the_runtime(), chosen, request.form.get("reason", ""), actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        told = _("放弃了 %(n)s 个任务，原因留在记录里", n=done) if done else _("先在左边选要放弃的")
        flash(told, "message" if done else "error")
    return redirect(_back(), 303)


def _back() -> str:
    """Return the list that the form stands on."""
    return url_for("admin.letters" if request.form.get("back") == "letters" else "admin.jobs")


@blueprint.post("/jobs/<uuid:job_id>/retry", endpoint="retry_job")
def retry(job_id: UUID) -> Response:
    """Let one run again."""
    return carry_out(
        lambda: retry_job(the_runtime(), job_id, actor()), _("马上再做一次"), url_for("admin.jobs")
    )


@blueprint.post("/jobs/<uuid:job_id>/discard", endpoint="discard_job")
def discard(job_id: UUID) -> Response:
    """Give one up."""
    reason = request.form.get("reason", "")
    return carry_out(
        lambda: discard_job(the_runtime(), job_id, reason, actor()),
        _("已放弃，原因留在记录里"),
        url_for("admin.jobs"),
    )


def why(error: str) -> str:
    """Return what went wrong in words; what the program said may hold personal data and is not shown."""
    if not error:
        return ""
    return str(ERRORS.get(error, _("程序出错，把任务编号告诉技术支持")))

"""The blueprint of the administrators' pages and what stands around each: the sections of one's role."""

from collections.abc import Callable, Iterator, Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from webapp import access
from webapp.identity import signed_in
from webapp.tabs import Tab
from webapp.texts import Lazy, lazy
from workflows.errors import RuleRefusedError

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")

Answer = Response | str | tuple[str, int]


class Section(Struct, frozen=True):
    """One of the administrators' pages, as the overview and the tabs name it."""

    title: Lazy
    text: Lazy
    icon: str
    endpoint: str


SECTIONS = (
    Section(lazy("人员账号"), lazy("建账号、给角色、重设密码、送离职的人"), "users", "admin.people"),
    Section(
        lazy("机构"),
        lazy("办公室、保险机构、服务机构；停用后全员退出"),
        "building-community",
        "admin.organizations",
    ),
    Section(
        lazy("运行状况"),
        lazy("后台进程、排队的任务、晚了的定时、数据库"),
        "device-desktop",
        "admin.running",
    ),
    Section(
        lazy("停住的办件"),
        lazy("自己走不下去的一步：原因、怎么办、重试"),
        "alert-triangle",
        "admin.incidents",
    ),
    Section(
        lazy("办件处置"),
        lazy("按编号找办件：挂起、恢复、终止，改走别的环节"),
        "player-pause",
        "admin.cases",
    ),
    Section(
        lazy("迁移办件"),
        lazy("流程发了新版，在办的迁过去：先看每一件的去向"),
        "sitemap",
        "admin.migrations",
    ),
    Section(lazy("后台任务"), lazy("发消息、打印、封存、导入；没做成的在这里"), "refresh", "admin.jobs"),
    Section(
        lazy("死信"), lazy("做不成的任务、没人收的消息：再试，或者写明原因放弃"), "inbox", "admin.letters"
    ),
    Section(
        lazy("费用口径"), lazy("地方 2020 与全国 2025 不能同时满足时，用哪一个"), "scale", "admin.fund_rules"
    ),
    Section(lazy("规则参数"), lazy("标准里的每个数：值、首日、出处、条款"), "gavel", "admin.parameters"),
    Section(lazy("日历"), lazy("公布到哪一年，哪些期限是暂定的"), "calendar-event", "admin.calendar"),
    Section(lazy("词表"), lazy("页面、表单、文书里的词从哪里来"), "books", "admin.dictionaries"),
    Section(
        lazy("变更记录"), lazy("账号、角色、台账、设置：谁在什么时候改了什么"), "history", "admin.changes"
    ),
    Section(lazy("办件事件"), lazy("每个办件走过的每一步，不含填写内容"), "route", "admin.case_events"),
    Section(lazy("访问记录"), lazy("登录、被拒绝的访问、导出"), "eye", "admin.accesses"),
    Section(
        lazy("校验"),
        lazy("把全部事件链从头算一遍，说出第一处不对的地方"),
        "shield-lock",
        "admin.verification",
    ),
)


def sections() -> list[Section]:
    """Return the pages that the person may open."""
    roles, known = signed_in().roles, current_app.view_functions
    return [s for s in SECTIONS if s.endpoint in known and access.may_open(s.endpoint, roles)]


def show(template: str, endpoint: str, **values: object) -> str:
    """Return a page with the tabs of the person's sections."""
    tabs = [
        Tab(str(section.title), url_for(section.endpoint), section.endpoint == endpoint)
        for section in sections()
    ]
    is_home = access.may_open("admin.index", signed_in().roles)
    return render_template(f"admin/{template}.html", admin_tabs=tabs, is_admin=is_home, **values)


def carry_out(command: Callable[[], object], done: str, target: str) -> Response:
    """Carry out a command and go on to a page; say what came of it, or which rule stood against it."""
    try:
        command()
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        flash(done)
    return redirect(target, 303)


def words(name: str, longest: int = 100) -> str:
    """Return a filter of the address."""
    return request.args.get(name, "").strip()[:longest]


def chosen(name: str, known: Mapping[str, object]) -> str:
    """Return a filter of the address that is one of the known ones, else nothing."""
    given = request.args.get(name, "")
    return given if given in known else ""


def choices(words_by_code: Mapping[str, str], first: str) -> Iterator[tuple[str, str]]:
    """Return the entries of a list to choose from, the empty one first."""
    yield "", first
    yield from words_by_code.items()

"""What can go wrong, said once: error → status, title, sentence, way on. Never a trace, never SQL."""

import traceback

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from msgspec import Struct
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    NotFound,
    SecurityError,
    ServiceUnavailable,
)
from werkzeug.wrappers import Response

from webapp.identity import ask_no_more, signed_in_or_none
from webapp.sign_in_again import SHORT_REQUESTS, ask_again, sign_in_page_again
from webapp.texts import Lazy, _, lazy
from webapp.tracing import number_request, request_id
from workflows.errors import (
    CaseStuckError,
    CommandKeyConflictError,
    NotAllowedError,
    NotFoundError,
    RepeatedCommandError,
    RuleRefusedError,
    StaleVersionError,
    WorkflowError,
)

log = structlog.get_logger(__name__)
Answer = Response | tuple[str | Response, int]

TEXTS = {
    400: (lazy("这个请求不完整"), lazy("刷新页面再试一次；刚才填的内容可能还在原来的页面里。")),
    401: (lazy("要先登录"), lazy("登录后会回到刚才的页面。")),
    403: (
        lazy("你没有打开这里的权限"),
        lazy("角色由安全管理员授予。需要的话，把这一页的地址发给本单位的安全管理员。"),
    ),
    404: (lazy("没有找到这一页"), lazy("可能地址不对，也可能这条内容不归你所在的单位办。")),
    405: (lazy("这个地址不能这样打开"), lazy("回到上一页，用页面里的按钮再试一次。")),
    409: (lazy("别人刚刚改过这一条"), lazy("你填的内容已经存成草稿。重新打开，看过变化以后再提交。")),
    413: (lazy("文件太大"), lazy("单个文件不超过 20 MB，一次不超过 200 MB。压缩或分几次上传。")),
    414: (lazy("网址太长"), lazy("搜索的字或带来的条件太多了。删短一些再试，或者从首页重新进入。")),
    422: (lazy("还有地方要改"), lazy("回到上一页，按提示改好以后再提交。")),
    429: (lazy("操作太快了"), lazy("等一分钟再试。")),
    431: (lazy("浏览器带来的内容太多"), lazy("清除这个网站的浏览数据以后再打开。")),
    500: (lazy("系统出错了"), lazy("这一步没有存上，之前存好的内容都在。把下面的编号告诉系统管理员。")),
    503: (lazy("系统暂时不能用"), lazy("已经存好的内容都在。过一分钟再试；还不行就告诉系统管理员。")),
}


REFUSED = (lazy("现在不能这样做"), lazy("这一次什么都没有改。回到上一页，看过现在的情况再决定。"))


class ErrorPage(Struct, frozen=True):
    """What the page of an error says."""

    status: int
    title: str
    text: str
    detail: str
    request_id: str


def init_errors(app: Flask) -> None:
    """Map every error to an answer."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(WorkflowError, _workflow)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Tell whether a script asked, so that the answer is problem+json."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.headers.get("X-Requested-With") == "fetch"


def answer(
    status: int,
    detail: str = "",
    extra: dict[str, object] | None = None,
    texts: tuple[Lazy, Lazy] | None = None,
) -> Answer:
    """Return the page or the problem+json for a status; `texts` where its usual title and text do not hold."""
    title, text = texts or TEXTS.get(status, TEXTS[500])
    page = ErrorPage(status, str(title), str(text), detail, request_id())
    if wants_json():
        problem = {
            "status": status,
            "title": page.title,
            "detail": detail or page.text,
            "request_id": page.request_id,
        }
        response = jsonify(problem | (extra or {}))
        response.mimetype = "application/problem+json"
        return response, status
    return render_template("error.html", error=page), status


def stale_sentence(error: StaleVersionError) -> str:
    """Return what happened to the item in the meantime."""
    if error.closed:
        return (
            _("%(who)s已经办完这一条。", who=error.done_by)
            if error.done_by
            else _("这一条已经办完或者收回了。")
        )
    return _("这一条在你打开以后变过。")


def page_unasked(app: Flask, status: int) -> Response:
    """Return the page of an error that the server met before the application was asked."""
    with app.test_request_context():
        number_request()
        g.no_frame = True
        log.info("refused unread", status=status)
        page = app.process_response(app.make_response(answer(status)))
    page.headers.remove("Set-Cookie")  # the session was not read: a new one would end it
    return page


def _csrf(error: CSRFError) -> Answer:
    if request.endpoint == "account.sign_in":
        return sign_in_page_again()
    if signed_in_or_none() is None and request.method not in SHORT_REQUESTS:
        return ask_again()
    log.info("csrf refused", reason=error.description)
    return answer(400, _("页面开得太久，安全口令过期了。刷新页面后再试。"))


def _foreign_host(_error: SecurityError) -> Answer:
    """Answer a name that is not ours without a page: there is no address to link to."""
    return Response(_("这个网址不归本系统"), status=400, content_type="text/plain; charset=utf-8")


def _http(error: HTTPException) -> Answer:
    if error.response is not None:
        return error.get_response()
    status = error.code or 500
    if status >= InternalServerError.code:
        log.error("request failed", status=status)
    return answer(status)


def _workflow(error: WorkflowError) -> Answer:
    match error:
        case NotFoundError():
            return answer(NotFound.code)
        case NotAllowedError():
            return answer(403)
        case StaleVersionError():
            return answer(409, stale_sentence(error), {"closed": error.closed})
        case CommandKeyConflictError() | RuleRefusedError() | RepeatedCommandError():
            return answer(409, _refusal(error), texts=REFUSED)
        case CaseStuckError():
            return answer(500, _("这一步走不下去，已经记为事件等人处理：%(why)s", why=error.message))
        case _:
            log.error("command failed", error=type(error).__name__)
            return answer(500)


def _refusal(error: CommandKeyConflictError | RuleRefusedError | RepeatedCommandError) -> str:
    match error:
        case RuleRefusedError():
            return error.reason
        case RepeatedCommandError():
            return _("这一步刚才已经做过了。初始密码只显示一次，没记下就再重设一次。")
        case _:
            return _("同一个请求编号带来了两份不同的内容。刷新页面后再试。")


def _database_away(error: DBAPIError) -> Answer:
    _ask_database_nothing()
    log.error("database away", error=type(error.orig).__name__)
    return answer(ServiceUnavailable.code)


def _ask_database_nothing() -> None:
    g.no_frame = True
    ask_no_more()


def _unexpected(error: Exception) -> Answer:
    _ask_database_nothing()
    place = "".join(traceback.format_tb(error.__traceback__))  # places only: values may be personal
    log.error("request failed", error=type(error).__name__, place=place)
    return answer(InternalServerError.code)

"""One's own mail: where notices go, and whether they arrive."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.account.views import account_page, blueprint
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.handlers.mails import choose_mail as choose
from workflows.handlers.mails import order_test

Answer = Response | str | tuple[str, int]


@blueprint.post("/account/mail")
def choose_mail() -> Answer:
    """Keep where I want notices, and which."""
    address = request.form.get("address", "")
    try:
        choose(the_runtime(), address, request.form.getlist("kind"), actor())
    except RuleRefusedError as error:
        return account_page(mail_problem=error.reason), 422
    flash(_("以后的通知也寄到这个邮箱") if address.strip() else _("通知不再寄邮件，只在铃铛里"))
    return redirect(url_for("account.index", _anchor="mail"), 303)


@blueprint.post("/account/mail/test")
def test_mail() -> Answer:
    """Let a letter be sent to me."""
    try:
        order_test(the_runtime(), actor())
    except RuleRefusedError as error:
        return account_page(mail_problem=error.reason), 422
    flash(_("测试邮件已经交给后台去寄，几分钟没收到就查垃圾箱，或者问系统管理员"))
    return redirect(url_for("account.index", _anchor="mail"), 303)

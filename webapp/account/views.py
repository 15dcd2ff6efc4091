"""The pages of an account."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import sessions
from webapp.absences import load_absences
from webapp.account.device import known_device, remember_device
from webapp.account.mail_card import load_mail
from webapp.account.own_password import change_password
from webapp.account.resume import keep_held
from webapp.account.signing_in import Attempt, try_sign_in
from webapp.chrome import THEME_COOKIE, THEMES
from webapp.identity import SIGN_IN, actor, sign_in, sign_out, signed_in, the_runtime
from webapp.redirects import safe_next
from webapp.sign_in_again import LONGEST_LOGIN, sign_in_page
from webapp.texts import _

blueprint = Blueprint("account", __name__, template_folder="templates")

A_YEAR = 365 * 24 * 3600


@blueprint.get("/login")
def login() -> Response | str:
    """Show the sign-in page."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return sign_in_page(target)


@blueprint.post("/login", endpoint="sign_in")
def sign_in_view() -> Response | tuple[str, int]:
    """Sign in, or say in one sentence that it did not work."""
    form = request.form
    attempt = Attempt(
        login=form.get("login", "").strip()[:LONGEST_LOGIN],
        password=form.get("password", "")[:400],
        keep="keep" in form,
        device=known_device(form.get("login", "")),
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    outcome = try_sign_in(the_runtime(), attempt)
    target = safe_next(form.get("next"))
    if outcome.token is None:
        status = 429 if outcome.wait else 401
        held = form.get("held", "")
        page = sign_in_page(target, held, attempt.login, _why_not(outcome.wait), expired=bool(held))
        return page, status
    sign_in(outcome.token)
    session.permanent = attempt.keep
    keep_held(target, form.get("held", ""))
    response = redirect(target)
    remember_device(response, attempt.login)
    return response


@blueprint.post("/logout")
def logout() -> Response:
    """End this session."""
    sign_out()
    return redirect(url_for("account.login"))


@blueprint.get("/account")
def index() -> str:
    """Show the account: who I am, my sessions, how pages look, when I am away."""
    return account_page()


def account_page(problem: str = "", mail_problem: str = "") -> str:
    """Return the page; with a problem, what was typed about an absence, or about mail, stands in it."""
    who = signed_in()
    runtime = the_runtime()
    with runtime.database.read(actor().scope) as db:
        lines = sessions.own_sessions(db, who.person_id, who.session_id, runtime.now())
    card = load_absences(runtime, who.person_id, problem)
    mail = load_mail(runtime, who.person_id, mail_problem)
    return render_template("account/index.html", who=who, sessions=lines, card=card, mail=mail)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> Response:
    """End one of my sessions."""
    who = signed_in()
    with the_runtime().database.write(SIGN_IN) as db:
        if not sessions.revoke(db, session_id, who.person_id, the_runtime().now()):
            abort(404)
    flash(_("那台设备已经退出登录"))
    return redirect(url_for("account.login" if session_id == who.session_id else "account.index"))


@blueprint.post("/account/sessions/end-others")
def end_other_sessions() -> Response:
    """End all my sessions but this one."""
    who = signed_in()
    with the_runtime().database.write(SIGN_IN) as db:
        sessions.revoke_others(db, who.person_id, the_runtime().now(), but=who.session_id)
    flash(_("其他设备都已退出登录"))
    return redirect(url_for("account.index"))


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> Response | str | tuple[str, int]:
    """Change my password; all other sessions end."""
    who = signed_in()
    if request.method == "GET":
        return render_template("account/password.html", who=who, problems=[])
    problems = change_password(
        the_runtime(),
        who,
        current=request.form.get("current", ""),
        new=request.form.get("new", ""),
        repeated=request.form.get("repeated", ""),
        mixed=bool(current_app.config["PASSWORD_CLASSES"]),
    )
    if problems:
        return render_template("account/password.html", who=who, problems=problems), 422
    flash(_("密码已经改好，其他设备都已退出登录"))
    return redirect(url_for("shell.home" if who.must_change_password else "account.index"))


@blueprint.post("/account/theme")
def choose_theme() -> Response:
    """Keep how pages look on this device."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    response = redirect(safe_next(request.form.get("next")))
    response.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=A_YEAR,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _why_not(wait: timedelta) -> str:
    if wait:
        return _("试得太多了，过 %(n)s 秒再试。", n=int(wait.total_seconds()) + 1)
    return _("账号或密码不对。忘了密码，找本单位的安全管理员重设。")

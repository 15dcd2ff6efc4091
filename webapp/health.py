"""Whether the process lives and whether the product can work; for balancers and doctors, without a sign-in."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from store import revision
from store.scope import Scope
from store.workers import SILENT, last_seen
from webapp.identity import the_runtime
from webapp.texts import _
from workflows.runtime import Runtime

blueprint = Blueprint("health", __name__)
_SCOPE = Scope.everything("readiness looks for a living worker")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether the product can work; if not, why."""
    try:
        reasons = list(reasons_against(the_runtime()))
    except SQLAlchemyError:
        reasons = [_("数据库连不上")]
    if reasons:
        return jsonify(status="not ready", reasons=reasons), 503
    return jsonify(status="ready"), 200


def reasons_against(runtime: Runtime) -> Iterator[str]:
    """Yield what keeps the product from working. A schema newer than the program does not: an update is on its way."""
    present, wanted = revision.present(runtime.database), revision.newest()
    if present is None or present < wanted:
        yield _(
            "数据库结构是 %(present)s，程序要 %(wanted)s：先运行 python3 run.py migrate",
            present=present or _("空的"),
            wanted=wanted,
        )
        return
    with runtime.database.read(_SCOPE) as session:
        seen = last_seen(session)
    if seen is None or runtime.now() - seen > SILENT:
        yield _no_worker(seen)


def _no_worker(seen: datetime | None) -> str:
    if seen is None:
        return _("没有后台进程：定时和任务不会做。运行 python3 run.py worker")
    return _("后台进程没有消息，最后一次在 %(at)s", at=seen.isoformat(timespec="seconds"))

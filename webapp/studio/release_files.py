"""Releases as files: one handed out, one taken in as a draft."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from store.pages.drafts import drafts_of
from store.pages.processes import newest_releases
from webapp.downloads import package
from webapp.identity import actor, the_runtime
from webapp.studio.compare import DRAFT, bundle_of_side
from webapp.studio.frame import blueprint
from webapp.texts import _
from workflows.handlers.release_files import import_release
from workflows.release_files.reading import MAX_PACKAGE, PackageError
from workflows.release_files.writing import package_of


@blueprint.get("/<process>/releases/<side>/file")
def export_release(process: str, side: str) -> Response:
    """Hand out a release or draft as one file with the hashes of all it holds."""
    with the_runtime().database.read(actor().scope) as session:
        content = package_of(bundle_of_side(session, process, side))
    return package(content, f"{process}-{side}.zip")


@blueprint.post("/import")
def import_file() -> Response | tuple[str, int]:
    """Take in a release file as a draft, and show what is different in it."""
    sent = request.files.get("file")
    content = sent.read(MAX_PACKAGE + 1) if sent is not None and sent.filename else b""
    if not content:
        return _refused(_("选一个导出的版本文件（.zip）。"))
    try:
        found = import_release(the_runtime(), content, actor())
    except PackageError as error:
        return _refused(str(error))
    flash(_("已成为草稿。下面是它与现行版本的不同；检查、由第二个人批准以后才发布。"))
    draft = f"{DRAFT}{found.draft_id}"
    return redirect(url_for("studio.compare_releases", process=found.process, after=draft), 303)


def _refused(problem: str) -> tuple[str, int]:
    with the_runtime().database.read(actor().scope) as session:
        rows = newest_releases(session)
        drafts = drafts_of(session)
    return render_template("studio/index.html", rows=rows, drafts=drafts, problem=problem), 422

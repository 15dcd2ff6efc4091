"""Upload, download, and the copy that pages show."""

import io
from typing import cast
from uuid import UUID

from flask import Blueprint, abort, jsonify, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from documents.pictures import printable_picture
from store.errors import UnknownFileError
from store.tables import EvidenceFile
from webapp.errors import answer
from webapp.identity import actor, the_runtime
from webapp.upload_check import RefusedFileError
from webapp.uploads import keep_upload, refusal_sentence

blueprint = Blueprint("files", __name__, url_prefix="/files")

A_DAY = 24 * 3600


@blueprint.post("")
def upload() -> Response | tuple[str | Response, int]:
    """Keep one file and say by which id a form names it."""
    sent = request.files.get("file")
    if sent is None:
        abort(400)
    try:
        kept = keep_upload(the_runtime(), sent, actor())
    except RefusedFileError as error:
        status = 413 if error.reason == "size" else 422
        return cast(
            "tuple[str | Response, int]", answer(status, refusal_sentence(error, sent.filename or ""))
        )
    is_picture = kept.media_type.startswith("image/")
    return jsonify(
        id=str(kept.id),
        name=kept.name,
        url=url_for("files.download", file_id=kept.id),
        thumb=url_for("files.rendition", file_id=kept.id) if is_picture else "",
        sha256=kept.sha256,
        media_type=kept.media_type,
        taken_at=kept.taken_at.isoformat() if kept.taken_at else None,
    )


@blueprint.get("/<uuid:file_id>")
def download(file_id: UUID) -> Response:
    """Hand out the original as an attachment; it is never shown in place."""
    row = _visible(file_id)
    try:
        path = the_runtime().files.path(row.sha256)
    except UnknownFileError:
        abort(404)
    return send_file(
        path, mimetype=row.media_type, as_attachment=True, download_name=row.name, etag=row.sha256
    )


@blueprint.get("/<uuid:file_id>/thumb")
def rendition(file_id: UUID) -> Response:
    """Show a picture that was decoded and drawn anew: nothing else of the original is in it."""
    row = _visible(file_id)
    try:
        original = the_runtime().files.path(row.sha256).read_bytes()
    except UnknownFileError:
        abort(404)
    picture = printable_picture(original) if row.media_type.startswith("image/") else None
    if picture is None:
        abort(404)
    mimetype = "image/png" if picture.suffix == "png" else "image/jpeg"
    response = send_file(io.BytesIO(picture.content), mimetype=mimetype)
    response.headers["Cache-Control"] = f"private, max-age={A_DAY}, immutable"
    return response


def _visible(file_id: UUID) -> EvidenceFile:
    with the_runtime().database.read(actor().scope) as session:
        row = session.scalar(select(EvidenceFile).where(EvidenceFile.id == file_id))
    if row is None:
        abort(404)
    return row

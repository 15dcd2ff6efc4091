"""A posted task or message form: uploads become ids, everything else stays as it was typed."""

from flask import request
from werkzeug.datastructures import MultiDict

from webapp.upload_check import RefusedFileError
from webapp.uploads import keep_upload, refusal_sentence
from workflows.people import Actor
from workflows.runtime import Runtime

_OURS = frozenset({"csrf_token", "key", "version", "_event", "_save", "_full", "_hand_back"})


def posted_fields(runtime: Runtime, actor: Actor) -> tuple[MultiDict[str, str], list[str]]:
    """Return the answers that were posted, files replaced by their ids, and what was refused."""
    fields = MultiDict((name, value) for name, value in request.form.items(multi=True) if name not in _OURS)
    problems = []
    for name, upload in request.files.items(multi=True):
        if not upload.filename:
            continue
        try:
            fields.add(name, str(keep_upload(runtime, upload, actor).id))
        except RefusedFileError as error:
            problems.append(refusal_sentence(error, upload.filename))
    return fields, problems

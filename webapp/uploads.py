"""Keep an upload: inspect it, store its bytes under their digest, write its row."""

from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO
from uuid import UUID

from msgspec import Struct
from werkzeug.datastructures import FileStorage

from store.errors import TooLargeError
from store.tables import EvidenceFile
from webapp.texts import _
from webapp.upload_check import LARGEST, RefusedFileError, inspect
from workflows.people import Actor
from workflows.runtime import Runtime

_NAME = 200


class KeptFile(Struct, frozen=True):
    """What the page needs to know of a file that was kept."""

    id: UUID
    name: str
    sha256: str
    media_type: str
    taken_at: datetime | None


def keep_upload(runtime: Runtime, upload: FileStorage, actor: Actor) -> KeptFile:
    """Keep one upload for this person. Raises: RefusedFileError."""
    stream: BinaryIO = upload.stream  # type: ignore[assignment]  # werkzeug's stream is binary
    size = stream.seek(0, 2)
    found = inspect(stream, size)
    stream.seek(0)
    try:
        sha256, size = runtime.files.put(stream, limit=LARGEST)
    except TooLargeError as error:
        raise RefusedFileError("size") from error
    now = runtime.now()
    row = EvidenceFile(
        sha256=sha256,
        size=size,
        media_type=found.media_type,
        name=_clean_name(upload.filename or ""),
        meta=dict(found.meta),
        taken_at=found.taken_at,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )
    with runtime.database.write(actor.scope, now=now, actor=actor.person_id) as session:
        session.add(row)
    return KeptFile(row.id, row.name, sha256, found.media_type, found.taken_at)


def refusal_sentence(error: RefusedFileError, name: str) -> str:
    """Return what is wrong with an upload and what to do."""
    sentences = {
        "kind": _("“%(name)s”不能上传：只收 JPG、PNG、WebP、PDF 和 xlsx", name=name),
        "size": _("“%(name)s”太大：图片和 PDF 不超过 20 MB，表格不超过 50 MB", name=name),
        "pixels": _("“%(name)s”的像素太多：缩小到 5000 万像素以内再传", name=name),
        "broken": _("“%(name)s”打不开：重新导出或重拍一张", name=name),
        "empty": _("“%(name)s”是空的：重新选一个文件", name=name),
    }
    return sentences[error.reason]


def _clean_name(name: str) -> str:
    """Return the file's own name, without folders and control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:_NAME] or _("未命名")

"""Files that a page hands out: workbooks and papers, each under its name."""

from io import BytesIO
from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response

from store.errors import UnknownFileError
from workflows.errors import NotFoundError
from workflows.runtime import Runtime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"


def workbook(content: bytes | Path, name: str) -> Response:
    """Hand out an Excel file."""
    return _attached(content, XLSX, name)


def paper(content: bytes, name: str) -> Response:
    """Hand out a PDF."""
    return _attached(content, PDF, name)


def kept(runtime: Runtime, sha256: str, name: str, media_type: str) -> Response:
    """Hand out a file of the store. Raises: NotFoundError."""
    path = path_of(runtime, sha256)
    return send_file(path, mimetype=media_type, as_attachment=True, download_name=name, etag=sha256)


def path_of(runtime: Runtime, sha256: str) -> Path:
    """Return where a file of the store lies. Raises: NotFoundError."""
    try:
        return runtime.files.path(sha256)
    except UnknownFileError as error:
        raise NotFoundError(kind="file", id=sha256) from error


def package(content: bytes, name: str) -> Response:
    """Hand out a ZIP file."""
    return _attached(content, ZIP, name)


def _attached(content: bytes | Path, media_type: str, name: str) -> Response:
    file = BytesIO(content) if isinstance(content, bytes) else content
    return send_file(file, mimetype=media_type, as_attachment=True, download_name=name)

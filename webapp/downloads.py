"""Files that a page hands out: workbooks and papers, each under its name."""

from io import BytesIO
from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"


def workbook(content: bytes | Path, name: str) -> Response:
    """Hand out an Excel file."""
    return _attached(content, XLSX, name)


def paper(content: bytes, name: str) -> Response:
    """Hand out a PDF."""
    return _attached(content, PDF, name)


def package(content: bytes, name: str) -> Response:
    """Hand out a ZIP file."""
    return _attached(content, ZIP, name)


def _attached(content: bytes | Path, media_type: str, name: str) -> Response:
    file = BytesIO(content) if isinstance(content, bytes) else content
    return send_file(file, mimetype=media_type, as_attachment=True, download_name=name)

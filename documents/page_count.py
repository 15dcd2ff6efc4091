"""How many pages a PDF has, for the catalogue of a file (卷内目录)."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError


def page_count(pdf: bytes | Path) -> int | None:
    """Return the number of pages; ``None`` where the file does not tell: it is damaged or locked."""
    source = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    try:
        return len(PdfReader(source).pages) or None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
        return None

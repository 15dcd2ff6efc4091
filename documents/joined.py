"""Several papers as one PDF, each page as it was printed, with a bookmark where each paper begins."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError


class Part(Struct, frozen=True):
    """A printed paper, and what its bookmark says."""

    title: str
    path: Path


class UnreadablePaperError(Exception):
    """Raised for a file that is no PDF any more."""

    def __init__(self, title: str) -> None:
        """Remember which one it is."""
        super().__init__(title)
        self.title = title


def joined(parts: Iterable[Part]) -> bytes:
    """Return all pages of all parts in their order. Raises: UnreadablePaperError."""
    writer, target = PdfWriter(), io.BytesIO()
    for part in parts:
        try:
            writer.append(PdfReader(part.path), outline_item=part.title, import_outline=False)
        except (PyPdfError, ValueError, KeyError, OSError) as error:
            raise UnreadablePaperError(part.title) from error
    writer.write(target)
    return target.getvalue()

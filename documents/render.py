"""Print a paper: typed content in, PDF/A-2b out, with the fonts given and nothing else."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import segno
from msgspec import Struct

from documents.filling import BEIJING, Filling, code_point, note_mark
from documents.fonts.coverage import FontSet
from documents.papers import PAPERS, Paper, content_of
from documents.press import Broken, Order, Output, PressError, typeset
from documents.sources import FRAME, MAIN, Source, shipped_source


class TemplateError(Exception):
    """Raised when a template gives no paper; the content is never at fault."""

    def __init__(self, template: str, broken: Broken) -> None:
        """Remember the template and what the typesetter said."""
        super().__init__(f"{template}: {broken.kind} {broken.file}:{broken.line} {broken.message}")
        self.template = template
        self.broken = broken


class Rendered(Struct, frozen=True):
    """A printed paper. ``missing`` are characters that no face has; each is printed as 〓 with a note."""

    pdf: bytes
    missing: tuple[str, ...]


def render_pdf(
    template: str, content: Mapping[str, object] | Paper, fonts: FontSet, source: Source | None = None
) -> bytes:
    """Return the PDF alone; see ``render``."""
    return render(template, content, fonts, source).pdf


def render(
    template: str, content: Mapping[str, object] | Paper, fonts: FontSet, source: Source | None = None
) -> Rendered:
    """Print ``content`` with a template of the catalogue, or with ``source`` in its place.

    The same content, fonts and template give the same bytes. What people typed reaches the template
    as data and is printed as it stands. A template reads no file but ``_paper.typ`` and the
    pictures of the content, and no package; it is compiled apart (``documents.press``).

    Raises:
        UnknownTemplateError: no such template.
        ContentError: the content does not fit the template's type.
        TemplateError: the template is broken, goes beyond its bounds, or asks for a file or a package.
    """
    (pdf,), missing = _typeset(template, content, fonts, source, "pdf")
    return Rendered(pdf, missing)


def render_pages(
    template: str, content: Mapping[str, object] | Paper, fonts: FontSet, source: Source | None = None
) -> list[bytes]:
    """Return the pages as PNG pictures, for a preview; otherwise as ``render``."""
    return _typeset(template, content, fonts, source, "png")[0]


def _typeset(
    template: str,
    content: Mapping[str, object] | Paper,
    fonts: FontSet,
    source: Source | None,
    output: Output,
) -> tuple[list[bytes], tuple[str, ...]]:
    paper = content_of(template, content)
    used = source or shipped_source(template)
    filling = Filling(fonts)
    filled = filling.json(paper)
    notes = [f"{note_mark(i)}{code_point(c)}" for i, c in enumerate(filling.missing)]
    setting = {"title": PAPERS[template].title, "families": fonts.families, "notes": notes}
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        _lay_out(Path(folder), filling.files)
        order = Order(
            sources={MAIN: used.text, FRAME: used.frame, "code.svg": _qr_code(paper.head.check_url)},
            root=folder,
            fonts=fonts.folders,
            inputs={"content": filled, "paper": json.dumps(setting)},
            moment=paper.head.generated_at.astimezone(BEIJING),
            output=output,
        )
        try:
            return typeset(order), tuple(filling.missing)
        except PressError as error:
            raise TemplateError(template, error.broken) from error


def _lay_out(root: Path, pictures: Mapping[str, bytes]) -> None:
    """Write the pictures where the template finds them; sources are handed over in memory."""
    (root / "pictures").mkdir()
    for name, content in pictures.items():
        (root / name).write_bytes(content)


def _qr_code(url: str) -> str:
    target = io.BytesIO()
    segno.make(url, error="m", micro=False).save(target, kind="svg", border=0, xmldecl=False, dark="#111")
    return target.getvalue().decode()

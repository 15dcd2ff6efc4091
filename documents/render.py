"""Print a paper: typed content in, PDF/A-2b out, with the fonts given and nothing else."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from msgspec import Struct

from documents.filling import BEIJING, Filling, code_point, note_mark
from documents.fonts.coverage import FontSet
from documents.papers import PAPERS, Paper, content_of

TEMPLATES = Path(__file__).parent / "templates"

_SHARED = "_paper.typ"
_PACKAGE_IMPORT = re.compile(r"""["']@[\w-]+/""")


class TemplateError(Exception):
    """Raised when a template does not compile; the content is never at fault."""

    def __init__(self, template: str, reason: str) -> None:
        """Remember the template and what the typesetter said."""
        super().__init__(f"{template}: {reason}")
        self.template = template
        self.reason = reason


class Rendered(Struct, frozen=True):
    """A printed paper. ``missing`` are characters that no face has; each is printed as 〓 with a note."""

    pdf: bytes
    missing: tuple[str, ...]


def render_pdf(template: str, content: Mapping[str, object] | Paper, fonts: FontSet) -> bytes:
    """Return the PDF alone; see ``render``."""
    return render(template, content, fonts).pdf


def render(
    template: str, content: Mapping[str, object] | Paper, fonts: FontSet, source: str | None = None
) -> Rendered:
    """Print ``content`` with a template of the catalogue, or with ``source`` in its place.

    The same content, fonts and template give the same bytes. What people typed reaches the template
    as data and is printed as it stands. A template reads no file but ``_paper.typ`` and the
    pictures of the content, and no package.

    Raises:
        UnknownTemplateError: no such template.
        ContentError: the content does not fit the template's type.
        TemplateError: the template is broken, or asks for a file or a package.
    """
    paper = content_of(template, content)
    filling = Filling(fonts)
    filled = filling.json(paper)
    notes = [f"{note_mark(i)}{code_point(c)}" for i, c in enumerate(filling.missing)]
    sources: Any = {  # a dictionary, as typst documents for several files and its stub omits
        "main.typ": _checked(template, source if source is not None else _source(f"{template}.typ")),
        _SHARED: _source(_SHARED).encode(),
        "code.svg": _qr_code(paper.head.check_url),
    }
    inputs = {
        "content": filled,
        "paper": json.dumps({"title": PAPERS[template].title, "families": fonts.families, "notes": notes}),
    }
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        _lay_out(Path(folder), filling.files)
        try:
            pdf = typst.compile(
                sources,
                root=folder,
                font_paths=fonts.fonts,
                ignore_system_fonts=True,
                package_path=folder,
                package_cache_path=folder,
                sys_inputs=inputs,
                pdf_standards="a-2b",
                timestamp=paper.head.generated_at.astimezone(BEIJING).replace(
                    microsecond=0
                ),  # typst knows none
            )
        except typst.TypstError as error:
            raise TemplateError(template, error.message) from error
    return Rendered(bytes(pdf), tuple(filling.missing))


def _lay_out(root: Path, pictures: Mapping[str, bytes]) -> None:
    """Write the pictures where the template finds them; sources are handed over in memory."""
    (root / "pictures").mkdir()
    for name, content in pictures.items():
        (root / name).write_bytes(content)


def _checked(template: str, source: str) -> bytes:
    """Return the source as bytes; packages would be fetched from the network, so they are refused."""
    if _PACKAGE_IMPORT.search(source):
        raise TemplateError(template, "packages are not available to templates")
    return source.encode()


@cache
def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _qr_code(url: str) -> bytes:
    target = io.BytesIO()
    segno.make(url, error="m", micro=False).save(target, kind="svg", border=0, xmldecl=False, dark="#111")
    return target.getvalue()

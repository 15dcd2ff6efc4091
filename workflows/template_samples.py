"""How a template looks with the sample content of its paper; imported where it is used: it draws and typesets."""

from documents.fonts.coverage import FontSet, NoFontError
from documents.render import TemplateError, render_pages, render_pdf
from documents.samples import SAMPLES
from documents.sources import Source
from workflows.errors import BrokenTemplateError, RuleRefusedError
from workflows.runtime import Runtime

_NO_FONT = "这台机器还没有中文字体，文书印不出来；装好字体后再试"


def sample_pages(runtime: Runtime, template: str, source: Source) -> list[bytes]:
    """Return the pages as PNG pictures. Raises: BrokenTemplateError, RuleRefusedError (no face)."""
    try:
        return render_pages(template, SAMPLES[template], _fonts(runtime), source)
    except TemplateError as error:
        raise BrokenTemplateError(error.broken) from error


def sample_pdf(runtime: Runtime, template: str, source: Source) -> bytes:
    """Return the PDF. Raises: BrokenTemplateError, RuleRefusedError (no face)."""
    try:
        return render_pdf(template, SAMPLES[template], _fonts(runtime), source)
    except TemplateError as error:
        raise BrokenTemplateError(error.broken) from error


def _fonts(runtime: Runtime) -> FontSet:
    try:
        return FontSet.find(runtime.font_dir)
    except NoFontError as error:
        raise RuleRefusedError(_NO_FONT) from error

"""What the pages of 文书模板 show."""

import re
from base64 import b64encode
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice

from msgspec import Struct

from documents.papers import PAPERS, PaperKind
from documents.press import Broken
from documents.sources import Source, shipped_source
from store.pages.template_releases import (
    TemplateRow,
    TemplateText,
    open_text,
    release_text,
    releases_of_template,
    templates_in_work,
)
from webapp import addresses
from webapp.studio.paper_words import place_of, reason_of, sentence_of
from webapp.texts import _
from workflows.bundles import digest_of
from workflows.errors import BrokenTemplateError, NotFoundError
from workflows.people import Actor
from workflows.runtime import Runtime

DRAFT = "draft"
LONGEST_DIFF = 400
MOST_PAGES = 6
_HUNK = re.compile(r"@@ .*\+(\d+)")


class PaperRow(Struct, frozen=True):
    """A template on the list."""

    kind: PaperKind
    newest: TemplateRow | None
    drafted: TemplateRow | None
    outdated: bool


class DiffLine(Struct, frozen=True):
    """A line of a comparison: `+`, `-`, blank, or `@` for where it goes on."""

    sign: str
    text: str


class PaperPage(Struct, frozen=True):
    """A template with its releases; of a proposal what it changes, and how it looks."""

    kind: PaperKind
    releases: tuple[TemplateRow, ...]
    drafted: TemplateRow | None
    changes: tuple[DiffLine, ...]
    pictures: tuple[str, ...]
    trouble: str
    outdated: bool
    is_own: bool
    needs_second: bool


class Typed(Struct, frozen=True):
    """What was sent, and what came of it."""

    source: str
    note: str = ""
    broken: Broken | None = None
    notice: str = ""
    pictures: tuple[str, ...] = ()
    pages: int = 0


class DraftPage(Struct, frozen=True):
    """The editor: the draft as it was typed or saved, what is wrong in which line, how it looks."""

    kind: PaperKind
    row: TemplateRow | None
    """None where the draft is there no more: what was typed can be copied, and no more than that."""
    typed: Typed
    place: str = ""
    reason: str = ""
    excerpt: str = ""


def list_papers(runtime: Runtime, actor: Actor) -> tuple[PaperRow, ...]:
    """Return every template with what is in use of it."""
    with runtime.database.read(actor.scope) as session:
        newest, drafted = templates_in_work(session)
    return tuple(
        PaperRow(kind, newest.get(name), drafted.get(name), _is_outdated(newest.get(name)))
        for name, kind in PAPERS.items()
    )


def load_paper(runtime: Runtime, template: str, actor: Actor) -> PaperPage:
    """Return the page of a template. Raises: NotFoundError."""
    kind = _kind(template)
    with runtime.database.read(actor.scope) as session:
        releases = releases_of_template(session, template)
        drafted = open_text(session, template)
        before = release_text(session, template, releases[0].id) if releases else None
    proposed = drafted if drafted is not None and drafted.row.state != DRAFT else None
    used = before.source if before is not None else shipped_source(template).text
    pictures, trouble = _looks(runtime, template, proposed)
    return PaperPage(
        kind=kind,
        releases=releases,
        drafted=drafted.row if drafted is not None else None,
        changes=tuple(_changes(used, proposed.source)) if proposed is not None else (),
        pictures=pictures,
        trouble=trouble,
        outdated=_is_outdated(releases[0] if releases else None),
        is_own=proposed is not None and proposed.row.proposed_by == actor.person_id,
        needs_second=runtime.four_eyes,
    )


def load_draft(runtime: Runtime, template: str, actor: Actor, typed: Typed | None = None) -> DraftPage:
    """Return the editor of a draft. Raises: NotFoundError, also where nothing is drafted and nothing was typed."""
    kind = _kind(template)
    with runtime.database.read(actor.scope) as session:
        drafted = open_text(session, template)
    row = drafted.row if drafted is not None and drafted.row.state == DRAFT else None
    if typed is None:
        if drafted is None or row is None:
            raise NotFoundError(kind="template_release", id=template)
        typed = Typed(drafted.source, row.note)
    if typed.broken is None:
        return DraftPage(kind, row, typed)
    broken = typed.broken
    return DraftPage(kind, row, typed, place_of(broken), reason_of(broken), _line_of(typed.source, broken))


def load_source(runtime: Runtime, template: str, of: str, actor: Actor) -> Source:
    """Return what prints a sample: the draft, a release by its id, or what is in use. Raises: NotFoundError."""
    _kind(template)
    with runtime.database.read(actor.scope) as session:
        if of == DRAFT:
            found = open_text(session, template)
        elif (release_id := addresses.identity(of)) is not None:
            found = release_text(session, template, release_id)
        else:
            newest = releases_of_template(session, template)
            found = release_text(session, template, newest[0].id) if newest else None
            if found is None:
                return shipped_source(template)
    if found is None:
        raise NotFoundError(kind="template_release", id=of)
    return Source(found.source, found.frame)


def try_source(runtime: Runtime, template: str, typed: Typed, actor: Actor) -> Typed:
    """Return what was typed and saved with the pages that it gives. Raises: BrokenTemplateError."""
    from workflows.template_samples import sample_pages  # noqa: PLC0415  # heavy, seldom needed

    pages = sample_pages(runtime, template, load_source(runtime, template, DRAFT, actor))
    return Typed(typed.source, typed.note, pictures=_pictures(pages), pages=len(pages))


def _looks(runtime: Runtime, template: str, text: TemplateText | None) -> tuple[tuple[str, ...], str]:
    """Return the pages of a proposal, or why it gives none any more."""
    if text is None:
        return (), ""
    from workflows.template_samples import sample_pages  # noqa: PLC0415  # the same

    try:
        return _pictures(sample_pages(runtime, template, Source(text.source, text.frame))), ""
    except BrokenTemplateError as error:
        return (), sentence_of(error.broken)


def _pictures(pages: list[bytes]) -> tuple[str, ...]:
    """Return the first pages as addresses that hold the picture itself."""
    return tuple(f"data:image/png;base64,{b64encode(page).decode()}" for page in pages[:MOST_PAGES])


def _changes(before: str, after: str) -> Iterator[DiffLine]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    for line in islice(lines, 2, 2 + LONGEST_DIFF):
        place = _HUNK.match(line)
        yield DiffLine(line[:1], _("第 %(n)s 行起", n=place[1]) if place else line[1:])


def _line_of(source: str, broken: Broken) -> str:
    lines = source.splitlines()
    return (
        lines[broken.line - 1].strip() if 0 < broken.line <= len(lines) and broken.file == "main.typ" else ""
    )


def _is_outdated(row: TemplateRow | None) -> bool:
    """Tell whether the product has brought another template since this one was begun."""
    return row is not None and row.base_sha256 != digest_of(shipped_source(row.template).text.encode())


def _kind(template: str) -> PaperKind:
    if template not in PAPERS:
        raise NotFoundError(kind="template", id=template)
    return PAPERS[template]

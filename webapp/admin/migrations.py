"""迁移办件: which releases hold running cases, what would become of each on another one, and the order to move."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any  # Any: see _asked
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from store.pages.migrations import PAGE, RunLine, running_on, runs_of
from store.pages.processes import ReleaseRow, all_releases, releases_of
from webapp import addresses
from webapp.admin.frame import Answer, blueprint, show
from webapp.identity import actor, the_runtime
from webapp.interventions import LOOKS
from webapp.texts import _, lazy
from workflows.commands import MigrateCases
from workflows.errors import NotFoundError, RepeatedCommandError, RuleRefusedError
from workflows.handlers.interventions import open_work
from workflows.handlers.migrations import Fate, migrate_cases, prospect_of

FATES = {
    Fate.MOVES: (lazy("可以迁"), "green", "circle-check"),
    Fate.STAYS: (lazy("不用迁"), "", ""),
    Fate.CANNOT: (lazy("不能迁"), "red", "alert-circle"),
}
PARTED = ":"


class Line(Struct, frozen=True):
    """A case with its fate; `value` is what the box of a case that may go over sends."""

    case_id: UUID
    number: str
    at: str
    fate: Fate
    reasons: tuple[str, ...]
    value: str


class PreviewPage(Struct, frozen=True):
    """The cases of one release, looked at from another one."""

    process: str
    title: str
    releases: tuple[ReleaseRow, ...]
    old: ReleaseRow | None
    new: ReleaseRow | None
    lines: tuple[Line, ...]
    moving: int
    first_href: str | None
    next_href: str | None
    runs: tuple[RunLine, ...]
    key: str
    refusal: str = ""
    reason: str = ""


@blueprint.get("/migrations", endpoint="migrations")
def index() -> str:
    """List the releases of all processes with their running cases."""
    with the_runtime().database.read(actor().scope) as session:
        found = all_releases(session)
    return show("migrations", "admin.migrations", rows=found)


@blueprint.get("/migrations/<process>")
def migration(process: str) -> str:
    """Tell what would become of each running case of a release on another one."""
    return show("migration", "admin.migrations", page=_page(process), fates=FATES, most=PAGE)


@blueprint.post("/migrations/<process>")
def order_migration(process: str) -> Answer:
    """Let jobs move the chosen cases."""
    to = addresses.identity(request.form.get("to", ""))
    reason, key = request.form.get("reason", ""), request.form.get("key", "")
    try:
        if to is None:
            raise NotFoundError(kind="release", id=request.form.get("to", ""))
        with suppress(RepeatedCommandError):  # clicked twice: the run that it began goes on
            migrate_cases(the_runtime(), MigrateCases(to, dict(_chosen()), reason, key), actor())
    except RuleRefusedError as error:
        page = _page(process, error.reason, reason)
        return show("migration", "admin.migrations", page=page, fates=FATES, most=PAGE), 409
    flash(_("正在迁，结果写在下面的“迁移记录”里"))
    return redirect(url_for("admin.migration", process=process, **_asked()), 303)


def _chosen() -> Iterator[tuple[UUID, int]]:
    for value in request.form.getlist("case"):
        case_id, _sign, version = value.partition(PARTED)
        found = addresses.identity(case_id)
        if found is not None:
            yield found, addresses.row_version(version)


def _asked() -> dict[str, Any]:  # Any: url_for takes what the converters of a route take
    """Return the two releases of the address."""
    given = request.values
    return {"old": given.get("old", ""), "to": given.get("to", "")}


def _page(process: str, refusal: str = "", reason: str = "") -> PreviewPage:
    asked = {name: addresses.identity(value) for name, value in _asked().items()}
    after = addresses.identity(request.values.get("after", ""))
    only = addresses.identity(request.values.get("only", ""))
    with the_runtime().database.read(LOOKS) as session:
        found = releases_of(session, process)
        releases = tuple(row for row in found if row.status == "published" or row.open_cases)
        if not releases:
            raise NotFoundError(kind="process", id=process)
        known = {row.id: row for row in releases}
        old = known.get(asked["old"]) if asked["old"] else _fullest_old(releases)
        new = known.get(asked["to"]) if asked["to"] else releases[0]
        lines: list[Line] = []
        later = None
        if old is not None and new is not None and old is not new:
            lines, later = _lines(session, old.id, new.id, after, only)
        runs = runs_of(session, process)
    return PreviewPage(
        process=process,
        title=releases[0].title,
        releases=releases,
        old=old,
        new=new,
        lines=tuple(lines),
        moving=sum(line.fate is Fate.MOVES for line in lines),
        first_href=url_for("admin.migration", process=process, **_asked()) if after else None,
        next_href=url_for("admin.migration", process=process, after=later, **_asked()) if later else None,
        runs=runs,
        key=str(uuid4()),
        refusal=refusal,
        reason=reason,
    )


def _fullest_old(releases: tuple[ReleaseRow, ...]) -> ReleaseRow | None:
    """Return the older release that most running cases are on."""
    return max(releases[1:], key=lambda row: row.open_cases, default=None)


def _lines(
    session: Session, old: UUID, new: UUID, after: UUID | None, only: UUID | None
) -> tuple[list[Line], UUID | None]:
    cases, later = running_on(session, old, after=after, only=only)
    lines = []
    for case in cases:
        prospect = prospect_of(session, case, new)
        at = _("、").join(dict.fromkeys(work.title or work.element for work in open_work(session, case)))
        value = f"{case.id}{PARTED}{case.version}"
        lines.append(Line(case.id, case.number, at, prospect.fate, prospect.reasons, value))
    return lines, later

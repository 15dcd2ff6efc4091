"""History replayed through a release or draft (回放): asked for here, done by a job, shown as counts by verdict."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import redirect, render_template, url_for
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from store.pages.drafts import drafts_of
from store.pages.processes import releases_of
from store.pages.replays import ReplayRow, last_replay, visible_cases
from webapp.identity import actor, the_runtime
from webapp.studio.compare import DRAFT
from webapp.studio.frame import blueprint
from workflows.errors import NotFoundError
from workflows.handlers.replays import ask_replay
from workflows.replay import WORDS, Verdict

TONES = {
    Verdict.SAME: "green",
    Verdict.OTHER: "blue",
    Verdict.MISSING: "amber",
    Verdict.STUCK: "red",
    Verdict.BROKEN: "red",
}


class GroupLine(Struct, frozen=True):
    """Cases that part in one way at one element; `examples` are those that the reader may open."""

    word: str
    tone: str
    name: str
    text: str
    count: int
    examples: tuple[tuple[UUID, str], ...]


class ReplayPage(Struct, frozen=True):
    """The subject, and what its last replay found; `counts` are by word and tone, in the order of badness."""

    process: str
    title: str
    side: str
    last: ReplayRow | None
    counts: tuple[tuple[str, str, int], ...]
    groups: tuple[GroupLine, ...]


@blueprint.get("/<process>/releases/<side>/replay")
def show_replay(process: str, side: str) -> str:
    """Show what the last replay found."""
    with the_runtime().database.read(actor().scope) as session:
        subject = _subject(session, process, side)
        last = last_replay(session, subject)
        page = ReplayPage(
            process,
            releases_of(session, process)[0].title,
            side,
            last,
            tuple(_counts(last)),
            tuple(_groups(session, last)),
        )
    return render_template("studio/replay.html", page=page)


@blueprint.post("/<process>/releases/<side>/replay")
def begin_replay(process: str, side: str) -> Response:
    """Ask for a replay."""
    with the_runtime().database.read(actor().scope) as session:
        subject = _subject(session, process, side)
    ask_replay(the_runtime(), subject, actor())
    return redirect(url_for("studio.show_replay", process=process, side=side), 303)


def _subject(session: Session, process: str, side: str) -> UUID:
    sides = {str(row.number): row.id for row in releases_of(session, process)}
    sides |= {f"{DRAFT}{row.id}": row.id for row in drafts_of(session, process)}
    if side in sides:
        return sides[side]
    raise NotFoundError(kind="release", id=f"{process}@{side}")


def _counts(last: ReplayRow | None) -> Iterator[tuple[str, str, int]]:
    counts = last.found.get("counts") if last is not None else None
    if isinstance(counts, Mapping):
        yield from ((WORDS[one], TONES[one], int(str(counts.get(one.value, 0)))) for one in Verdict)


def _groups(session: Session, last: ReplayRow | None) -> Iterator[GroupLine]:
    found = last.found.get("groups") if last is not None else None
    groups = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    named = {UUID(str(one["id"])) for group in groups for one in group["examples"]}
    visible = visible_cases(session, named)
    for group in groups:
        verdict = Verdict(str(group["verdict"]))
        ids = (UUID(str(one["id"])) for one in group["examples"])
        examples = tuple((one, visible[one]) for one in ids if one in visible)
        told = str(group["name"]), str(group["text"]), int(group["count"])
        yield GroupLine(WORDS[verdict], TONES[verdict], *told, examples)

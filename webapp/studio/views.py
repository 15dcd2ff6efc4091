"""The list of processes, one process with its drawing and steps, the drawing as a file."""

from collections.abc import Sequence

from flask import render_template
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from rules.roles import ROLES
from store.pages.drafts import drafts_of
from store.pages.processes import ReleaseRow, newest_releases, releases_of
from webapp.drawings import drawing_of
from webapp.identity import actor, the_runtime
from webapp.studio.frame import BPMN, blueprint
from workflows.errors import NotFoundError
from workflows.journey import journey_of
from workflows.pinned import form_digest, form_of, spec_of


class StepLine(Struct, frozen=True):
    """A step of the process: who does it, what its form is called, what it is for, on which article it rests."""

    element: str
    title: str
    role: str
    form: str
    doc: str
    article: str


class ProcessPage(Struct, frozen=True):
    """A process as its newest release has it, and the releases before."""

    newest: ReleaseRow
    releases: tuple[ReleaseRow, ...]
    steps: tuple[StepLine, ...]

    @property
    def can_go_back(self) -> bool:
        """Tell whether there is a release to go back to."""
        return sum(row.status == "published" for row in self.releases) > 1


@blueprint.get("/")
def index() -> str:
    """List the processes."""
    with the_runtime().database.read(actor().scope) as session:
        return render_template(
            "studio/index.html", rows=newest_releases(session), drafts=drafts_of(session), problem=""
        )


@blueprint.get("/<process>")
def show(process: str) -> str:
    """Show a process: its drawing, its steps, its releases."""
    with the_runtime().database.read(actor().scope) as session:
        releases = _releases(session, process)
        page = ProcessPage(releases[0], tuple(releases), _steps(session, releases[0]))
        drafts = drafts_of(session, process)
    return render_template("studio/show.html", page=page, drafts=drafts)


@blueprint.get("/<process>/diagram.bpmn")
def diagram(process: str) -> Response:
    """Hand out the diagram of the newest release."""
    with the_runtime().database.read(actor().scope) as session:
        return Response(drawing_of(session, _releases(session, process)[0].id), content_type=BPMN)


def _releases(session: Session, process: str) -> Sequence[ReleaseRow]:
    found = releases_of(session, process)
    if not found:
        raise NotFoundError(kind="process", id=process)
    return found


def _steps(session: Session, release: ReleaseRow) -> tuple[StepLine, ...]:
    """Return the steps in the order in which a case comes to them, those behind an interruption last."""
    spec = spec_of(session, release.id)
    way = {element: n for n, element in enumerate(journey_of(spec, (), spec.starts).ahead)}
    return tuple(
        StepLine(
            element=step.id,
            title=step.name,
            role=ROLES[step.role].title if step.role and step.role in ROLES else "",
            form=form_of(session, form_digest(session, release.id, step.form)).title,
            doc=step.doc,
            article=step.article or "",
        )
        for step in sorted(spec.steps.values(), key=lambda step: way.get(step.id, len(way)))
    )

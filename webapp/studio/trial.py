"""What the page 表达式试算 is asked, on which ground it is tried, and what comes of it."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from feel.limits import TEXT
from store.calendar import load_calendar
from store.pages.cases import Asked as AskedCases
from store.pages.cases import CaseRow, State, case_page, process_titles
from store.pages.processes import ReleaseRow, all_releases
from store.pages.trial import KeptCase, kept_case
from webapp import addresses
from webapp.access import DESIGNERS, OVERSEERS
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.host import feel_host
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.trial.attempts import Attempt, Remark, Surroundings, Tried, Unknown, tried
from workflows.trial.surroundings import Variable, listed, names_of_process, variables_of

CELL = "cell"
LONGEST_QUERY = 100
RECENT, FOUND = 5, 10


class Asked(Struct, frozen=True):
    """What the form or the address says."""

    expression: str = ""
    is_cell: bool = False
    tested: str = ""
    given: str = ""
    case_id: UUID | None = None
    release_id: UUID | None = None
    query: str = ""


class Ground(Struct, frozen=True):
    """What an expression is tried on: a case or a release, its names, and what of it may not be shown."""

    case: KeptCase | None
    release: ReleaseRow | None
    surroundings: Surroundings
    variables: tuple[Variable, ...]
    awaited: tuple[Variable, ...]
    masked: bool = False
    left_out: tuple[str, ...] = ()


class Excerpt(Struct, frozen=True):
    """A text in three parts, the middle of which is meant."""

    before: str
    meant: str
    after: str


class Line(Struct, frozen=True):
    """A sentence of the result, with the place that it speaks about."""

    text: str
    excerpt: Excerpt


class TrialPage(Struct, frozen=True):
    """The page: what was asked, the ground, the choices, the result; `lines` say what is wrong and why."""

    asked: Asked
    ground: Ground
    tried: Tried | None
    lines: tuple[Line, ...]
    process: str
    cases: tuple[CaseRow, ...]
    releases: tuple[ReleaseRow, ...]
    sees_cases: bool


def read_asked(values: Mapping[str, str]) -> Asked:
    """Return what a form or an address asks; what is longer than an expression may be is cut behind its bound."""

    def text(name: str) -> str:
        return values.get(name, "").replace("\r\n", "\n")[: TEXT + 1]

    return Asked(
        expression=text("expression"),
        is_cell=values.get("mode") == CELL,
        tested=text("tested"),
        given=text("given"),
        case_id=addresses.identity(values.get("choose") or values.get("case", "")),
        release_id=addresses.identity(values.get("release", "")),
        query=values.get("q", "").strip()[:LONGEST_QUERY],
    )


def load_trial(runtime: Runtime, asked: Asked, actor: Actor, org_id: UUID) -> TrialPage:
    """Return the page. Raises: NotFoundError for a case or a release that the person may not see."""
    sees_cases, sees_processes = bool(actor.roles & OVERSEERS), bool(actor.roles & DESIGNERS)
    with runtime.database.read(actor.scope) as session:
        ground = _ground(session, asked, actor)
        came = _tried(session, runtime, asked, ground)
        return TrialPage(
            asked=replace(asked, case_id=ground.case.id if ground.case else None),
            ground=ground,
            tried=came,
            lines=_lines(asked, came) if came is not None else (),
            process=process_titles(session).get(ground.case.process, "") if ground.case else "",
            cases=_cases(session, asked, org_id) if sees_cases else (),
            releases=all_releases(session) if sees_processes else (),
            sees_cases=sees_cases,
        )


def load_answer(runtime: Runtime, asked: Asked, actor: Actor) -> Tried | None:
    """Return what comes of it, None if nothing is asked yet. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        return _tried(session, runtime, asked, _ground(session, asked, actor))


def _tried(session: Session, runtime: Runtime, asked: Asked, ground: Ground) -> Tried | None:
    if not asked.expression.strip():
        return None
    host = feel_host(load_calendar(session), runtime.now())
    attempt = Attempt(asked.expression, asked.given, asked.tested if asked.is_cell else None)
    return tried(attempt, ground.surroundings, host)


def _ground(session: Session, asked: Asked, actor: Actor) -> Ground:
    if asked.case_id is not None:
        return _ground_of_case(session, asked.case_id)
    if asked.release_id is not None:
        return _ground_of_release(session, asked.release_id, actor)
    return Ground(None, None, Surroundings({}), (), ())


def _ground_of_case(session: Session, case_id: UUID) -> Ground:
    case = kept_case(session, case_id)
    if case is None:
        raise NotFoundError(kind="case", id=str(case_id))
    shown = variables_of(session, case)
    names = names_of_process(session, case.release_id)
    awaited = tuple(one for one in names if one.name not in {*shown.variables, *shown.left_out})
    around = Surroundings(shown.variables, frozenset(one.name for one in awaited))
    return Ground(case, None, around, listed(shown.variables), awaited, shown.masked, shown.left_out)


def _ground_of_release(session: Session, release_id: UUID, actor: Actor) -> Ground:
    releases = all_releases(session) if actor.roles & DESIGNERS else ()
    release = next((row for row in releases if row.id == release_id), None)
    if release is None:
        raise NotFoundError(kind="release", id=str(release_id))
    names = names_of_process(session, release.id)
    around = Surroundings({}, frozenset(one.name for one in names))
    return Ground(None, release, around, (), names)


def _cases(session: Session, asked: Asked, org_id: UUID) -> tuple[CaseRow, ...]:
    """Return the cases to choose from: those that are looked for, else the newest open ones."""
    if asked.query:
        return case_page(session, AskedCases(asked.query, state=State.ALL), org_id).rows[:FOUND]
    return case_page(session, AskedCases(), org_id).rows[:RECENT] if asked.case_id is None else ()


def _lines(asked: Asked, came: Tried) -> tuple[Line, ...]:
    if came.fault is not None:
        fault = came.fault
        text = {"expression": asked.expression, "given": asked.given, "tested": asked.tested}[fault.field]
        place = Excerpt("", "", "")
        if fault.line:
            place = _excerpt(text, fault.start, fault.start + fault.length)
        return (Line(field_words(fault.field) + fault.text, place),)
    remarks: tuple[Remark | Unknown, ...] = (*came.unknown, *came.warnings)
    return tuple(Line(one.text, _excerpt(asked.expression, one.start, one.end)) for one in remarks)


def field_words(field: str) -> str:
    """Return how a sentence begins that speaks of another field than the expression."""
    return {"given": _("给的值："), "tested": _("被检验的值：")}.get(field, "")


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    return Excerpt(text[:start], text[start:end], text[end:])

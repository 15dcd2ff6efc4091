"""Commands of the joint office: indicator sets, and the yearly assessments that they govern (第二十四条)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from rules.amounts import FEN
from rules.duty_calendar import Duty, Start, duties
from rules.errors import UnknownWordError
from rules.indicators import ASSESSED, IndicatorRow, default_indicators, publishing_problems
from rules.periods import period_of
from rules.vocabulary import choices, code_of, label
from store.measures.assessed import measure_named
from store.scope import Scope
from store.tables import Case, Indicator, IndicatorSet, Organization
from workflows.administration import one_line, require, tell
from workflows.advance import begin_case
from workflows.duties import business_key, opening_of
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError, StaleRecordError
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day

ROLE: Final = "joint_office"
PROCESS: Final = "assessment"
MOST_ROWS: Final = 60
LONGEST: Final = {"title": 100, "requirement": 300}
FIELDS: Final = ("aspect", "title", "requirement", "weight", "measure")
_REASON = "the joint office keeps indicators and begins assessments"


class DraftIndicators(Struct, frozen=True):
    """Begin a draft for a kind of organization and a year: from what was published for it, else as shipped."""

    year: int
    kind: str


class SaveIndicators(Struct, frozen=True):
    """Keep the rows of a draft, as they were typed or read from a sheet; `version` is what the person saw."""

    set_id: UUID
    version: int
    rows: Sequence[Mapping[str, str]]


class PublishIndicators(Struct, frozen=True):
    """Publish a draft as the person saw it; it is never edited afterwards."""

    set_id: UUID
    version: int


class BeginAssessments(Struct, frozen=True):
    """Begin the assessment of a year for every organization that has none."""

    year: int


def draft_indicators(runtime: Runtime, command: DraftIndicators, actor: Actor) -> UUID:
    """Return the draft of that year and kind, a new one if there is none. Raises: NotAllowedError, RuleRefusedError."""
    require(actor, ROLE, "indicators")
    now = runtime.now()
    if command.kind not in ASSESSED or command.year not in years_open(legal_day(now)):
        raise RuleRefusedError("只能为今年和前两年的保险机构、第三方服务机构建指标集")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        newest = newest_set(session, command.year, command.kind)
        if newest is not None and newest.state == "draft":
            return newest.id
        made = IndicatorSet(
            year=command.year, object_kind=command.kind, version=newest.version + 1 if newest else 1
        )
        session.add(made)
        session.flush()
        rows = _rows_of(session, newest.id) if newest else default_indicators(command.kind)
        _put(session, made, rows)
        _tell(session, made, "indicators_drafted", f"{actor.name}新建{name_of(made)}", actor, now)
        return made.id


def save_indicators(runtime: Runtime, command: SaveIndicators, actor: Actor) -> None:
    """Keep the rows of a draft.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError if it is published, InvalidAnswersError, StaleRecordError.
    """
    require(actor, ROLE, "indicators")
    rows, errors = _parsed(command.rows)
    if errors:
        raise InvalidAnswersError(errors)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        kept = _draft(session, command.set_id, command.version)
        _put(session, kept, rows)
        flag_modified(kept, "state")  # its version counts what becomes of its rows
        _tell(session, kept, "indicators_saved", f"{actor.name}改{name_of(kept)}，{len(rows)} 项", actor, now)


def publish_indicators(runtime: Runtime, command: PublishIndicators, actor: Actor) -> None:
    """Publish a draft whose weights are right (第二十五条).

    Raises: NotAllowedError, NotFoundError, RuleRefusedError, InvalidAnswersError, StaleRecordError.
    """
    require(actor, ROLE, "indicators")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        kept = _draft(session, command.set_id, command.version)
        if wrong := list(publishing_problems(_rows_of(session, kept.id), legal_day(now))):
            raise InvalidAnswersError({f"set.{number}": text for number, text in enumerate(wrong)})
        kept.state, kept.published_at, kept.published_by = "published", now, actor.person_id
        _tell(session, kept, "indicators_published", f"{actor.name}发布{name_of(kept)}", actor, now)


def begin_assessments(runtime: Runtime, command: BeginAssessments, actor: Actor) -> int:
    """Begin the year's assessments where a set is published and none was begun; return how many.

    Whoever has one already gets no second (第二十四条: once a year). Raises: NotAllowedError, RuleRefusedError.
    """
    require(actor, ROLE, "assessments")
    now, year = runtime.now(), command.year
    if year not in years_open(legal_day(now)):
        raise RuleRefusedError("只能开今年和前两年的考核")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        kinds = published_kinds(session, year)
        if not kinds:
            raise RuleRefusedError(f"{year} 年还没有发布指标集，先发布再开始考核")
        start = Start(_duty(), legal_day(now), period_of("year", date(year, 1, 1)))
        begun = [opening_of(session, start, each, now) for each in _waiting(session, start, kinds)]
        for opening in begun:
            begin_case(runtime, session, opening, actor, now)
        return len(begun)


def years_open(today: date) -> tuple[int, ...]:
    """Return the years that may be assessed: the one that runs, the one before it, and one that was missed."""
    return today.year, today.year - 1, today.year - 2


def newest_set(session: Session, year: int, kind: str) -> IndicatorSet | None:
    """Return the newest version of the set of a year and kind."""
    query = select(IndicatorSet).where(IndicatorSet.year == year, IndicatorSet.object_kind == kind)
    return session.scalar(query.order_by(IndicatorSet.version.desc()).limit(1))


def published_kinds(session: Session, year: int) -> list[str]:
    """Return the kinds of organization that have a published set for the year."""
    query = select(IndicatorSet.object_kind).where(
        IndicatorSet.year == year, IndicatorSet.state == "published"
    )
    return list(session.scalars(query.distinct().order_by(IndicatorSet.object_kind)))


def name_of(kept: IndicatorSet) -> str:
    """Return how people call a set."""
    kind = label("assessed_kind", kept.object_kind)
    return f"{kept.year} 年{kind}考核指标集第 {kept.version} 版"


def _duty() -> Duty:
    return next(duty for duty in duties() if duty.process == PROCESS)


def _waiting(session: Session, start: Start, kinds: Sequence[str]) -> list[Organization]:
    """Return the organizations of these kinds whose case of the year was not begun, by the calendar or by hand."""
    query = select(Organization).where(Organization.kind.in_(kinds), Organization.status == "active")
    known = set(session.scalars(select(Case.business_key).where(Case.process == PROCESS)))
    found = session.scalars(query.order_by(Organization.name, Organization.id))
    return [each for each in found if business_key(start, each.id) not in known]


def _draft(session: Session, set_id: UUID, version: int) -> IndicatorSet:
    kept = session.get(IndicatorSet, set_id)
    if kept is None:
        raise NotFoundError(kind="indicator_set", id=str(set_id))
    if kept.state != "draft":
        raise RuleRefusedError("已发布的指标集不能再改；要改就为这一年新建一版")
    if kept.row_version != version:
        raise StaleRecordError("indicator_set", set_id)
    return kept


def _rows_of(session: Session, set_id: UUID) -> list[IndicatorRow]:
    query = select(Indicator).where(Indicator.set_id == set_id).order_by(Indicator.position)
    return [
        IndicatorRow(row.aspect, row.title, row.requirement, row.weight, row.measure)
        for row in session.scalars(query)
    ]


def _put(session: Session, kept: IndicatorSet, rows: Sequence[IndicatorRow]) -> None:
    """Put the rows in the place of those that the draft had, aspect by aspect."""
    session.execute(delete(Indicator).where(Indicator.set_id == kept.id))
    order = [code for code, _ in choices("assessment_aspect")]
    for position, row in enumerate(sorted(rows, key=lambda row: order.index(row.aspect)), 1):
        session.add(
            Indicator(
                set_id=kept.id,
                position=position,
                aspect=row.aspect,
                title=row.title,
                requirement=row.requirement,
                weight=row.weight,
                is_bonus=row.is_bonus,
                measure=row.measure,
            )
        )
    session.flush()


def _parsed(rows: Sequence[Mapping[str, str]]) -> tuple[list[IndicatorRow], dict[str, str]]:
    """Return the rows that say something, and what is wrong with them by their place and field."""
    told = [{name: one_line(row.get(name, "")) for name in FIELDS} for row in rows]
    told = [row for row in told if any(row[name] for name in ("title", "requirement", "weight"))]
    errors = {
        f"rows.{number}.{field}": text for number, row in enumerate(told) for field, text in _problems(row)
    }
    if not told or len(told) > MOST_ROWS:
        errors["rows"] = f"指标要有 1 到 {MOST_ROWS} 项，现在是 {len(told)} 项"
    if errors:
        return [], errors
    return [_row(row) for row in told], {}


def _problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if _code("assessment_aspect", row["aspect"]) is None:
        yield "aspect", "选九个方面中的一个（第二十四条）"
    for name, most in LONGEST.items():
        if not 1 <= len(row[name]) <= most:
            yield name, f"写 1 到 {most} 个字，现在有 {len(row[name])} 个"
    if _weight(row["weight"]) is None:
        yield "weight", "分值写 0.01 到 100 的数，最多两位小数"
    if row["measure"] and measure_named(row["measure"]) is None:
        yield "measure", "系统没有这个数字，请从列出的里面选，或者留空"


def _row(row: Mapping[str, str]) -> IndicatorRow:
    aspect, measure = _code("assessment_aspect", row["aspect"]), measure_named(row["measure"])
    return IndicatorRow(
        aspect or "", row["title"], row["requirement"], _weight(row["weight"]) or Decimal(0), measure or ""
    )


def _code(enumeration: str, text: str) -> str | None:
    """Return the code that a form has sent or the word of a sheet means, None for neither."""
    if text in dict(choices(enumeration)):
        return text
    try:
        return code_of(enumeration, text)
    except UnknownWordError:
        return None


def _weight(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    is_known = found.is_finite() and 0 < found <= Decimal(100)
    return found if is_known and found == found.quantize(FEN) else None


def _tell(session: Session, kept: IndicatorSet, kind: str, text: str, actor: Actor, now: datetime) -> None:
    count = session.scalar(select(func.count()).where(Indicator.set_id == kept.id)) or 0
    tell(session, ("indicator_set", kept.id), kind, text, actor, now, indicators=count)

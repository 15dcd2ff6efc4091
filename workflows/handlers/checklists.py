"""Checklists of more industries: read from a sheet, looked at, published from a day on (第十四条, 附件2).

A version that is published never changes; the next one begins on a later day. Visits keep the versions that they were
dispatched with.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow, read
from documents.sheets.checklists import CHECKLIST
from rules.vocabulary import choices, label
from store.checklists import PUBLISHED
from store.scope import Scope
from store.tables import IndustryChecklist
from store.types import JsonObject
from workflows.administration import one_line, tell
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day
from workflows.values import json_object

WRITER: Final = "joint_office"
NO_KIND: Final = "none"
MOST_ITEMS: Final = 200
MOST_PROBLEMS: Final = 50
LONGEST: Final = 100
DRAFT: Final = "draft"
_SCOPE: Final = Scope.everything("a checklist is read, published or given up")


class DraftChecklist(Struct, frozen=True):
    """What is typed beside the sheet: the industry, the title, the document, the first day in force (ISO)."""

    industry: str
    title: str
    source: str
    first_day: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "DraftChecklist":
        """Read the fields of a form."""
        texts = {name: one_line(given.get(name, ""))[:LONGEST] for name in cls.__struct_fields__}
        return cls(**texts)


def draft_checklist(runtime: Runtime, asked: DraftChecklist, stream: BinaryIO, actor: Actor) -> UUID:
    """Read a sheet as the next version of a checklist; nobody goes by it before it is published.

    Raises: NotAllowedError, SheetError if the file is refused, InvalidAnswersError: "file" names each bad cell.
    """
    _require(actor)
    now = runtime.now()
    day = _checked(asked, legal_day(now))
    items = _items(list(read(CHECKLIST.code, stream)))
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        drafts = select(IndustryChecklist).where(*_of(asked.industry, asked.title, DRAFT))
        for left in session.scalars(drafts):
            session.delete(left)
        row = IndustryChecklist(
            code=_next_code(session, asked.industry),
            industry=asked.industry,
            title=asked.title,
            source=asked.source,
            first_day=day,
            items=items,
        )
        session.add(row)
        session.flush()
        text = f"{actor.name}上传《{row.title}》{len(items)} 条，等发布"
        tell(session, ("industry_checklist", row.id), "drafted", text, actor, now)
        return row.id


def publish_checklist(runtime: Runtime, checklist_id: UUID, actor: Actor) -> None:
    """Publish a draft from its day on (附件2): one that is not over, and after that of the version before.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError if its day would change what visits already go by.
    """
    _require(actor)
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        row = _draft(session, checklist_id)
        before = select(func.max(IndustryChecklist.first_day))
        last = session.scalar(before.where(*_of(row.industry, row.title, PUBLISHED)))
        if row.first_day < legal_day(now):
            raise RuleRefusedError(f"施行日期 {row.first_day} 已经过了，重新上传并写今天或以后的日期")
        if last is not None and row.first_day <= last:
            raise RuleRefusedError(f"上一版 {last} 起施行，新的一版要从以后的日期起；重新上传并改日期")
        row.state, row.published_at, row.published_by = PUBLISHED, now, actor.person_id
        text = f"{actor.name}发布《{row.title}》（{label('high_risk_kind', row.industry)}），{row.first_day} 起施行"
        tell(session, ("industry_checklist", row.id), "published", text, actor, now)


def discard_checklist(runtime: Runtime, checklist_id: UUID, actor: Actor) -> None:
    """Give a draft up. Raises: NotAllowedError, NotFoundError, RuleRefusedError if it is published."""
    _require(actor)
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        row = _draft(session, checklist_id)
        text = f"{actor.name}放弃没有发布的《{row.title}》"
        tell(session, ("industry_checklist", row.id), "discarded", text, actor, now)
        session.delete(row)


def _require(actor: Actor) -> None:
    if not actor.has(WRITER):
        raise NotAllowedError("write", "checklist")


def _draft(session: Session, checklist_id: UUID) -> IndustryChecklist:
    row = session.get(IndustryChecklist, checklist_id, with_for_update=True)
    if row is None:
        raise NotFoundError(kind="industry_checklist", id=str(checklist_id))
    if row.state == PUBLISHED:
        raise RuleRefusedError("已经发布的清单不能改，要改就上传新的一版")
    return row


def _checked(asked: DraftChecklist, today: date) -> date:
    """Return the first day. Raises: InvalidAnswersError."""
    errors = {}
    if asked.industry not in dict(choices("high_risk_kind")) or asked.industry == NO_KIND:
        errors["industry"] = "选一个行业"
    if not asked.title:
        errors["title"] = "写清单的名称，例如《建筑施工企业安全生产基本规定》"
    if not asked.source:
        errors["source"] = "写印发的文件和文号"
    day = _day(asked.first_day)
    if day is None or day < today:
        errors["first_day"] = f"写 {today} 或以后的日期：以前派的服务照原来的清单"
    if errors or day is None:
        raise InvalidAnswersError(errors)
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _items(rows: Sequence[SheetRow]) -> list[JsonObject]:
    """Return the provisions in order. Raises: InvalidAnswersError, which says for each bad cell where it stands."""
    problems = [f"第 {row.number} 行，{problem}" for row in rows for problem in row.problems]
    if not rows:
        problems = ["文件里还没有规定：在模板里一条一行填好，再上传"]
    elif len(rows) > MOST_ITEMS:
        problems = [f"一份清单最多 {MOST_ITEMS} 条，这里有 {len(rows)} 条"]
    if problems:
        left = len(problems) - MOST_PROBLEMS
        more = [f"还有 {left} 处"] if left > 0 else []
        raise InvalidAnswersError({"file": "\n".join([*problems[:MOST_PROBLEMS], *more])})
    names = [column.key for column in CHECKLIST.columns]
    items = [json_object({name: row.values[name] for name in names}) for row in rows]
    return sorted(items, key=lambda item: int(str(item["number"])))


def _of(industry: str, title: str, state: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the versions of one checklist."""
    return (
        IndustryChecklist.industry == industry,
        IndustryChecklist.title == title,
        IndustryChecklist.state == state,
    )


def _next_code(session: Session, industry: str) -> str:
    """Return a code that no other version has; a draft that was given up was nobody's."""
    known = session.scalars(select(IndustryChecklist.code).where(IndustryChecklist.industry == industry))
    last = max((int(code.rpartition("_")[2]) for code in known), default=0)
    return f"{industry}_{last + 1}"

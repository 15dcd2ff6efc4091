"""An office full of work: items of 2,000 people and 50 pools, of which 30 % are open.

What 10,000 items look like is written row by row; the rest are copies that the database makes by itself, each with
its cases, so that everybody has a hundred times as much. The work of `reader` is the same in every office, however
many items the others have; `keen` has a pool of as many pages as are asked for.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any  # Any: columns of any type are copied
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, cast, func, insert, literal, select, text
from sqlalchemy.sql.schema import Table
from sqlalchemy.types import Text, Uuid

from bench.visits import SCOPE
from store.database import Database
from store.migrate import upgrade
from store.pages.inbox import Reader
from store.pages.keyset import PAGE
from store.scope import Scope
from store.search import bigrams
from store.tables import Case, Organization, Person, WorkItem
from store.types import new_id
from workflows.releases import newest_release, publish_shipped
from workflows.runtime import SHANGHAI, end_of_day, legal_day
from workflows.statuses import CLAIMED, DONE, POOL, VOID

BASE, PEOPLE, OFFICES, DAYS, PER_CASE = 10_000, 2_000, 25, 500, 4
ROLES = ("coordinator", "provider_manager")
OWN = {CLAIMED: 150, POOL: 600, DONE: 500}
"""How many items the reader has, by status."""
SHARES = {POOL: 10, CLAIMED: 20, DONE: 65, VOID: 5}
"""Of a hundred items of the others, how many have each status."""
_HUNDRED = [status for status, share in SHARES.items() for _ in range(share)]
_PLACES = ("鹿城", "龙湾", "瓯海", "洞头", "永嘉", "平阳", "苍南", "文成", "泰顺", "瑞安")
_TRADES = ("机械", "化工", "建材", "鞋业", "电气", "船舶", "矿业")
_STEPS = ("派单", "确认出行", "签到", "服务记录", "电话回访", "确认服务记录", "审核服务档案")
_UNCHECKED = text(
    "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles"
    " WHERE rolname = current_user AND rolsuper"
)
"""PostgreSQL would look up what each of the copies refers to, one by one: half an hour on a small machine."""

Row = Mapping[str, object]


class Seat(Struct, frozen=True):
    """Somebody who reads the list, and what the product shows that person."""

    reader: Reader
    scope: Scope


class Crowd(Struct, frozen=True):
    """A filled office: how many items it has, and the two who read there."""

    database: Database
    items: int
    reader: Seat
    keen: Seat


class _Ground(Struct, frozen=True):
    """What the rows refer to."""

    release_id: UUID
    offices: tuple[UUID, ...]
    people: tuple[UUID, ...]
    now: datetime

    def seat(self, number: int) -> Seat:
        """Return the seat of one of the two who read, each in an office where nobody else works."""
        person, office = self.people[PEOPLE + number], self.offices[OFFICES + number]
        midnight = datetime.combine(legal_day(self.now), time(), SHANGHAI)
        roles = frozenset(ROLES)
        scope = Scope(person_id=person, roles=roles, org_id=office, org_kind="provider", now=self.now)
        return Seat(Reader(person, roles, office, midnight), scope)


def fill(database: Database, copies: int, now: datetime, base: int = BASE, depth: int = 0) -> Crowd:
    """Fill an empty database with what `base` items look like and so many copies of those of the others.

    The pool of `keen` gets more pages than `depth`.
    """
    upgrade(database)
    ground = _found(database, now)
    others = base - sum(OWN.values())
    own: dict[int, Mapping[int, int]] = {0: OWN, 1: {POOL: depth * PAGE + 10}}
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(_UNCHECKED)
        _write(connection, _of_others(ground, others))
        for model in (Case, WorkItem):
            _copy(connection, model.__table__, copies)  # type: ignore[arg-type]  # the class's table
        for number, counts in own.items():
            _write(connection, _of_reader(ground, number, counts))
    database.note_sizes()
    count = others * (copies + 1) + sum(sum(counts.values()) for counts in own.values())
    return Crowd(database, count, ground.seat(0), ground.seat(1))


def _found(database: Database, now: datetime) -> _Ground:
    with database.write(SCOPE, now=now) as session:
        publish_shipped(session, now)
        release = newest_release(session, "service_visit")
        assert release is not None  # noqa: S101 - just published
        offices = [
            Organization(kind="provider", name=f"第 {n} 服务机构", code=f"B{n}") for n in range(OFFICES + 2)
        ]
        session.add_all(offices)
        session.flush()
        homes = [offices[n % OFFICES] for n in range(PEOPLE)] + offices[OFFICES:]
        people = [Person(name=f"人员 {n}", org_id=home.id) for n, home in enumerate(homes)]
        session.add_all(people)
        session.flush()
        return _Ground(release.id, tuple(one.id for one in offices), tuple(one.id for one in people), now)


def _of_others(ground: _Ground, count: int) -> Iterator[tuple[Row, Row]]:
    """Yield items with their cases; each person and each pool has its part of every status."""
    case: Row = {}
    for n in range(count):
        office = ground.offices[n // PER_CASE % OFFICES]
        if n % PER_CASE == 0:
            case = _case(ground, n // PER_CASE, office)
        status = _HUNDRED[n * 7 % 100]
        holder = ground.people[(n * 13 + n // 100) % PEOPLE]
        yield case, _item(ground, case, n, status, ROLES[n % len(ROLES)], holder)


def _of_reader(ground: _Ground, number: int, counts: Mapping[int, int]) -> Iterator[tuple[Row, Row]]:
    seat = ground.seat(number)
    for status, count in counts.items():
        for n in range(count):
            case = _case(ground, n, seat.reader.org_id)
            yield case, _item(ground, case, n, status, ROLES[0], seat.reader.person_id)


def _case(ground: _Ground, n: int, office: UUID) -> Row:
    case_id, number = new_id(), f"FW-{n:06d}"
    place, trade = _PLACES[n % len(_PLACES)], _TRADES[n % len(_TRADES)]
    title = f"{place}永兴{trade}第 {n % 97} 有限公司 第 {n % 4 + 1} 次服务"
    return {
        "id": case_id,
        "process": "service_visit",
        "number": number,
        "release_id": ground.release_id,
        "title": title,
        "bigrams": bigrams(f"{title} {number}"),
        "business_key": str(case_id),
        "variables": {},
        "opened_at": ground.now,
        "org_id": office,
    }


def _item(ground: _Ground, case: Row, n: int, status: int, role: str, person: UUID) -> Row:
    due_on = legal_day(ground.now) + timedelta(days=n * 11 % DAYS - DAYS // 5)
    done_at = ground.now - timedelta(minutes=n * 601 % (DAYS * 1440)) if status in {DONE, VOID} else None
    return {
        "id": new_id(),
        "case_id": case["id"],
        "task_id": str(n),
        "process": case["process"],
        "step": "dispatch",
        "form_sha256": "0" * 64,
        "title": _STEPS[n % len(_STEPS)],
        "subject": str(case["title"]).partition(" 第")[0],
        "status": status,
        "role": role,
        "holder_id": case["org_id"],
        "assignee_id": person if status in {CLAIMED, DONE} else None,
        "due_on": due_on,
        "due_at": end_of_day(due_on),
        "opened_at": ground.now,
        "done_at": done_at,
        "done_by": person if status == DONE else None,
        "org_id": case["org_id"],
    }


def _write(connection: Connection, rows: Iterator[tuple[Row, Row]]) -> None:
    """Write items and, each once, their cases."""
    cases, items = {}, []
    for case, item in rows:
        cases[case["id"]] = case
        items.append(item)
    if items:
        connection.execute(insert(Case.__table__), list(cases.values()))  # type: ignore[arg-type]  # the class's table
        connection.execute(insert(WorkItem.__table__), items)  # type: ignore[arg-type]  # the class's table


def _copy(connection: Connection, table: Table, copies: int) -> None:
    """Add every row so many times more; an id, and what refers to it, begins with the number of the copy."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < copies))

    def copied(column: ColumnElement[Any]) -> ColumnElement[Any]:
        if column.key in {"id", "case_id"}:
            return _numbered(connection, column, numbers.c.n)
        if column.key == "business_key":
            return cast(_numbered(connection, table.c.id, numbers.c.n), Text())
        return column

    columns = list(table.columns)
    rows = (
        select(*(copied(column) for column in columns)).select_from(numbers).join(table, literal(value=True))
    )
    if copies:
        connection.execute(insert(table).from_select([column.key for column in columns], rows))


def _numbered(
    connection: Connection, column: ColumnElement[Any], number: ColumnElement[int]
) -> ColumnElement[Any]:
    """Return an id whose first eight digits are the number: no id made in our time begins with so many zeros."""
    tail: ColumnElement[str] = func.substr(cast(column, Text()), 9)
    if connection.dialect.name == "sqlite":
        return func.printf("%08x", number).concat(tail)
    return cast(func.lpad(func.to_hex(number), 8, "0").concat(tail), Uuid())

"""A city in which a year was worked: as many units, visits and hazards as the sample of that size has in a year.

The rows are written past the commands, since thousands of people would have to give them; what the dashboards read of
them is spread as the sample draws it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from bench.crowd import UNCHECKED
from bench.visits import SCOPE
from demo.city import City
from rules.vocabulary import choices
from store import tables as t
from store.database import Database
from store.migrate import upgrade
from store.tables.base import Base
from store.types import new_id
from workflows.releases import newest_release, publish_shipped
from workflows.runtime import SHANGHAI

INSURERS, PROVIDERS, BATCH = 8, 5, 5_000
HAZARDS = (0, 2, 3, 4, 5, 5, 6, 7, 8, 10)
"""How many hazards the visits of ten units find: five in the mean (domain.md §10)."""
MAJOR, LATE, CLOSED, CLAIMED, COMPLAINED, ODD = 0.007, 0.05, 0.9, 0.04, 0.002, 0.03

Row = dict[str, object]


class Year(Struct, frozen=True):
    """A filled city: the year it was worked in, one of its insurers, how many rows of each table it has."""

    first_day: date
    last_day: date
    insurer_id: UUID
    rows: Mapping[str, int]


class _Writer:
    """Collects rows by table and writes them in batches."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[type[Base], list[Row]] = defaultdict(list)
        self.written: dict[str, int] = defaultdict(int)

    def add(self, model: type[Base], **columns: object) -> None:
        self._waiting[model].append(columns)

    def write(self) -> None:
        with self._database.writing() as connection:
            if self._database.dialect == "postgresql":
                connection.execute(UNCHECKED)
            for model, rows in self._waiting.items():
                table = model.__table__
                assert isinstance(table, Table)  # noqa: S101  # every class has a table of its own
                connection.execute(insert(table), rows)
                self.written[table.name] += len(rows)
        self._waiting.clear()


class _Ground(Struct, frozen=True):
    """What the rows refer to."""

    release_id: UUID
    insurers: tuple[UUID, ...]
    providers: tuple[UUID, ...]
    last_day: date
    classes: tuple[str, ...]
    dice: Random


def fill(database: Database, size: str, last_day: date) -> Year:
    """Fill an empty database with a city of this size and the year that ends on this day."""
    upgrade(database)
    with database.write(SCOPE, now=_at(last_day)) as session:
        ground = _found(session, last_day)
    writer = _Writer(database)
    for number, unit in enumerate(City(size, last_day).rows()):
        _live(writer, ground, number, unit.holder, unit.policy)
        if number % BATCH == BATCH - 1:
            writer.write()
    writer.write()
    database.note_sizes()
    first_day = last_day.replace(month=1, day=1)
    return Year(first_day, last_day, ground.insurers[0], dict(writer.written))


def _found(session: Session, last_day: date) -> _Ground:
    publish_shipped(session, _at(last_day))
    release = newest_release(session, "service_visit")
    assert release is not None  # noqa: S101 - just published
    offices = [
        t.Organization(kind=kind, name=f"{word}{n}", code=f"{kind[0].upper()}{n}")
        for kind, word, count in (("insurer", "保险", INSURERS), ("provider", "服务", PROVIDERS))
        for n in range(count)
    ]
    session.add_all(offices)
    session.flush()
    ids = tuple(one.id for one in offices)
    classes = tuple(code for code, _ in choices("hazard_class"))
    return _Ground(release.id, ids[:INSURERS], ids[INSURERS:], last_day, classes, Random(7))  # sample data


def _live(
    writer: _Writer, ground: _Ground, number: int, holder: Mapping[str, str], sold: Mapping[str, str]
) -> None:
    """Write a unit with its policy and the year of both."""
    dice, unit_id, policy_id = ground.dice, new_id(), new_id()
    kind = _KINDS[holder["high_risk_kind"]]
    owner: Row = {
        "org_id": ground.providers[number % PROVIDERS],
        "insurer_id": ground.insurers[number % INSURERS],
        "region_code": holder["region_code"],
        "industry": kind,
    }
    writer.add(t.Organization, id=unit_id, kind="policyholder", name=holder["name"])
    writer.add(t.Policyholder, organization_id=unit_id, high_risk_kind=kind, **owner)
    whole: Row = {**owner, "policyholder_id": unit_id}
    start = ground.last_day - timedelta(days=dice.randint(1, 360))
    premium = Decimal(sold["written_premium"])
    owed = 1 + (premium >= 30_000) + (premium >= 60_000) + (premium >= 100_000)
    owed = max(owed, 1 if kind == "none" else 2)
    _insure(writer, policy_id, sold["number"], premium, start, owed, whole)
    if dice.random() < CLAIMED:
        _claim(writer, ground, number, policy_id, start, whole)
    for sequence in range(owed):
        planned = start + timedelta(days=20 + sequence * 80 + dice.randint(0, 40))
        _visit(writer, ground, f"{number}-{sequence}", policy_id, planned, whole)


def _insure(  # one policy
    writer: _Writer, policy_id: UUID, number: str, premium: Decimal, start: date, owed: int, whole: Row
) -> None:
    """Write a policy, what it owes, what is set aside of it."""
    paid: Row = {"written_premium": premium, "collected_premium": premium, "signed_on": start}
    term: Row = {"term_start": start, "term_end": start + timedelta(days=364)}
    writer.add(t.Policy, id=policy_id, number=number, **paid, **term, **whole)
    tiers: Row = dict.fromkeys(("required", "by_premium", "by_industry", "by_history"), owed)
    rules: Row = {"facts": {}, "profile": "wenzhou-2020", "parameter_rows": [], "computed_at": _at(start)}
    writer.add(t.QuotaSnapshot, policy_id=policy_id, **tiers, **rules, **whole)
    share = (premium * Decimal("0.35")).quantize(Decimal("0.01"))
    _book(writer, f"T{number}", start, "accrual", share, "inspection", whole)


def _claim(writer: _Writer, ground: _Ground, number: int, policy_id: UUID, start: date, whole: Row) -> None:
    day = start + timedelta(days=ground.dice.randint(0, max(0, (ground.last_day - start).days)))
    paid = Decimal(round(ground.dice.lognormvariate(10.8, 1)))
    columns: Row = {"occurred": day, "reported": day, "paid": paid, "state": "settled"}
    writer.add(t.Claim, number=f"L{number}", policy_id=policy_id, **columns, **whole)


def _visit(  # one visit
    writer: _Writer, ground: _Ground, number: str, policy_id: UUID, planned: date, whole: Row
) -> None:
    """Write a visit, done if its day has come, with all that follows."""
    visit_id, case_id = new_id(), new_id()
    is_done = planned <= ground.last_day
    writer.add(
        t.Case,
        id=case_id,
        process="service_visit",
        number=f"FW-{number}",
        release_id=ground.release_id,
        business_key=str(case_id),
        visit_id=visit_id,
        policy_id=policy_id,
        opened_at=_at(planned),
        **whole,
    )
    writer.add(
        t.Visit,
        id=visit_id,
        number=f"FW-{number}",
        policy_id=policy_id,
        case_id=case_id,
        state="completed" if is_done else "planned",
        planned_on=planned,
        completed_on=planned if is_done else None,
        responsible_org_id=whole["org_id"],
        **whole,
    )
    if is_done:
        _follow(writer, ground, number, case_id, planned, {**whole, "visit_id": visit_id})


def _follow(  # one visit
    writer: _Writer, ground: _Ground, number: str, case_id: UUID, planned: date, owner: Row
) -> None:
    """Write what follows a visit: deadlines, the call back, its cost, its hazards."""
    dice = ground.dice
    for kind, days in (("return_visit", 14), ("archive", 28)):
        due = planned + timedelta(days=days)
        met = due + timedelta(days=3 if dice.random() < LATE else -2)
        columns: Row = {"kind": kind, "anchor": planned, "due": due, "set_at": _at(planned)}
        writer.add(
            t.Deadline, case_id=case_id, met_on=met if met <= ground.last_day else None, **columns, **owner
        )
    heard: Row = {"reached": True, "method": "phone", "contacted_at": _at(planned + timedelta(days=5))}
    writer.add(t.ReturnVisit, satisfaction=dice.choices((5, 4, 3, 2), (70, 24, 5, 1))[0], **heard, **owner)
    _book(writer, f"Z{number}", planned, "expense", Decimal(1200), "inspection", owner)
    if dice.random() < ODD:
        writer.add(t.Anomaly, code="short_stay", found_at=_at(planned), **owner)
    if dice.random() < COMPLAINED:
        told: Row = {"complainant": "投保单位", "target": "服务", "request": "补做", "due": planned}
        writer.add(t.Complaint, number=f"TS-{number}", received_at=_at(planned), **told, **owner)
    for position in range(dice.choice(HAZARDS)):
        _hazard(writer, ground, f"{number}-{position}", planned, owner)


def _hazard(writer: _Writer, ground: _Ground, number: str, day: date, owner: Row) -> None:
    dice, deadline = ground.dice, day + timedelta(days=15)
    closed = day + timedelta(days=dice.choice((0, 7, 12, 20)))
    is_closed = dice.random() < CLOSED and closed <= ground.last_day
    writer.add(
        t.Hazard,
        number=f"YH-{number}",
        place="二车间北侧配电间",
        description="配电箱门未关闭，箱内积尘，无漏电保护标识，附近堆放可燃包装材料",
        level="major" if dice.random() < MAJOR else "general",
        hazard_class=dice.choice(ground.classes),
        cause="unsafe_condition",
        suggestion="清理箱内积尘，关闭箱门，移走可燃物，补上标识，安排电工每周检查一次并记录",
        deadline=deadline,
        original_deadline=deadline,
        photos_before=[str(new_id())],
        photos_after=[str(new_id())] if is_closed else [],
        state="closed" if is_closed else "rectifying",
        found_on=day,
        notified_on=day,
        finished_on=closed if is_closed else None,
        closed_on=closed if is_closed else None,
        **owner,
    )


def _book(  # one line of the ledger
    writer: _Writer, number: str, day: date, kind: str, amount: Decimal, category: str, owner: Row
) -> None:
    line: Row = {"number": number, "entry_date": day, "kind": kind, "amount": amount, "category": category}
    writer.add(t.FundEntry, **{"visit_id": None, **line, **owner})


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)


_KINDS = {word: code for code, word in choices("high_risk_kind")}

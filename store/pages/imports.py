"""The pages of registers and their import."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import Claim, Expert, ImportRow, ImportRun, Person, Policy, Policyholder, YearFact
from store.tables.base import Base

BAD_ROWS_SHOWN = 20
RUNS_SHOWN = 10
_COUNTED: dict[str, type[Base]] = {
    "policyholders": Policyholder,
    "policies": Policy,
    "claims": Claim,
    "year_facts": YearFact,
    "people": Expert,
}


class RunLine(Struct, frozen=True):
    """One import: what was sent, by whom, what came of it."""

    id: UUID
    register: str
    file_name: str
    file_sha256: str
    dry_run: bool
    state: str
    total: int
    done: int
    new: int
    changed: int
    same: int
    bad: int
    rejects_sha256: str | None
    message: str
    started_at: datetime
    finished_at: datetime | None
    person: str


class BadRow(Struct, frozen=True):
    """A row that was not kept: its number in the sheet, how it begins, why."""

    number: int
    begins: str
    problems: tuple[str, ...]


def counts(session: Session) -> dict[str, int]:
    """Return how many records of each register the person sees; of people, the experts."""
    return {
        register: session.scalar(select(func.count()).select_from(table)) or 0
        for register, table in _COUNTED.items()
    }


def latest_runs(session: Session, registers: Collection[str]) -> list[RunLine]:
    """Return the newest imports of these registers."""
    query = (
        select(ImportRun)
        .where(ImportRun.register.in_(registers), ImportRun.dry_run.is_(False))
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return [_line(session, run) for run in session.scalars(query)]


def run_line(session: Session, run_id: UUID, registers: Collection[str]) -> RunLine | None:
    """Return one import of these registers; None if the person does not see it."""
    run = session.get(ImportRun, run_id)
    return _line(session, run) if run is not None and run.register in registers else None


def bad_rows(session: Session, run_id: UUID, columns: Sequence[str]) -> list[BadRow]:
    """Return the first rows that were not kept; `columns` are the keys in the order of the sheet."""
    query = (
        select(ImportRow)
        .where(ImportRow.run_id == run_id)
        .order_by(ImportRow.row_number)
        .limit(BAD_ROWS_SHOWN)
    )
    return [
        BadRow(
            row.row_number,
            next((str(row.values[key]) for key in columns if row.values.get(key)), ""),
            tuple(f"{p['column']}：{p['message']}" if p["column"] else p["message"] for p in row.problems),
        )
        for row in session.scalars(query)
    ]


def _line(session: Session, run: ImportRun) -> RunLine:
    person = session.get(Person, run.person_id) if run.person_id else None
    return RunLine(
        run.id,
        run.register,
        run.file_name,
        run.file_sha256,
        run.dry_run,
        run.state,
        run.total,
        run.done,
        run.new,
        run.changed,
        run.same,
        run.bad,
        run.rejects_sha256,
        run.message,
        run.started_at,
        run.finished_at,
        person.name if person is not None else "",
    )

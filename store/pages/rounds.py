"""The signing rounds of a case as pages show them: who has signed how, who is awaited, whose turn comes later."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from store.tables import Person, SignRound, WorkItem

ROUNDS_AT_MOST = 20
SEATS_AT_MOST = 200


class SeatLine(Struct, frozen=True):
    """One seat: status as of its work item, verdict approve, reject or opinion once it is signed."""

    id: UUID
    person: str
    role: str
    status: int
    verdict: str | None
    opinion: str
    done_at: datetime | None
    order_no: int
    added_to: UUID | None
    added_how: str | None
    added_by: str


class RoundLine(Struct, frozen=True):
    """One round with its seats, those of the diagram in their order, each before the signers added to it."""

    id: UUID
    title: str
    mode: str
    share: Decimal | None
    veto: tuple[str, ...]
    has_vote: bool
    status: str
    result: str | None
    opened_at: datetime
    seats: tuple[SeatLine, ...]


def rounds_of_case(session: Session, case_id: UUID) -> tuple[RoundLine, ...]:
    """Return the rounds of a case, the newest first."""
    rounds = select(SignRound).where(SignRound.case_id == case_id)
    newest = rounds.order_by(SignRound.opened_at.desc(), SignRound.id.desc()).limit(ROUNDS_AT_MOST)
    return _with_seats(session, session.scalars(newest).all())


def round_of_item(session: Session, item: WorkItem) -> RoundLine | None:
    """Return the round that an item is a seat of, if it is one."""
    if item.sign_round_id is None:
        return None
    return _with_seats(session, [session.get_one(SignRound, item.sign_round_id)])[0]


def _with_seats(session: Session, rounds: Iterable[SignRound]) -> tuple[RoundLine, ...]:
    rows = list(rounds)
    if not rows:
        return ()
    titles: dict[UUID, str] = {}
    seats: dict[UUID, list[SeatLine]] = {row.id: [] for row in rows}
    items = session.scalars(_seats(rows[0].case_id)).all()
    names = _names(session, items)
    for item in items:
        if item.sign_round_id in seats:
            titles[item.sign_round_id] = item.title
            seats[item.sign_round_id].append(_seat(item, names))
    return tuple(
        RoundLine(
            id=row.id,
            title=titles.get(row.id, ""),
            mode=row.mode,
            share=row.share,
            veto=tuple(map(str, row.veto)),
            has_vote=row.vote_field is not None,
            status=row.status,
            result=row.result,
            opened_at=row.opened_at,
            seats=tuple(_in_order(seats[row.id])),
        )
        for row in rows
    )


def _seats(case_id: UUID) -> Select[WorkItem]:
    return (
        select(WorkItem)
        .where(WorkItem.case_id == case_id, WorkItem.sign_round_id.is_not(None))
        .order_by(WorkItem.order_no, WorkItem.id)
        .limit(SEATS_AT_MOST)
    )


def _names(session: Session, items: Iterable[WorkItem]) -> dict[UUID | None, str]:
    """Return the names of who holds, has signed or has added a seat."""
    ids = {one for item in items for one in (item.assignee_id, item.done_by, item.added_by) if one}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {id_: name for id_, name in rows}  # noqa: C416  # rows are not tuples to mypy


def _seat(item: WorkItem, names: Mapping[UUID | None, str]) -> SeatLine:
    answers = (item.signed or {}).get("answers")
    opinion = answers.get("opinion") if isinstance(answers, dict) else None
    return SeatLine(
        id=item.id,
        person=names.get(item.done_by or item.assignee_id, ""),
        role=item.role,
        status=item.status,
        verdict=item.verdict,
        opinion=opinion if isinstance(opinion, str) else "",
        done_at=item.done_at,
        order_no=item.order_no or 0,
        added_to=item.added_to,
        added_how=item.added_how,
        added_by=names.get(item.added_by, ""),
    )


def _in_order(seats: list[SeatLine]) -> Iterable[SeatLine]:
    """Yield each seat that the diagram names, around it those that were added to it, in the order of signing."""
    below: dict[UUID | None, list[SeatLine]] = {}
    for seat in seats:
        below.setdefault(seat.added_to, []).append(seat)
    pending = below.get(None, [])[::-1]
    placed: set[UUID] = set()
    while pending:
        seat = pending.pop()
        added = [] if seat.id in placed else below.get(seat.id, [])
        if not added:
            yield seat
            continue
        placed.add(seat.id)
        before = [one for one in added if one.added_how == "before"]
        after = [one for one in added if one.added_how != "before"]
        pending.extend([*before, seat, *after][::-1])

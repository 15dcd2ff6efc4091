"""What the pages of the archive say: volumes, what holds them, proposals and how far each is."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.roles import ROLES
from rules.vocabulary import label
from store.pages.archives import (
    DisposalLine,
    Key,
    View,
    VolumeLine,
    disposal_line,
    disposal_lines,
    volume_counts,
    volume_line,
    volume_lines,
)
from store.pages.histories import HistoryLine, latest_of
from webapp import addresses
from webapp.dates import this_day
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import lazy
from workflows.handlers.disposals import NEXT, PROPOSER, may_decide
from workflows.handlers.holds import HOLDERS
from workflows.people import Actor

VIEWS = {
    View.OVER: lazy("保管期满"),
    View.SOON: lazy("90 天内期满"),
    View.KEPT: lazy("保管中"),
    View.PROPOSED: lazy("申请销毁"),
    View.DISPOSED: lazy("已销毁"),
}
STATES = {
    "proposed": (lazy("等复核"), "amber"),
    "reviewed": (lazy("等会签"), "amber"),
    "disposed": (lazy("已销毁"), "green"),
    "declined": (lazy("没有通过"), "red"),
}


class Line(Struct, frozen=True):
    """A volume as the list shows it; `may_go` if it can be chosen for a proposal."""

    row: VolumeLine
    href: str
    reasons: tuple[str, ...]
    may_go: bool


class Proposal(Struct, frozen=True):
    """A proposal as lists and its page show it."""

    row: DisposalLine
    href: str
    state: str
    tone: str
    waits_for: str
    files: int
    is_turn: bool


class Listing(Struct, frozen=True):
    """The page of the archive; what was chosen and typed comes back where it was refused."""

    tabs: tuple[Tab, ...]
    view: View
    lines: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    first_href: str | None
    next_href: str | None
    may_propose: bool
    sees_volumes: bool
    chosen: frozenset[UUID]
    reason: str
    refusal: str


class VolumePage(Struct, frozen=True):
    """The page of one volume."""

    line: Line
    case_href: str | None
    disposal_href: str | None
    may_hold: bool
    history: tuple[HistoryLine, ...]
    reason: str
    refusal: str


class DisposalPage(Struct, frozen=True):
    """The page of one proposal."""

    proposal: Proposal
    history: tuple[HistoryLine, ...]
    opinion: str
    refusal: str


def read_key(day: str, volume_id: str) -> Key | None:
    """Return the last row of the page before, None on the first page."""
    read, identity = addresses.day(day), addresses.identity(volume_id)
    return None if read is None or identity is None else (read, identity)


def build_listing(
    session: Session,
    actor: Actor,
    word: str,
    after: Key | None,
    *,
    chosen: Collection[UUID] = (),
    reason: str = "",
    refusal: str = "",
) -> Listing:
    """Return the archive as the address asks for it; an auditor without a grant sees the proposals alone."""
    today = this_day()
    counts = volume_counts(session, today)
    sees_volumes = bool(actor.roles - {"auditor"}) or any(counts.values())
    view = View(word) if word in set(View) else next((one for one in View if counts[one]), View.KEPT)
    rows, following = volume_lines(session, view, today, after) if sees_volumes else ([], None)
    tabs = tuple(
        Tab(str(words), url_for("archives.index", view=each.value), each is view, counts[each])
        for each, words in VIEWS.items()
    )
    return Listing(
        tabs=tabs if sees_volumes else (),
        view=view,
        lines=tuple(_line(row, today) for row in rows),
        proposals=tuple(_proposal(row, actor) for row in disposal_lines(session)),
        first_href=url_for("archives.index", view=view.value) if after is not None else None,
        next_href=_next(view, following),
        may_propose=actor.has(PROPOSER) and view is View.OVER,
        sees_volumes=sees_volumes,
        chosen=frozenset(chosen),
        reason=reason,
        refusal=refusal,
    )


def build_volume(
    session: Session, actor: Actor, volume_id: UUID, reason: str = "", refusal: str = ""
) -> VolumePage | None:
    """Return one volume, None if the person does not see it."""
    row = volume_line(session, volume_id)
    if row is None:
        return None
    volume = row.volume
    to_disposal = volume.disposal_id is not None
    return VolumePage(
        line=_line(row, this_day()),
        case_href=link_to("cases.show", case_id=row.case_id) if row.case_id else None,
        disposal_href=url_for("archives.disposal", disposal_id=volume.disposal_id) if to_disposal else None,
        may_hold=bool(actor.roles & HOLDERS) and volume.disposed_at is None,
        history=latest_of(session, "case_file", volume_id),
        reason=reason,
        refusal=refusal,
    )


def build_disposal(
    session: Session, actor: Actor, disposal_id: UUID, opinion: str = "", refusal: str = ""
) -> DisposalPage | None:
    """Return one proposal, None if the person does not see it."""
    row = disposal_line(session, disposal_id)
    if row is None:
        return None
    history = latest_of(session, "disposal", disposal_id)
    return DisposalPage(_proposal(row, actor), history, opinion, refusal)


def _line(row: VolumeLine, today: date) -> Line:
    volume, kept = row.volume, row.kept
    reasons = [label("retention_reason", hold) for hold in kept.holds]
    if kept.retain_until >= today:
        reasons.append(label("retention_reason", "within_retention"))
    is_free = volume.disposal_id is None and volume.disposed_at is None and volume.state == "sealed"
    return Line(
        row=row,
        href=url_for("archives.volume", volume_id=volume.id),
        reasons=tuple(reasons) if volume.disposed_at is None else (),
        may_go=is_free and not reasons,
    )


def _proposal(row: DisposalLine, actor: Actor) -> Proposal:
    disposal = row.disposal
    words, tone = STATES[disposal.state]
    role = NEXT.get(disposal.state)
    return Proposal(
        row=row,
        href=url_for("archives.disposal", disposal_id=disposal.id),
        state=str(words),
        tone=tone,
        waits_for=ROLES[role].title if role else "",
        files=sum(len(volume["files"]) for volume in disposal.volumes),
        is_turn=may_decide(disposal, actor),
    )


def _next(view: View, following: Key | None) -> str | None:
    if following is None:
        return None
    day, last = following
    return url_for("archives.index", view=view.value, day=day.isoformat(), after=last)

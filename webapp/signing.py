"""A signing round in words: how it is decided, how far it is, who said what."""

from uuid import UUID

from msgspec import Struct

from rules.roles import ROLES
from store.pages.rounds import RoundLine, SeatLine
from webapp.dates import moment
from webapp.texts import _, lazy
from workflows.rounds import Mode, Rule
from workflows.statuses import DONE, VOID, WAITING

TITLES = {
    "all": lazy("会签"),
    "any": lazy("或签"),
    "order": lazy("依次会签"),
    "share": lazy("比例会签"),
}
_VERDICTS = {
    "approve": (lazy("同意"), "green", "circle-check"),
    "reject": (lazy("不同意"), "red", "alert-circle"),
    "opinion": (lazy("已签"), "green", "circle-check"),
}
_HOW = {"before": lazy("在前"), "after": lazy("在后"), "beside": lazy("同时签")}


class SeatView(Struct, frozen=True):
    """One signer: the word says what they said, or that they are awaited."""

    id: UUID
    name: str
    role: str
    word: str
    tone: str
    icon: str
    at: str
    opinion: str
    added: str
    is_mine: bool


class RoundView(Struct, frozen=True):
    """A round."""

    title: str
    step: str
    rule: str
    state: str
    tone: str
    seats: tuple[SeatView, ...]


def round_view(found: RoundLine, *, mine: UUID | None = None, opinions: bool = True) -> RoundView:
    """Return a round as a page shows it; `mine` is the reader's own seat; opinions are not for everybody."""
    state, tone = _state(found)
    return RoundView(
        title=str(TITLES[found.mode]) if found.has_vote else _("加签"),
        step=found.title,
        rule=_rule(found),
        state=state,
        tone=tone,
        seats=tuple(_seat(seat, mine, opinions=opinions) for seat in found.seats),
    )


def _state(found: RoundLine) -> tuple[str, str]:
    if found.status == "void":
        return _("没有签完，流程走了别的分支"), ""
    if found.status == "decided":
        if not found.has_vote:
            return _("签完"), "green"
        return (_("通过"), "green") if found.result == "approve" else (_("不通过"), "red")
    signed = sum(seat.status == DONE for seat in found.seats)
    asked = sum(seat.status != VOID for seat in found.seats)
    return _("已签 %(n)s，共 %(all)s", n=signed, all=asked), "brand"


def _rule(found: RoundLine) -> str:
    """Return when the round is decided, as a sentence."""
    if not found.has_vote:
        return _("大家都签了就往下走，加签的人写意见。")
    if found.mode == Mode.SHARE and found.share is not None:
        places = sum(seat.added_to is None for seat in found.seats)
        needed = Rule(Mode.SHARE, found.share).needed(places)
        veto = "、".join(ROLES[role].title for role in found.veto if role in ROLES)
        told = _("%(all)s 签里有 %(n)s 签同意就通过。", all=places, n=needed)
        return told + (_("%(who)s一票否决。", who=veto) if veto else "")
    return str(_RULES[found.mode])


_RULES = {
    "all": lazy("都同意才通过，有一人不同意就不通过。"),
    "any": lazy("谁先签以谁为准。"),
    "order": lazy("按顺序一个一个签，有一人不同意就不通过。"),
}


def _seat(seat: SeatLine, mine: UUID | None, *, opinions: bool) -> SeatView:
    title = ROLES[seat.role].title
    word, tone, icon = _word(seat)
    added = ""
    if seat.added_how is not None:
        added = _("%(who)s加签，%(how)s", who=seat.added_by, how=_HOW[seat.added_how])
    return SeatView(
        id=seat.id,
        name=seat.person or title,
        role=title if seat.person else "",
        word=word,
        tone=tone,
        icon=icon,
        at=moment(seat.done_at) if seat.status == DONE else "",
        opinion=seat.opinion if opinions else "",
        added=added,
        is_mine=seat.id == mine,
    )


def _word(seat: SeatLine) -> tuple[str, str, str]:
    if seat.status == DONE and seat.verdict in _VERDICTS:
        word, tone, icon = _VERDICTS[seat.verdict]
        return str(word), tone, icon
    if seat.status == VOID:
        return _("不用签了"), "", "x"
    if seat.status == WAITING:
        return _("还没轮到"), "", "circle-dashed"
    return _("在等"), "amber", "clock"

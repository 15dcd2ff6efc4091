"""挂起, 恢复, 终止 on a page: the form of each with what it costs, and the command that it gives."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from uuid import UUID

from flask import request
from msgspec import Struct
from sqlalchemy.orm import Session

from store.pages.operations import suspension_of
from store.scope import Scope
from store.tables import Case
from webapp.identity import actor, the_runtime
from webapp.sheets import Choice, Pick, Sheet
from webapp.texts import Lazy, _, lazy
from workflows.commands import Below, CancelCase, ResumeCase, SuspendCase
from workflows.errors import NotFoundError
from workflows.handlers.cancelling import cancel_case, preview
from workflows.handlers.interventions import Work, may_intervene, running_below
from workflows.handlers.suspending import resume_case, suspend_case
from workflows.people import Actor
from workflows.statuses import OPEN, SUSPENDED

LONGEST_KEY = 64
LOOKS = Scope.everything("what an intervention would do is worked out before it is done")


class Kind(StrEnum):
    """What may be done with a case as a whole."""

    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"


TITLES: Mapping[Kind, Lazy] = {
    Kind.SUSPEND: lazy("挂起"),
    Kind.RESUME: lazy("恢复"),
    Kind.CANCEL: lazy("终止"),
}
ICONS: Mapping[Kind, str] = {
    Kind.SUSPEND: "player-pause",
    Kind.RESUME: "player-play",
    Kind.CANCEL: "x",
}
_OFFERED = {OPEN: (Kind.SUSPEND, Kind.CANCEL), SUSPENDED: (Kind.RESUME, Kind.CANCEL)}


class InterventionPage(Struct, frozen=True):
    """The form of an intervention."""

    sheet: Sheet
    number: str
    title: str
    back: str
    refusal: str
    reason: str


def kind_of(name: str) -> Kind:
    """Return the intervention of an address. Raises: NotFoundError."""
    if name not in set(Kind):
        raise NotFoundError(kind="intervention", id=name)
    return Kind(name)


def offered(case: Case, who: Actor) -> tuple[Kind, ...]:
    """Return what the person may do with the case as it stands."""
    return _OFFERED.get(case.status, ()) if may_intervene(case, who) else ()


def load_intervention(case_id: UUID, kind: Kind, back: str, refusal: str = "") -> InterventionPage:
    """Return the page. Raises: NotFoundError for a case that is not the person's to intervene in."""
    with the_runtime().database.read(LOOKS) as session:
        case = session.get(Case, case_id)
        if case is None or not may_intervene(case, actor()):
            raise NotFoundError(kind="case", id=str(case_id))
        if kind not in _OFFERED.get(case.status, ()) and not refusal:
            refusal = _("办件现在的状态不能%(what)s", what=TITLES[kind])
        sheet = _SHEETS[kind](session, case)
    reason = request.form.get("reason", "")
    return InterventionPage(sheet, case.number, case.title, back, refusal, reason)


def intervene(case_id: UUID, kind: Kind) -> str:
    """Give the command that the posted form asks for; returns what the person is told. Raises: WorkflowError."""
    form, runtime = request.form, the_runtime()
    key = form.get("key", "")[:LONGEST_KEY] or f"{kind.value}-{case_id}"
    reason, along = form.get("reason", ""), form.get("below", "")
    if kind is Kind.SUSPEND:
        suspend_case(runtime, SuspendCase(case_id, reason, key, below=bool(along)), actor())
        return _("已挂起，办理人都通知到了")
    if kind is Kind.RESUME:
        resume_case(runtime, ResumeCase(case_id, reason, key, below=bool(along)), actor())
        return _("已恢复，等着的消息和到点的定时接着办")
    below = Below(along) if along in set(Below) else Below.KEEP
    cancel_case(runtime, CancelCase(case_id, reason, form.get("seen", ""), key, below), actor())
    return _("已终止，办理人都通知到了")


def _suspension(session: Session, case: Case) -> Sheet:
    count = sum(one.status == OPEN for one in running_below(session, case.id))
    return Sheet(
        title=str(TITLES[Kind.SUSPEND]),
        explains=_(
            "待办留在原处，标“已挂起”，不能办；定时不走，消息先存着。期限照算，恢复时写明哪些已经过了。"
        ),
        button=str(TITLES[Kind.SUSPEND]),
        picks=_along(count, _("下面的 %(n)s 件一起挂起", n=count)),
        reason_label=_("为什么挂起"),
    )


def _resumption(session: Session, case: Case) -> Sheet:
    count = sum(one.status == SUSPENDED for one in running_below(session, case.id))
    found = suspension_of(session, case.id)
    why = _("%(by)s挂起的：%(reason)s。", by=found.by, reason=found.reason) if found is not None else ""
    return Sheet(
        title=str(TITLES[Kind.RESUME]),
        explains=why + _("恢复后，到点的定时马上走，存着的消息马上投递。"),
        button=str(TITLES[Kind.RESUME]),
        picks=_along(count, _("下面挂起的 %(n)s 件一起恢复", n=count)),
        reason_label=_("为什么可以恢复"),
    )


def _cancellation(session: Session, case: Case) -> Sheet:
    ending = preview(session, case)
    picks: tuple[Pick, ...] = ()
    if ending.below:
        numbers = _("、").join(one.number for one in ending.below[:6])
        more = _("等 %(n)s 件", n=len(ending.below)) if len(ending.below) > 6 else ""
        choices = tuple(
            Choice(below.value, str(title), (str(note),)) for below, (title, note) in _BELOW.items()
        )
        picks = (Pick("below", _("下面还在办的：%(numbers)s%(more)s", numbers=numbers, more=more), choices),)
    return Sheet(
        title=str(TITLES[Kind.CANCEL]),
        explains=_(
            "终止不能反悔。办过的、填过的都留着，可以看、可以打印；还没办的全部作废。上级办件会知道。"
        ),
        button=str(TITLES[Kind.CANCEL]),
        picks=picks,
        reason_label=_("为什么终止"),
        losses=tuple(losses(ending.work)),
        lost_title=_("会作废的工作"),
        hidden={"seen": ending.fingerprint},
        is_final=True,
    )


def losses(work: tuple[Work, ...]) -> Iterator[str]:
    """Yield a sentence for each place that is closed: whose step, or what is awaited no more."""
    for one in work:
        if one.kind == "step":
            yield _("%(who)s的“%(step)s”", who=one.holder, step=one.title)
        elif one.kind == "timer":
            yield _("定时“%(what)s”", what=one.title or one.element)
        else:
            yield _("等待“%(what)s”", what=one.title or one.element)


def _along(count: int, title: str) -> tuple[Pick, ...]:
    if not count:
        return ()
    return (Pick("below", _("下级办件"), (Choice("1", title),), many=True),)


_BELOW = {
    Below.KEEP: (lazy("照常办"), lazy("下面的办件不受影响，自己办完。")),
    Below.SUSPEND: (lazy("挂起"), lazy("先停着，之后一件一件决定恢复还是终止。")),
    Below.CANCEL: (lazy("一起终止"), lazy("下面的办件也全部作废，原因相同。")),
}
_SHEETS: Mapping[Kind, Callable[[Session, Case], Sheet]] = {
    Kind.SUSPEND: _suspension,
    Kind.RESUME: _resumption,
    Kind.CANCEL: _cancellation,
}

"""The forms of 转办, 委派, 交回, 催办 and 抄送."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import CopyNotice, Organization, Person
from webapp import addresses
from webapp.inbox.sheets import Given
from webapp.sheets import Choice, Pick, Sheet
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.copying import CopyCase, copy_case
from workflows.verbs.delegating import (
    CYCLE,
    DelegateWorkItem,
    HandBackWorkItem,
    delegate_work_item,
    hand_back_work_item,
)
from workflows.verbs.offer import Asker
from workflows.verbs.receivers import Receiver, colleagues
from workflows.verbs.transferring import TransferWorkItem, receivers_of, transfer_work_item
from workflows.verbs.urging import UrgeWorkItem, urge_work_item


def show_transfer(asker: Asker) -> Sheet:
    """Return the form of 转办."""
    found = receivers_of(asker.session, asker.item, asker.actor, asker.now)
    return Sheet(
        title=_("转办"),
        explains=_("这一条归接的人办，期限不变，填好的草稿一起转过去。你不再负责。"),
        button=_("转办"),
        picks=(Pick("to", _("转给谁"), _people(found)),),
        reason_label=_("为什么转，要交代什么"),
        reason_optional=True,
    )


def give_transfer(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Give the item away."""
    command = TransferWorkItem(given.target, given.version, _one(given), given.text("reason"), given.key)
    transfer_work_item(runtime, command, actor)
    return _("已转办，对方收到通知了")


def show_delegation(asker: Asker) -> Sheet:
    """Return the form of 委派."""
    found = receivers_of(asker.session, asker.item, asker.actor, asker.now)
    hands = {str(one) for one in asker.item.delegates}
    people = [Receiver(one.id, one.name, one.title, CYCLE) if str(one.id) in hands else one for one in found]
    return Sheet(
        title=_("委派"),
        explains=_("请别人替你办。办好后交回给你，附上意见和填好的内容，由你提交。责任还在你，期限不变。"),
        button=_("委派"),
        picks=(Pick("to", _("委派给谁"), _people(people)),),
        reason_label=_("要交代什么"),
        reason_optional=True,
    )


def give_delegation(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Let somebody do the item."""
    command = DelegateWorkItem(given.target, given.version, _one(given), given.text("reason"), given.key)
    delegate_work_item(runtime, command, actor)
    return _("已委派，办好后会交回给你")


def show_hand_back(asker: Asker) -> Sheet:
    """Return the form of 交回, or of calling the work back."""
    if asker.actor.person_id == asker.item.owner_id:
        return Sheet(
            title=_("收回委派"),
            explains=_("不等对方交回，这一条现在就回到你手里。对方填好的草稿一起过来。"),
            button=_("收回委派"),
            reason_label=_("为什么收回"),
            reason_optional=True,
        )
    owner = asker.session.get(Person, asker.item.owner_id) if asker.item.owner_id else None
    name = owner.name if owner is not None else ""
    return Sheet(
        title=_("交回"),
        explains=_("交回给%(name)s，由他提交。你填好的内容是他的草稿。", name=name),
        button=_("交回"),
        reason_label=_("办理意见"),
    )


def give_hand_back(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Give the item back to its owner."""
    command = HandBackWorkItem(given.target, given.version, given.text("reason"), given.key)
    hand_back_work_item(runtime, command, actor)
    return _("已交回")


def show_urge(asker: Asker) -> Sheet:
    """Return the form of 催办."""
    item, session = asker.item, asker.session
    person = session.get(Person, item.assignee_id) if item.assignee_id else None
    home = session.get(Organization, item.holder_id)
    who = person.name if person is not None else (home.name if home is not None else "")
    return Sheet(
        title=_("催办"),
        explains=_("%(who)s会收到提醒。隔 4 个工作小时才能再催。", who=who),
        button=_("催办"),
        reason_label=_("想说的话"),
        reason_optional=True,
    )


def give_urge(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Call the item to mind."""
    urge_work_item(runtime, UrgeWorkItem(given.target, given.version, given.text("reason"), given.key), actor)
    return _("已催办，对方收到提醒了")


def show_copy(asker: Asker) -> Sheet:
    """Return the form of 抄送."""
    session, case = asker.session, asker.case
    known = set(session.scalars(select(CopyNotice.person_id).where(CopyNotice.case_id == case.id)))
    people = [
        Choice(
            str(one.id),
            one.name,
            _about(session, one, is_known=one.id in known),
        )
        for one in colleagues(session, case, asker.actor.person_id)
    ]
    return Sheet(
        title=_("抄送"),
        explains=_("收到的人能看这个办件，不用办，也不影响别人办。"),
        button=_("抄送"),
        picks=(Pick("to", _("抄送给谁"), tuple(people), many=True, is_needed=True),),
        reason_label=_("想说的话"),
        reason_optional=True,
    )


def give_copy(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Let people read the case."""
    to = tuple(addresses.identities(given.texts("to")))
    copy_case(runtime, CopyCase(given.target, to, given.text("reason"), given.key), actor)
    return _("已抄送给 %(n)s 人", n=len(set(to)))


def _about(session: Session, person: Person, *, is_known: bool) -> tuple[str, ...]:
    home = session.get(Organization, person.org_id)
    return (
        *((home.name,) if home is not None else ()),
        *((_("已经抄送过"),) if is_known else ()),
    )


def _people(found: Iterable[Receiver]) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(one.id), one.name, (one.title,) if one.title else (), one.reason) for one in found
    )


def _one(given: Given) -> UUID:
    """Return who was chosen. Raises: RuleRefusedError."""
    found = addresses.identity(given.text("to"))
    if found is None:
        raise RuleRefusedError(_("选好给谁再提交"))
    return found

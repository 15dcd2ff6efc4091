"""The forms by which signers are added and removed, and the commands that they give."""

from uuid import UUID

from webapp import addresses
from webapp.inbox.sheets import Given
from webapp.sheets import Choice, Pick, Sheet
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.people import Actor
from workflows.pinned import spec_of
from workflows.rounds import How
from workflows.runtime import Runtime, legal_day
from workflows.verbs.adding_signers import AddSigner, add_signer, candidates, seats_of
from workflows.verbs.offer import TITLES, Asker, Verb
from workflows.verbs.removing_signers import RemoveSigner, removals, remove_signer, state_of


def show_adding(asker: Asker) -> Sheet:
    """Return the form of 加签: whom, and where they stand."""
    people = candidates(asker.session, asker.item, legal_day(asker.now))
    return Sheet(
        title=TITLES[Verb.ADD_SIGNER],
        explains=_explains(asker),
        button=_("请他加签"),
        picks=(
            Pick("how", _("在什么时候签"), _places()),
            Pick(
                "person",
                _("请谁签"),
                tuple(
                    Choice(str(one.id), one.name, (one.title,), one.reason)
                    for one in sorted(people, key=lambda one: bool(one.reason))
                ),
                nobody=_("本机构没有别的人能签这一步"),
            ),
        ),
        reason_label=_("想请他看什么"),
        reason_optional=True,
    )


def _explains(asker: Asker) -> str:
    if spec_of(asker.session, asker.case.release_id).steps[asker.item.step].vote is None:
        return _("请本机构的人看这一步，写一条意见。怎么办还是由你填，他的意见写进办件的经过。")
    return _("请本机构的人和你一起签这一步。他和你合成一签，都同意才算同意，别人的票数不变。")


def _places() -> tuple[Choice, ...]:
    return (
        Choice(How.BEFORE, _("在我之前"), (_("他签完之前，这一步先不在你的待办里，填了一半的留作草稿。"),)),
        Choice(How.BESIDE, _("和我一起"), (_("现在就到他的待办里，两个人都签才算签完。"),)),
        Choice(How.AFTER, _("在我之后"), (_("你签完才到他的待办里，他签完流程才往下走。"),)),
    )


def add(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Give the command of 加签."""
    person_id = _chosen(given, "person", _("选一个人再提交"))
    how = given.text("how")
    if how not in set(How):
        raise RuleRefusedError(_("选什么时候签再提交"))
    command = AddSigner(given.target, given.version, person_id, How(how), given.text("reason"), given.key)
    add_signer(runtime, command, actor)
    return _("已经请他加签，他会收到通知")


def show_removing(asker: Asker) -> Sheet:
    """Return the form of 减签: whom, with what follows from it."""
    choices = tuple(Choice(str(one.seat.id), one.name, (*one.losses, one.follows)) for one in removals(asker))
    return Sheet(
        title=TITLES[Verb.REMOVE_SIGNER],
        explains=_("减去后来加的、还没签的人。他会收到通知，流程图要求的人不能减。"),
        button=_("减去这一签"),
        picks=(Pick("seat", _("减去谁"), choices),),
        reason_label=_("为什么减签"),
        hidden={"seen": state_of(seats_of(asker.session, asker.item))},
    )


def remove(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Give the command of 减签."""
    seat_id = _chosen(given, "seat", _("选一个人再提交"))
    command = RemoveSigner(given.target, seat_id, given.text("seen"), given.text("reason"), given.key)
    remove_signer(runtime, command, actor)
    return _("已经减签，他会收到通知")


def _chosen(given: Given, name: str, refusal: str) -> UUID:
    found = addresses.identity(given.text(name))
    if found is None:
        raise RuleRefusedError(refusal)
    return found

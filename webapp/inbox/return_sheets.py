"""The forms of 驳回 and 撤回, with who loses which work."""

from webapp.inbox.sheets import Given
from webapp.sheets import Choice, Pick, Sheet
from webapp.texts import _
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.offer import Asker
from workflows.verbs.previews import Target, target_of_done, targets
from workflows.verbs.returning import ReturnWork, WithdrawWork, return_work, withdraw_work

PARTED = "|"
"""Between the step that is chosen and the digest of what its choice was shown to cost."""


def show_return(asker: Asker) -> Sheet:
    """Return the form: one choice per step, each with what it costs."""
    found = targets(asker.session, asker.case, asker.item.task_id)
    modes = [Choice("again", _("重走中间各步"), (_("改好后，从那一步起依次再办。"),))]
    if any(target.straight for target in found):
        modes.append(
            Choice(
                "straight",
                _("直接送回给我"),
                (_("改好后不走中间的步骤，直接回到你这里。中间有分支的不行。"),),
            )
        )
    return Sheet(
        title=_("驳回"),
        explains=_(
            "退回的那一步重新打开，交给上次办的人，他上次填的内容是草稿。已经发出的文书和消息不收回。"
        ),
        button=_("驳回"),
        picks=(
            Pick("to", _("退到哪一步"), tuple(_choice(target, asker) for target in found)),
            Pick("mode", _("改好以后"), tuple(modes)),
        ),
        reason_label=_("为什么驳回，要改什么"),
    )


def give_return(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Send the work back."""
    activation, _sign, lost = given.text("to").partition(PARTED)
    command = ReturnWork(
        work_item_id=given.target,
        version=given.version,
        activation=activation,
        reason=given.text("reason"),
        lost=lost,
        key=given.key,
        straight=given.text("mode") == "straight",
    )
    return_work(runtime, command, actor)
    return _("已驳回，相关的人都通知到了")


def show_withdrawal(asker: Asker) -> Sheet:
    """Return the form."""
    found = target_of_done(asker.session, asker.case, asker.item)
    lost = found[1] if found is not None else None
    return Sheet(
        title=_("撤回"),
        explains=_("这一步重新打开，还归你办，你填的内容是草稿。"),
        button=_("撤回"),
        reason_label=_("为什么撤回"),
        reason_optional=True,
        losses=_losses(lost, asker) if lost is not None else (),
        hidden={"lost": lost.fingerprint if lost is not None else ""},
    )


def give_withdrawal(runtime: Runtime, given: Given, actor: Actor) -> str:
    """Take the work back."""
    withdraw_work(
        runtime, WithdrawWork(given.target, given.text("reason"), given.text("lost"), given.key), actor
    )
    return _("已撤回，这一步又在你的待办里")


def _choice(target: Target, asker: Asker) -> Choice:
    who = _("上次由%(name)s办", name=target.done_by) if target.done_by else ""
    lost = _("；").join(_losses(target, asker))
    cost = _("会收回：%(lost)s", lost=lost) if lost else ""
    notes = tuple(text for text in (who, cost) if text)
    return Choice(f"{target.activation}{PARTED}{target.fingerprint}", target.title, notes, target.reason)


def _losses(target: Target, asker: Asker) -> tuple[str, ...]:
    """Return a sentence for each piece of open work that is closed, but for the one in hand."""
    return tuple(
        _("%(who)s的“%(step)s”", who=loss.holder, step=loss.title)
        for loss in target.losses
        if loss.item is not None and loss.item.id != asker.item.id
    )

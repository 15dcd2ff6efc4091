"""What the form of each verb shows, and the command that it gives."""

from webapp import addresses
from webapp.inbox import giving_sheets as giving
from webapp.inbox import signing_sheets
from webapp.inbox.return_sheets import give_return, give_withdrawal, show_return, show_withdrawal
from webapp.inbox.sheets import Given, enter
from webapp.sheets import Choice, Pick, Sheet
from webapp.texts import _
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.commenting import CommentOnCase, comment_on_case
from workflows.verbs.offer import TITLES, Asker, Verb
from workflows.verbs.receivers import colleagues, may_read

__all__ = ["TITLES", "enter_all"]


def enter_all() -> None:
    """Give each verb its page."""
    enter(Verb.RETURN, show_return, give_return)
    enter(Verb.WITHDRAW, show_withdrawal, give_withdrawal)
    enter(Verb.ADD_SIGNER, signing_sheets.show_adding, signing_sheets.add)
    enter(Verb.REMOVE_SIGNER, signing_sheets.show_removing, signing_sheets.remove)
    enter(Verb.TRANSFER, giving.show_transfer, giving.give_transfer)
    enter(Verb.DELEGATE, giving.show_delegation, giving.give_delegation)
    enter(Verb.HAND_BACK, giving.show_hand_back, giving.give_hand_back)
    enter(Verb.URGE, giving.show_urge, giving.give_urge)
    enter(Verb.COPY, giving.show_copy, giving.give_copy)
    enter(Verb.COMMENT, _comment, _comment_on)


def _comment(asker: Asker) -> Sheet:
    session, case = asker.session, asker.case
    readers = [
        Choice(str(one.id), one.name, (one.title,) if one.title else ())
        for one in colleagues(session, case, asker.actor.person_id)
        if may_read(session, one, case.id)
    ]
    return Sheet(
        title=_("批注"),
        explains=_("批注写进办件的经过，不能改也不能删。能看这个办件的人都看得到，包括投保单位。"),
        button=_("写批注"),
        picks=(Pick("told", _("提醒谁看"), tuple(readers), many=True),),
        reason_label=_("批注"),
    )


def _comment_on(runtime: Runtime, given: Given, actor: Actor) -> str:
    told = tuple(addresses.identities(given.texts("told")))
    comment_on_case(runtime, CommentOnCase(given.target, given.text("reason"), told, given.key), actor)
    return _("批注已写进经过")

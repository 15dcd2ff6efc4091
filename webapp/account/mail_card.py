"""The card of one's own mail."""

from uuid import UUID

from flask import request
from msgspec import Struct

from webapp.texts import _
from workflows.handlers.mails import wishes_of
from workflows.runtime import Runtime


class MailCard(Struct, frozen=True):
    """Whether mail can leave at all, what was chosen, and what was typed."""

    is_offered: bool
    saved: str
    address: str
    choices: tuple[tuple[str, str, bool], ...]
    problem: str = ""


def load_mail(runtime: Runtime, person_id: UUID, problem: str = "") -> MailCard:
    """Return the card; what was typed stands in it after a refusal."""
    wishes = wishes_of(runtime, person_id)
    address = request.form.get("address", "")[:300] if problem else wishes.address
    chosen = frozenset(request.form.getlist("kind")) if problem else wishes.kinds
    titles = (
        ("deadlines", _("期限提醒：快到期、逾期、证书到期")),
        ("news", _("其他通知：催办、转办、退回、邀请、推送")),
    )
    choices = tuple(
        (kind, title, kind in chosen or not (wishes.address or problem)) for kind, title in titles
    )
    return MailCard(runtime.mail is not None, wishes.address, address, choices, problem)

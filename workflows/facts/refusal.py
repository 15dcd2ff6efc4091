"""Facts of a refusal: what was refused, how the letter went."""

from rules.vocabulary import label
from store.tables import Document, RefusalNotice
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.reading import Facts, found


def _refusal(act: Act) -> RefusalNotice | None:
    return found(act, RefusalNotice, act.case.variables.get("refusal_id"))


def _letter(act: Act, refusal: RefusalNotice) -> Facts:
    document = found(act, Document, refusal.document_id)
    return {
        "refused_on": refusal.refused_on,
        "refusal_reason": refusal.reason,
        "address": refusal.address,
        "delivery": refusal.delivery,
        "return_reason": refusal.result,
        "channel_name": label("notice_channel", refusal.channel) if refusal.channel else "",
        "notice_number": document.number if document is not None else refusal.number,
        "source_name": "服务单" if refusal.visit_id else "服务周期",
    }


REFUSAL_FACTS = (
    about(
        _refusal,
        _letter,
        "refused_on",
        "refusal_reason",
        "address",
        "delivery",
        "return_reason",
        "channel_name",
        "notice_number",
        "source_name",
    ),
)
"""What forms may read of a refusal of the service."""

"""Facts of a line of the ledger that is to be taken back in red (第六条)."""

from rules.vocabulary import label
from store.tables import FundEntry
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.fund_words import yuan
from workflows.reading import Facts, found


def _entry_of(act: Act) -> FundEntry | None:
    return found(act, FundEntry, act.case.variables.get("entry_id"))


def _entry(_act: Act, entry: FundEntry) -> Facts:
    category = f"　{label('fund_category', entry.category)}" if entry.category else ""
    return {
        "reversal_number": entry.number,
        "reversal_date": entry.entry_date,
        "reversal_category": f"{label('fund_entry_kind', entry.kind)}{category}",
        "reversal_payee": entry.payee or "—",
        "reversal_amount": yuan(entry.amount),
    }


REVERSAL_FACTS = (
    about(
        _entry_of,
        _entry,
        *("reversal_number", "reversal_date", "reversal_category", "reversal_payee", "reversal_amount"),
    ),
)
"""What forms may read of the line."""

"""Which rule set governs the prevention fund, year by year, as an administrator wrote it down (第六条, D8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from msgspec import Struct
from sqlalchemy.orm import Session

from store.tables import Setting

KEY: Final = "fund_rules"
RECORD: Final = ("setting", uuid5(NAMESPACE_OID, KEY))


class FundChoice(Struct, frozen=True):
    """From the first day of a year on, this profile governs; the reason and the document that says so."""

    profile: str
    from_year: int
    reason: str
    document: str
    by: UUID | None
    at: datetime

    def stored(self) -> dict[str, object]:
        """Return what the setting keeps."""
        by = None if self.by is None else str(self.by)
        return {
            "profile": self.profile,
            "from_year": self.from_year,
            "reason": self.reason,
            "document": self.document,
            "by": by,
            "at": self.at.isoformat(),
        }


def fund_choices(session: Session) -> tuple[FundChoice, ...]:
    """Return every choice, the earliest year first."""
    row = session.get(Setting, KEY)
    found = row.value.get("choices", ()) if row is not None else ()
    return tuple(sorted(map(_choice, found), key=lambda choice: choice.from_year))


def fund_choice_for(session: Session, year: int) -> FundChoice | None:
    """Return the choice that governs a year: the latest one that began by then; None = still to be made."""
    begun = [choice for choice in fund_choices(session) if choice.from_year <= year]
    return begun[-1] if begun else None


def keep_fund_choices(
    session: Session, choices: Sequence[FundChoice], reason: str, by: UUID | None, at: datetime
) -> None:
    """Write the choices down."""
    row = session.get(Setting, KEY)
    if row is None:
        row = Setting(key=KEY, value={}, set_at=at)
        session.add(row)
    row.value = {"choices": [choice.stored() for choice in choices]}
    row.reason, row.set_by, row.set_at = reason, by, at


def _choice(stored: Mapping[str, object]) -> FundChoice:
    return FundChoice(
        profile=str(stored["profile"]),
        from_year=int(str(stored["from_year"])),
        reason=str(stored["reason"]),
        document=str(stored["document"]),
        by=UUID(str(stored["by"])) if stored.get("by") else None,
        at=datetime.fromisoformat(str(stored["at"])),
    )

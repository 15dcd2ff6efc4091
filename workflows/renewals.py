"""How the facts of a term rate for the next one, by the office's own table `renewal_rating` (第十九条).

The table gives points, a level and the grounds; it holds no rate, and an insurer decides.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

import feel
from rules.vocabulary import label
from store.pages.renewal import RenewalCounts
from store.tables import Release
from workflows.engine import DecisionFile, EngineError, advise
from workflows.errors import NotFoundError
from workflows.pinned import decision_of

TABLE: Final = "renewal_rating"
UNRATED: Final = "none"


class Rating(Struct, frozen=True):
    """What the table says: the level, a code of renewal_level, its points of a hundred, and why not all of them."""

    level: str = UNRATED
    points: Decimal | None = None
    grounds: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return the rating as a sentence."""
        level = label("renewal_level", self.level)
        if self.level == UNRATED or self.points is None:
            return level
        return f"{level}（{self.points} 分）" + (f"：{'、'.join(self.grounds)}" if self.grounds else "")

    def plain(self) -> dict[str, object]:
        """Return the rating as records keep it."""
        points = None if self.points is None else str(self.points)
        return {"level": self.level, "points": points, "grounds": list(self.grounds)}

    @classmethod
    def kept_in(cls, factors: Mapping[str, object]) -> "Rating":
        """Return the rating that the facts of a record hold; unrated where they are older than the table."""
        kept = factors.get("rating")
        return cls.of(kept) if isinstance(kept, dict) else cls()

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> "Rating":
        """Return what the table or a record says."""
        points, grounds = kept.get("points"), kept.get("grounds")
        return cls(
            str(kept.get("level") or UNRATED),
            None if points is None else Decimal(str(points)),
            tuple(map(str, grounds)) if isinstance(grounds, list) else (),
        )


def newest_table(session: Session) -> DecisionFile | None:
    """Return the table as the newest release of any process pins it, None where none does."""
    newest = (
        select(Release.id).where(Release.status == "published").order_by(Release.published_at.desc()).limit(1)
    )
    release = session.scalar(newest)
    return None if release is None else table_of(session, release)


def table_of(session: Session, release_id: UUID) -> DecisionFile | None:
    """Return the table that a release pins, None where it is older than the table."""
    try:
        return decision_of(session, release_id, TABLE)
    except NotFoundError:
        return None


def rate(table: DecisionFile | None, counts: RenewalCounts, host: feel.Host) -> Rating:
    """Return what the table says of these facts; unrated where it cannot answer."""
    if table is None:
        return Rating()
    inputs = {
        "visits": Decimal(counts.visits),
        "service_refused": counts.service_refused,
        "entry_refused": Decimal(counts.entry_refused),
        "rescheduled": Decimal(counts.rescheduled),
        "rectified_late": Decimal(counts.late),
        "refused": Decimal(counts.refused),
        "closed_percent": counts.rectification.closed_percent,
        "major": Decimal(counts.major),
        "baseline_percent": counts.risk_control().baseline_percent,
    }
    try:
        return Rating.of(advise(table, TABLE, inputs, host).outputs)
    except EngineError:
        return Rating()

"""What a visit's findings mean for the next policy: declining, the ground for the rate (第十九条, D22)."""

from decimal import Decimal

from msgspec import Struct

from rules.amounts import percent
from rules.hazards import Level

COMPETENT_AUTHORITY = "属地行业主管部门"
DECLINE_NOTICE_FIELDS = ("reason", "result")


class DeclineOptions(Struct, frozen=True):
    """What the insurer may do about a hazard; declining is always a person's decision, never the system's."""

    may_decline_renewal: bool
    affects_next_year_rate: bool
    must_notify: str | None
    notice_fields: tuple[str, ...]
    auto_decline: bool = False


class Cooperation(Struct, frozen=True):
    """How the unit took part: visits arranged, put off, turned away at the gate, working days to confirm."""

    arranged: int
    rescheduled: int
    entry_refused: int
    confirm_days: int


class RectificationCounts(Struct, frozen=True):
    """How its hazards fared: due, closed, closed late or still open late, refused."""

    due: int
    closed: int
    late: int
    refused: int

    @property
    def closed_percent(self) -> Decimal | None:
        """Closed of due, in percent with one decimal; None where none was due."""
        return percent(self.closed, self.due)


class RiskControl(Struct, frozen=True):
    """How its risk moved: level before and after, major hazards, met and unmet items of annex 2."""

    risk_level_before: str
    risk_level_after: str
    major_hazards: int
    baseline_met: int
    baseline_unmet: int

    @property
    def baseline_percent(self) -> Decimal | None:
        """Items met of items that apply, in percent with one decimal; None where none applies."""
        return percent(self.baseline_met, self.baseline_met + self.baseline_unmet)


class RateEvidence(Struct, frozen=True):
    """The three grounds on which the insurer may change the next rate; it never holds a rate itself."""

    cooperation: Cooperation
    rectification: RectificationCounts
    risk_control: RiskControl

    def points(self) -> tuple[str, ...]:
        """Return the findings that speak for a higher rate, as codes of rate_point (第十九条)."""
        found = {
            "entry_refused": self.cooperation.entry_refused > 0,
            "rectified_late": self.rectification.late > 0,
            "refused_to_rectify": self.rectification.refused > 0,
            "major_hazards": self.risk_control.major_hazards > 0,
            "baseline_unmet": self.risk_control.baseline_unmet > 0,
        }
        return tuple(code for code, applies in found.items() if applies)


def decline_options(level: Level, *, refused_to_rectify: bool) -> DeclineOptions:
    """Return what 第十九条 lets the insurer do about a hazard.

    Only a major hazard whose rectification is refused lets it decline the next policy, and then it tells
    the authority the reason and the result. A general one bears on the next rate alone. The policy in force
    stays.
    """
    may_decline = level is Level.MAJOR and refused_to_rectify
    return DeclineOptions(
        may_decline_renewal=may_decline,
        affects_next_year_rate=refused_to_rectify,
        must_notify=COMPETENT_AUTHORITY if may_decline else None,
        notice_fields=DECLINE_NOTICE_FIELDS if may_decline else (),
    )

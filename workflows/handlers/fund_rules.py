"""The command that settles the conflict of two rule sets of the fund, for a year and those after it (D8)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from rules.parameters import LOCAL_PROFILE, NATIONAL_PROFILE, first_day
from rules.prevention_fund import CEILING, FLOOR, FundVerdict, judge_fund
from rules.vocabulary import label
from store.fund_rules import RECORD, FundChoice, fund_choices, keep_fund_choices
from store.scope import Scope
from workflows.administration import SYSTEM, one_line, require, tell
from workflows.errors import InvalidAnswersError
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day

PROFILES: Final = (LOCAL_PROFILE, NATIONAL_PROFILE)
EXAMPLE: Final = Decimal(100)
_REASON = "a system administrator says which rules govern the fund"
_LONGEST = 500


class ChooseFundRules(Struct, frozen=True):
    """Which profile governs from a year on, why, and by which document."""

    profile: str
    from_year: int | None
    reason: str
    document: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "ChooseFundRules":
        """Return the command of a form."""
        year = given.get("from_year", "").strip()
        return cls(
            profile=given.get("profile", ""),
            from_year=int(year) if year.isdecimal() and year.isascii() and len(year) == 4 else None,
            reason=one_line(given.get("reason", "")),
            document=one_line(given.get("document", "")),
        )


def conflict_on(day: date) -> FundVerdict:
    """Return what the profiles ask of 100 yuan of premium on that day, side by side (第六条)."""
    return judge_fund(EXAMPLE, None, day, PROFILES)


def choose_fund_rules(runtime: Runtime, command: ChooseFundRules, actor: Actor) -> FundChoice:
    """Record the choice; years before it keep theirs. Raises: NotAllowedError, InvalidAnswersError."""
    require(actor, SYSTEM, "fund_rules")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        known = fund_choices(session)
        if found := _problems(command, known, legal_day(now).year):
            raise InvalidAnswersError(found)
        year = command.from_year or legal_day(now).year
        choice = FundChoice(command.profile, year, command.reason, command.document, actor.person_id, now)
        kept = [earlier for earlier in known if earlier.from_year < year]
        keep_fund_choices(session, [*kept, choice], command.reason, actor.person_id, now)
        name = label("rule_profile", choice.profile)
        text = f"{actor.name}登记：{year} 年起预防费用按“{name}”，依据 {choice.document}。{choice.reason}"
        tell(session, RECORD, "fund_rules_chosen", text, actor, now, choice=choice.stored())
        return choice


def _problems(command: ChooseFundRules, known: tuple[FundChoice, ...], this_year: int) -> dict[str, str]:
    found = {}
    if command.profile not in PROFILES:
        found["profile"] = "选一套口径"
    earliest = this_year if known else min(_first_conflict_year(), this_year)
    if command.from_year is None or not earliest <= command.from_year <= this_year + 1:
        found["from_year"] = f"从 {earliest} 到 {this_year + 1} 年选一年；更早的年度保留当年的口径"
    if not 2 <= len(command.document) <= 100:
        found["document"] = "写上文号，例如 温安委办〔2026〕8 号"
    if not 4 <= len(command.reason) <= _LONGEST:
        found["reason"] = "写明为什么用这一套，4 到 500 个字"
    return found


def _first_conflict_year() -> int:
    """Return the year in which both profiles first asked for something."""
    days = [first_day(FLOOR, LOCAL_PROFILE), first_day(CEILING, NATIONAL_PROFILE)]
    return max(day.year for day in days if day is not None)

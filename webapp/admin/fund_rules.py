"""The conflict of the two rule sets of the fund, and the choice that settles it."""

from datetime import date
from decimal import Decimal

from flask import flash, redirect, request, url_for
from msgspec import Struct, field

from rules import vocabulary
from store.fund_rules import RECORD, FundChoice, fund_choice_for, fund_choices
from store.pages.histories import HistoryLine, latest_of, names_of
from webapp.admin.frame import Answer, blueprint, show
from webapp.dates import this_day
from webapp.identity import actor, signed_in, the_runtime
from webapp.texts import _
from workflows.errors import InvalidAnswersError
from workflows.handlers.fund_rules import PROFILES, ChooseFundRules, choose_fund_rules, conflict_on


class Side(Struct, frozen=True):
    """What one rule set asks of 100 yuan of premium."""

    profile: str
    title: str
    minimum: Decimal | None
    maximum: Decimal | None


class ChoiceLine(Struct, frozen=True):
    """A choice as the page names it."""

    choice: FundChoice
    title: str
    by: str


class Page(Struct, frozen=True):
    """The page, and the form as it was filled in."""

    sides: tuple[Side, ...]
    current: FundChoice | None
    lines: tuple[ChoiceLine, ...]
    history: tuple[HistoryLine, ...]
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    may_choose: bool = False


@blueprint.get("/fund-rules")
def fund_rules() -> str:
    """Show both rule sets side by side, what was chosen, and to whom may: the form."""
    return _show({"from_year": str(this_day().year)}, {})


@blueprint.post("/fund-rules", endpoint="choose_fund_rules")
def choose() -> Answer:
    """Record which rule set governs."""
    command = ChooseFundRules.of(request.form)
    try:
        choice = choose_fund_rules(the_runtime(), command, actor())
    except InvalidAnswersError as error:
        typed = {name: request.form.get(name, "") for name in ("profile", "from_year", "reason", "document")}
        return _show(typed, dict(error.errors)), 422
    flash(_("已登记，%(year)s 年起按它核对费用", year=choice.from_year))
    return redirect(url_for("admin.fund_rules"), 303)


def sides(day: date) -> tuple[Side, ...]:
    """Return what each rule set says on that day."""
    return tuple(
        Side(item.profile, vocabulary.label("rule_profile", item.profile), item.minimum, item.maximum)
        for item in conflict_on(day).profiles
    )


def _show(values: dict[str, str], errors: dict[str, str]) -> str:
    with the_runtime().database.read(actor().scope) as session:
        found = fund_choices(session)
        current = fund_choice_for(session, this_day().year)
        names = names_of(session, {choice.by for choice in found if choice.by})
        history = latest_of(session, *RECORD)
    titles = dict(vocabulary.choices("rule_profile"))
    lines = tuple(
        ChoiceLine(choice, titles.get(choice.profile, ""), names.get(choice.by, "") if choice.by else "")
        for choice in reversed(found)
    )
    page = Page(
        sides=sides(this_day()),
        current=current,
        lines=lines,
        history=history,
        values=values,
        errors=errors,
        may_choose="system_admin" in signed_in().roles,
    )
    profiles = {code: titles[code] for code in PROFILES}
    return show("fund_rules", "admin.fund_rules", page=page, profiles=profiles, titles=titles)

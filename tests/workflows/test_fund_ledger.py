"""The ledger of the fund: set aside per premium, taken back in red by two people, a plan's versions; both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from store.compliance.catalogue import Standing, duty_of
from store.fund_year import fund_years
from store.tables import Case, FundEntry, Policy
from tests.support.world import EVERYTHING
from workflows.commands import BeginCase
from workflows.compliance import as_of, judge
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.handlers.beginnings import begin_by_form
from workflows.handlers.fund import accrue_fund
from workflows.handlers.fund_rules import ChooseFundRules, choose_fund_rules


def entries(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return list(session.scalars(select(FundEntry).order_by(FundEntry.number)))


def the_year(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return fund_years(session, 2026)[0]


def choose(world, profile="wenzhou-2020"):
    given = ChooseFundRules(profile, 2026, "等上级明确过渡办法", "温安委办〔2026〕8号")
    choose_fund_rules(world.runtime, given, world.actor("system_admin"))


def ask(world, number, login="provider_finance", key="k"):
    asked = BeginCase(
        "fund_reversal", "reversal_asked", None, {"entry_number": number, "reason": "金额记错"}, key
    )
    return begin_by_form(world.runtime, asked, world.actor(login))


def test_each_premium_sets_aside_what_the_chosen_rules_ask_and_once(begun):
    finance = begun.actor("insurer_finance")
    with pytest.raises(InvalidAnswersError) as refused:
        accrue_fund(begun.runtime, 2026, finance)
    assert "还没有选定" in refused.value.errors["year"]
    with pytest.raises(NotAllowedError):
        accrue_fund(begun.runtime, 2026, begun.actor("insurer"))
    choose(begun)
    posted = accrue_fund(begun.runtime, 2026, finance)
    assert (posted.policies, posted.amount, posted.left) == (1, Decimal(15750), 0)
    assert accrue_fund(begun.runtime, 2026, finance).policies == 0
    (entry,) = entries(begun)
    assert (entry.kind, entry.policy_id, entry.policyholder_id) == (
        "accrual",
        begun.policy_id,
        begun.offices.unit,
    )
    year = the_year(begun)
    assert (year.accrued, year.balance) == (Decimal(15750), Decimal(15750))
    assert [item.is_compliant for item in year.verdict().profiles] == [True, False]


def test_a_refund_takes_the_accrual_back_and_posts_what_is_left(begun):
    choose(begun)
    finance = begun.actor("insurer_finance")
    accrue_fund(begun.runtime, 2026, finance)
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policy).values(refunded=Decimal(5000)))
    assert accrue_fund(begun.runtime, 2026, finance).amount == Decimal(-1750)
    assert [(one.kind, one.amount) for one in entries(begun)] == [
        ("accrual", Decimal(15750)),
        ("reversal", Decimal(15750)),
        ("accrual", Decimal(14000)),
    ]
    assert the_year(begun).accrued == Decimal(14000)


def test_a_line_is_taken_back_in_red_by_one_person_and_approved_by_another(archived):
    (paid,) = entries(archived)
    case_id = ask(archived, paid.number)
    archived.do("approve_fund_reversal", decision="approve")
    (case,) = archived.cases("fund_reversal")
    assert (case.id, case.end_event, case.title) == (case_id, "end_reversed", f"红字冲销 {paid.number}")
    before, red = entries(archived)
    assert (red.kind, red.reverses_id, red.amount, red.note) == (
        "reversal",
        before.id,
        before.amount,
        "金额记错",
    )
    assert red.approved_by == archived.offices.people["provider_manager"]
    assert the_year(archived).spent_in_all == 0
    for number, told in ((paid.number, "已经冲销过"), (red.number, "本身就是红字"), ("x", "没有 x")):
        with pytest.raises(InvalidAnswersError) as refused:
            ask(archived, number, key=number)
        assert told in refused.value.errors["entry_number"]


def test_who_asks_for_a_reversal_does_not_approve_it_and_one_refused_changes_nothing(archived):
    (paid,) = entries(archived)
    with pytest.raises(NotAllowedError):
        ask(archived, paid.number, "insurer_finance")
    ask(archived, paid.number)
    manager = archived.offices.people["provider_manager"]
    with archived.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Case).where(Case.process == "fund_reversal").values(opened_by=manager))
    with pytest.raises(InvalidAnswersError) as refused:
        archived.do("approve_fund_reversal", decision="approve")
    assert "不能自己批准" in refused.value.errors["decision"]
    with archived.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Case).where(Case.process == "fund_reversal").values(opened_by=None))
    archived.do("approve_fund_reversal", decision="return", opinion="金额没错")
    assert archived.cases("fund_reversal")[0].end_event == "end_refused"
    assert len(entries(archived)) == 1


def test_a_premium_of_which_too_little_is_set_aside_breaks_article_6_until_it_is(begun):
    def standing(day):
        with begun.runtime.database.read(EVERYTHING) as session:
            return judge(session, duty_of("fund_ratio"), as_of(session, day)).standing

    this_year, next_year = date(2026, 4, 1), date(2027, 1, 5)
    assert standing(this_year) is Standing.AT_RISK
    choose(begun)
    assert (standing(this_year), standing(next_year)) == (Standing.AT_RISK, Standing.BROKEN)
    accrue_fund(begun.runtime, 2026, begun.actor("insurer_finance"))
    assert (standing(this_year), standing(next_year)) == (Standing.MET, Standing.MET)
    choose(begun, "national-2025")
    assert standing(next_year) is Standing.BROKEN

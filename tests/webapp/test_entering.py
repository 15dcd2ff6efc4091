"""Records entered by hand: the importer's rules at the field, the quota at once, nothing lost, nothing twice."""

import re

import pytest
from sqlalchemy import func, select, update

from rules.visit_quota import QuotaFacts, visits_owed
from store import secrets
from store.files import FileStore
from store.tables import (
    Endorsement,
    Job,
    Organization,
    Person,
    Policy,
    Policyholder,
    ProviderProfile,
    RecordEvent,
    RoleGrant,
)
from tests.webapp.conftest import EVERYTHING, Clock, Web, web_settings
from tests.webapp.registering import correct, enter, open_for_business, policy, shown, unit, uscc
from webapp import create_app
from workflows.runtime import Runtime


@pytest.fixture
def town(database, tmp_path):
    """The application on either database, with a provider that may serve an insurer's policies."""
    clock = Clock()
    runtime = Runtime(database=database, files=FileStore(tmp_path / "files"), clock=clock)
    app = create_app(web_settings(), runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format
    web = Web(app, runtime, clock)
    open_for_business(web)
    return web


@pytest.fixture
def browser(town):
    """A browser of the provider's coordinator."""
    return town.client(town.person("coordinator"))


def rows(town, table):
    """Return how many rows a table has."""
    with town.runtime.database.read(EVERYTHING) as session:
        return session.scalar(select(func.count()).select_from(table))


def owed(page):
    """Return the visits that a page says are owed."""
    return int(page.text.partition("本保单期应服务 ")[2].partition(" 次")[0])


@pytest.mark.parametrize(
    ("premium", "visits"),
    [
        ("29,999.99", 1),
        ("30000", 2),
        ("30000.01", 2),
        ("59999.99", 2),
        ("6万元", 3),
        ("99999.99", 3),
        ("10万", 4),
    ],
)
def test_a_policy_that_was_just_entered_says_at_once_what_is_owed_and_why(town, browser, premium, visits):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy(written_premium=premium))
    assert page.status_code == 200, page.text
    assert owed(page) == visits
    assert "按台账现有数据当场计算" in page.text
    assert f"为什么是 {visits} 次" in page.text
    assert "不属于八大高危行业" in page.text
    with town.runtime.database.read(EVERYTHING) as session:
        row = session.scalars(select(Policy)).one()
    facts = QuotaFacts(row.written_premium, row.term_start, row.term_end, is_high_risk=False)
    assert visits_owed(facts).required == visits
    assert rows(town, Job) == 1, "the service cycle begins by itself"


def test_high_risk_and_history_raise_what_is_owed(town, browser):
    enter(browser, "units", **unit(high_risk_kind="金属冶炼"))
    page = enter(browser, "policies", **policy())
    assert owed(page) == 2
    assert "属于八大高危行业：金属冶炼" in page.text
    enter(browser, "units", **unit(2))
    page = enter(browser, "policies", **policy(2, of=2))
    assert owed(page) == 1
    assert "没有登记 2025 年的事故和失信情况" in page.text
    year = {"policyholder_name": "单位", "policyholder_uscc": uscc(2), "year": "2025"}
    enter(
        browser, "year-facts", **year, accident_on="2025-08-12", deaths="0", injured="3", description="侧翻"
    )
    page = browser.get(page.request.path)
    assert owed(page) == 2
    assert "1 次事故受伤 3 人" in page.text


def test_each_policy_year_is_counted_and_a_short_term_is_not_cut(town, browser):
    enter(browser, "units", **unit())
    several = policy(written_premium="30000", term_start="2026-11-01", term_end="2029-01-31")
    page = enter(browser, "policies", **several)
    assert owed(page) == 6
    assert "第 3 保单年度" in page.text
    short = policy(2, written_premium="30000", term_start="2026-11-01", term_end="2027-01-31")
    page = enter(browser, "policies", **short)
    assert owed(page) == 2
    assert "本规则集短期不减次" in page.text


def test_a_policy_over_before_the_standard_is_marked_as_out_of_its_scope(town, browser):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy(term_start="2019-06-01", term_end="2020-05-31"))
    assert "不在本标准适用范围" in page.text
    page = correct(browser, page, term_end="2020-06-01")
    assert "不在本标准适用范围" not in page.text


def test_claims_of_the_year_before_reach_the_third_tier(town, browser):
    enter(browser, "units", **unit())
    before = policy(written_premium="1000", term_start="2025-11-01", term_end="2026-10-31")
    enter(browser, "policies", **before)
    claim = {
        "number": "C1",
        "policy_number": before["number"],
        "occurred": "2026-05-06",
        "reported": "2026-05-07",
        "state": "已决",
        "paid": "2000.00",
    }
    enter(browser, "claims", **claim)
    page = enter(browser, "policies", **policy(2, previous_number=before["number"]))
    assert owed(page) == 1
    assert "赔付率 200.0%" in page.text
    claim_page = browser.get("/registers/claims/?q=C1")
    (link,) = re.findall(r'href="(/registers/claims/[0-9a-f-]{36})"', claim_page.text)
    answer = correct(browser, browser.get(link), paid="2000.01")
    assert "把已决赔款由“2,000.00 元”改为“2,000.01 元”" in answer.text
    assert owed(browser.get(page.request.path)) == 2


def test_an_endorsement_raises_what_is_owed_and_pressing_twice_leaves_one(town, browser):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy(written_premium="29999.99"))
    assert owed(page) == 1
    address = f"{page.request.path}/endorse"
    key = browser.get(address).text.partition('name="key" value="')[2].partition('"')[0]
    typed = {"effective": "2026-11-20", "premium_delta": "0.01", "reason": "加人", "key": key}
    for _ in range(2):
        page = browser.post(address, typed, follow_redirects=True)
        assert page.status_code == 200
        assert owed(page) == 2
    assert rows(town, Endorsement) == 1
    assert "登记批改：2026-11-20 起加费 0.01 元" in page.text
    page = browser.post(
        address, {"effective": "2026-11-21", "premium_delta": "-20000"}, follow_redirects=True
    )
    assert owed(page) == 2, "it never falls"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"effective": "", "premium_delta": ""}, "必填"),
        ({"effective": "明天", "premium_delta": "1"}, "不是日期"),
        ({"effective": "2030-01-01", "premium_delta": "1"}, "生效日要在保险期间内"),
        ({"effective": "2026-11-20", "premium_delta": "0"}, "保费变动不能为 0"),
        ({"effective": "2026-11-20", "premium_delta": "-7000.01"}, "减费不能超过现有保费 7000.00 元"),
        ({"effective": "2026-11-20", "premium_delta": "1", "reason": "长" * 201}, "超过 200 个字"),
    ],
)
def test_a_wrong_endorsement_is_told_at_its_field_and_nothing_is_lost(town, browser, typed, sentence):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy())
    answer = browser.post(f"{page.request.path}/endorse", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(value in answer.text for value in typed.values())
    assert rows(town, Endorsement) == 0


def test_a_surrender_leaves_nothing_owed_and_is_registered_once(town, browser):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy())
    address = f"{page.request.path}/surrender"
    wrong = browser.post(address, {"effective": "2026-11-20", "refunded": "7000.01"})
    assert wrong.status_code == 422
    assert "退保金不能超过签单保费 7000.00 元" in wrong.text
    negative = browser.post(address, {"effective": "2026-11-20", "refunded": "-5"})
    assert "退保金不能是负数" in negative.text
    typed = {"effective": "2026-11-20", "refunded": "5000"}
    for _ in range(2):
        page = browser.post(address, typed, follow_redirects=True)
        assert page.status_code == 200
    assert "已退保，不计欠次" in page.text
    assert page.text.count("登记退保：2026-11-20 起解除") == 1
    again = browser.post(address, {"effective": "2026-11-21", "refunded": "1"})
    assert "已于 2026-11-20 退保" in again.text


@pytest.mark.parametrize(
    ("section", "typed", "field", "sentence"),
    [
        ("units", unit(uscc="91330300DEM0000010"), "uscc", "不是有效的统一社会信用代码"),
        ("units", unit(mobile="123"), "mobile", "不是 11 位手机号码"),
        ("units", unit(name=""), "name", "必填"),
        ("units", unit(name="长" * 5000), "name", "超过 600 个字"),
        ("units", unit(region_code="北京市"), "region_code", "不在可选范围内"),
        ("units", unit(lat="27.9"), "lat", "纬度、经度、坐标系要么都填"),
        ("policies", policy(of=9), "policyholder_uscc", "没有登记这家投保单位"),
        ("policies", policy(term_end="2025-01-01"), "term_end", "保险止期早于保险起期"),
        ("policies", policy(term_start="2026-02-30"), "term_start", "不是存在的日期"),
        ("policies", policy(written_premium="-1"), "written_premium", "金额不能小于零"),
        ("policies", policy(insurer="没有这家"), "insurer", "没有名为“没有这家”的保险机构"),
        ("claims", {"number": "C1", "policy_number": "无"}, "policy_number", "必填"),
        ("year-facts", {"policyholder_uscc": uscc(9), "year": "1066"}, "year", "不是年份"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_in_the_words_of_the_import(
    town, browser, section, typed, field, sentence
):
    enter(browser, "units", **unit())
    answer = enter(browser, section, **typed)
    assert answer.status_code == 422
    told = answer.text.partition(f'id="field-{field}-error"')[2].partition("</p>")[0]
    assert sentence in told or field == "policy_number"
    assert 'class="form-errors"' in answer.text
    assert rows(town, Policy) == 0


def test_hostile_text_is_kept_as_text_and_control_characters_are_left_out(town, browser):
    name = "<script>alert(1)</script>\x00\u202e瑞安 {{ 7*7 }} ' OR 1=1"
    page = enter(browser, "units", **unit(name=name))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    with town.runtime.database.read(EVERYTHING) as session:
        kept = session.scalars(select(Organization.name).where(Organization.kind == "policyholder")).one()
    assert "\x00" not in kept
    assert "{{ 7*7 }}" in kept


def test_the_same_record_sent_twice_is_one_and_another_of_its_name_is_refused(town, browser):
    for _ in range(2):
        page = enter(browser, "units", **unit())
        assert page.status_code == 200
        assert "<h1>瑞安市汇川1号铸造有限公司</h1>" in page.text
    assert rows(town, Policyholder) == 1
    other = enter(browser, "units", **unit(address="别处"))
    assert other.status_code == 422
    assert "已经登记过" in other.text


def test_an_edit_is_told_in_the_history_and_an_emptied_field_is_emptied(town, browser):
    page = enter(browser, "units", **unit(employees="86", risk_level="橙"))
    answer = correct(browser, page, employees="", contact="林若衡")
    assert answer.status_code == 200, answer.text
    assert "把联系人由“黄建洲”改为“林若衡”，清空了从业人数" in answer.text
    with town.runtime.database.read(EVERYTHING) as session:
        holder = session.scalars(select(Policyholder)).one()
        assert (holder.employees, holder.contact, holder.mobile) == (None, "林若衡", "13812345678")
        told = session.scalars(select(RecordEvent.kind).where(RecordEvent.record_kind == "policyholder"))
        assert list(told) == ["imported", "changed"]


def test_a_stale_edit_is_told_and_loses_no_typing(town, browser):
    page = enter(browser, "units", **unit())
    address = f"{page.request.path}/edit"
    mine = shown(browser.get(address).text)
    correct(browser, page, contact="周行知")
    answer = browser.post(address, {**mine, "contact": "陈屿", "employees": "12"})
    assert answer.status_code == 409
    assert "改为“周行知”" in answer.text
    assert "台账里现在是“周行知”" in answer.text
    assert 'value="陈屿"' in answer.text
    assert 'value="12"' in answer.text
    again = browser.post(address, shown(answer.text), follow_redirects=True)
    assert again.status_code == 200
    assert "陈屿" in again.text


def test_numbers_are_masked_and_left_as_they_are_when_left_blank(town, browser):
    page = enter(browser, "units", **unit())
    assert "138****5678" in page.text
    form = browser.get(f"{page.request.path}/edit").text
    assert "13812345678" not in page.text + form
    answer = correct(browser, page, mobile="13900001111")
    assert "139****1111" in answer.text
    assert "把联系电话改了（内容不显示）" in answer.text
    assert "13900001111" not in answer.text


def test_foreign_records_are_not_found_to_read_or_to_change(town, browser):
    page = enter(browser, "units", **unit())
    policy_page = enter(browser, "policies", **policy())
    stranger = town.client(
        town.person("coordinator", login="stranger", organization=town.organization("provider", "别家"))
    )
    for path in (page.request.path, policy_page.request.path):
        assert stranger.get(path).status_code == 404
        assert stranger.get(f"{path}/edit").status_code == 404
        assert stranger.post(f"{path}/edit", unit(contact="贼")).status_code == 404
    assert (
        stranger.post(f"{policy_page.request.path}/surrender", {"effective": "2026-11-20"}).status_code == 404
    )
    assert "瑞安市汇川" not in stranger.get("/registers/units/").text


def test_who_may_not_import_may_not_enter(town, browser):
    page = enter(browser, "units", **unit())
    reader = town.client(town.person("joint_office"))
    assert reader.get(page.request.path).status_code == 200
    assert "改资料" not in reader.get(page.request.path).text
    assert reader.get("/registers/units/new").status_code == 403
    assert reader.post("/registers/units/new", unit(2)).status_code == 403
    assert browser.get("/registers/people/new").status_code == 403


def test_an_expert_is_entered_and_corrected_with_all_that_makes_one(town, browser):
    manager = town.client(town.person("provider_manager"))
    town.person("expert", login="somebody")
    typed = {
        "name": "陈屿",
        "organization": "温州provider单位",
        "mobile": "19900000003",
        "roles": "专家",
        "source": "自有",
        "specialties": ["化工安全"],
        "qualification": "注册安全工程师",
        "qualification_no": "3305001822910001",
        "valid_until": "2028-12-31",
        "years": "12",
        "background": "化学工程本科",
    }
    missing = enter(manager, "people", **{**typed, "years": ""})
    assert "角色含专家时，从业年限必填" in missing.text
    page = enter(manager, "people", **typed)
    assert "199****0003" in page.text
    answer = correct(manager, page, mobile="19900000004", valid_until="2030-12-31")
    assert "199****0004" in answer.text
    assert "2030-12-31" in answer.text
    with town.runtime.database.read(EVERYTHING) as session:
        named = select(func.count()).select_from(Person).where(Person.name == "陈屿")
        assert session.scalar(named) == 1


def agency_person(**changes):
    """Return what a manager types for an expert of a technical agency."""
    return {
        "name": "陈屿",
        "organization": "温州agency单位",
        "mobile": "19900000003",
        "roles": "专家",
        "source": "外聘",
        "agency": "温州agency单位",
        "specialties": ["化工安全"],
        "qualification": "注册安全工程师",
        "qualification_no": "3305001822910001",
        "valid_until": "2028-12-31",
        "years": "12",
        "background": "化学工程本科",
        **changes,
    }


def test_accounts_of_another_organization_are_not_changed_from_outside(town):
    manager = town.client(town.person("provider_manager"))
    agency = town.organization("agency")
    theirs = town.person("agency_manager", login="theirs", organization=agency, mobile="19900000003")
    with town.runtime.database.write(EVERYTHING) as session:
        session.execute(
            update(Person)
            .where(Person.id == theirs.id)
            .values(name="陈屿", mobile_index=secrets.blind("19900000003"))
        )
    for changes in ({}, {"login": "mine"}):
        assert "的账号归 温州agency单位" in enter(manager, "people", **agency_person(**changes)).text
    with town.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Person, theirs.id).login == "theirs"
        assert session.scalars(select(RoleGrant.role)).all().count("expert") == 0


def test_people_of_an_agency_come_as_experts_alone(town):
    manager = town.client(town.person("provider_manager"))
    town.organization("agency")
    page = enter(manager, "people", **agency_person(roles=["专家", "技术机构"]))
    assert "技术服务机构的人只能作专家导入" in page.text
    assert "199****0003" in enter(manager, "people", **agency_person()).text


def test_roles_are_taken_away_and_given_back_by_the_security_administrator(town):
    manager = town.client(town.person("provider_manager"))
    page = enter(
        manager, "people", **agency_person(organization="温州provider单位", source="自有", agency="")
    )
    assert "只能由安全管理员收回" in correct(manager, page, roles="回访员").text
    with town.runtime.database.write(EVERYTHING) as session:
        session.execute(update(RoleGrant).where(RoleGrant.role == "expert").values(revoked_at=town.clock()))
    assert "已被收回，要由安全管理员重新授予" in correct(manager, page, roles="专家").text


def test_a_policy_that_may_not_be_served_says_what_is_missing_and_what_to_do(town, browser):
    with town.runtime.database.write(EVERYTHING) as session:
        session.execute(update(ProviderProfile).values(filing_number=None))
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy())
    assert "还差 1 项，这张保单不能启用" in page.text
    assert "第三方服务机构未备案" in page.text
    assert "登记备案号" in page.text
    assert owed(page) == 1

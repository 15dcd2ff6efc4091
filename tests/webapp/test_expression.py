"""The page 表达式试算: values on a case that the person may see, errors at their place; the guide beside it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from lxml import html
from sqlalchemy import select

from demo.accounts import PASSWORD
from feel.builtins import BUILTINS
from rules.roles import ROLES
from store.events import EventDraft, append
from store.tables import Case, Organization
from tests.webapp.conftest import EVERYTHING
from tests.webapp.test_by_clicks import latin, spoken
from webapp.studio.guide import Example, guide_of, read_guide
from workflows.accounts import add_person

PAGE, VALUE, GUIDE = "/studio/expression", "/studio/expression/value", "/studio/feel"
OPEN_TO = {"process_designer", "joint_office", "provider_manager"}


def case_of(city, process="service_cycle") -> str:
    with city.web.runtime.database.read(EVERYTHING) as session:
        return str(session.scalars(select(Case.id).where(Case.process == process).limit(1)).one())


def asked(city, expression, login="provider_manager", **fields):
    """Return what the script's request is answered."""
    answer = city.browser(login).post(VALUE, {"expression": expression, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json


def elsewhere(city, role="provider_manager"):
    """Return a browser of somebody with this role in another organization of that kind."""
    now = city.world.clock()
    with city.web.runtime.database.write(EVERYTHING, now=now) as session:
        other = Organization(kind=ROLES[role].party.value, name="另一家", region_code="330381")
        session.add(other)
        session.flush()
        person = {"login": "elsewhere", "name": "别处的人", "roles": (role,), "org_id": other.id}
        add_person(session, **person, password=PASSWORD, now=now)
    return city.browser("elsewhere")


def remember(city, variables) -> str:
    """Let a case know these variables, as one whose state was given up would; return its id."""
    with city.web.runtime.database.write(EVERYTHING, now=city.world.clock()) as session:
        case = session.scalars(select(Case).where(Case.process == "service_cycle")).one()
        case.state, case.variables = None, variables
        return str(case.id)


def shown(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page.partition("data-result>")[2].partition("</section>")[0]))


def test_the_designer_comes_by_clicks_and_finds_the_names_of_a_process(agreed):
    browser = agreed.browser("process_designer")
    assert f'href="{PAGE}"' in browser.get("/studio/").text
    (href,) = re.findall(rf'href="({PAGE}\?release=[^"]+)"', browser.get("/studio/service_visit").text)
    page = browser.get(href).text
    assert f'href="{GUIDE}"' in page
    assert 'data-insert="major_count"' in page
    assert "由“取回已定事项”“派单”得到" in page
    assert "流程管理员看不到办件" in page
    assert "用哪份办件" not in page


def test_a_designer_sees_no_case_whatever_is_asked(agreed):
    browser, case = agreed.browser("process_designer"), case_of(agreed)
    assert browser.get(f"{PAGE}?case={case}").status_code == 404
    assert browser.post(VALUE, {"expression": "1", "case": case}).status_code == 404
    page = browser.post(PAGE, {"q": "温州", "expression": "1"}).text
    assert "AZX" not in page
    assert "trial-choice" not in page


def test_a_designer_gives_the_values_himself(agreed):
    told = asked(agreed, "保费 * 0.15", "process_designer", given="{保费: 60000}")
    assert (told["value"], told["kind"], told["fault"]) == ("9000", "数", None)


def test_the_value_on_a_case_is_that_of_its_variables(agreed):
    told = asked(agreed, "policy_end", case=case_of(agreed))
    assert (told["value"], told["kind"]) == ('@"2027-02-28"', "日期")
    for login in ("provider_manager", "joint_office"):
        assert (
            asked(agreed, "policy_end - signed_on", login, case=case_of(agreed))["kind"] == "天和时间的时长"
        )


def test_working_days_are_those_of_the_products_calendar_and_now_is_now(agreed):
    told = asked(agreed, 'add workdays(@"2026-09-28", 10)')
    assert told["value"] == '@"2026-10-16"'
    assert asked(agreed, "today()")["value"] == f'@"{agreed.world.clock().date()}"'


def test_an_error_comes_with_its_place(agreed):
    fault = asked(agreed, "policy_end\n＞ 1", case=case_of(agreed))["fault"]
    assert (fault["line"], fault["column"], fault["start"], fault["length"]) == (2, 1, 11, 1)
    assert fault["text"].endswith("请把“＞”改为半角的“>”。")
    assert asked(agreed, "1", given="[1]")["fault"]["text"].startswith("给的值：这里要写一个上下文")
    assert asked(agreed, "1", mode="cell")["fault"]["text"].startswith("被检验的值：要先写下")


def test_line_ends_of_a_form_count_once(agreed):
    assert asked(agreed, "1 +\r\n＞")["fault"]["start"] == 4


def test_why_a_part_is_null_and_which_names_nobody_knows(agreed):
    told = asked(agreed, "policy_ned > today() and checkpoint = 1", case=case_of(agreed))
    misspelt, waiting = told["unknown"]
    assert (misspelt["suggestion"], misspelt["start"], misspelt["end"]) == ("policy_end", 0, 10)
    assert waiting["text"] == "“checkpoint”现在还没有值。"
    assert told["warnings"][0]["start"] == 0
    assert told["value"] == "false"


def test_a_cell_is_tried_on_the_value_it_tests(agreed):
    fields = {"mode": "cell", "tested": "policy_end"}
    assert asked(agreed, "> today()", case=case_of(agreed), **fields)["value"] == "true"


def test_a_foreign_case_is_as_if_it_were_not_there(agreed):
    browser, case = elsewhere(agreed), case_of(agreed)
    for answer in (
        browser.get(f"{PAGE}?case={case}"),
        browser.post(PAGE, {"case": case, "expression": "1"}),
        browser.post(PAGE, {"choose": case, "expression": "1"}),
        browser.post(VALUE, {"case": case, "expression": "policy_end"}),
    ):
        assert answer.status_code == 404
        assert "2027-02-28" not in answer.text
    assert "trial-choice" not in browser.post(PAGE, {"q": "温州"}).text


@pytest.mark.parametrize("login", ["provider_manager", "joint_office"])
def test_a_release_is_not_for_those_who_see_cases(agreed, login):
    (href,) = re.findall(
        rf'href="({PAGE}\?release=[^"]+)"',
        agreed.browser("process_designer").get("/studio/service_visit").text,
    )
    assert agreed.browser(login).get(href).status_code == 404


def test_nobody_else_may(agreed):
    for login in sorted(ROLES.keys() - OPEN_TO):
        browser = agreed.browser(login)
        assert {browser.get(url).status_code for url in (PAGE, GUIDE)} == {403}, login
        assert browser.post(VALUE, {"expression": "1"}).status_code == 403, login


def test_personal_numbers_are_hidden_in_the_list_and_in_every_value(agreed):
    case = remember(
        agreed, {"contact": "王建国 13857712345", "deep": {"id": "330302199001011234"}, "mobile": 13857712345}
    )
    page = agreed.browser("provider_manager").get(f"{PAGE}?case={case}").text
    assert "王建国 138****2345" in page
    assert "手机号和身份证号已经遮住" in page
    assert "没有列出来，也不能用：mobile。" in page
    answers = [
        asked(agreed, text, case=case)
        for text in (
            "contact",
            "deep",
            "substring(contact, 5)",
            'split(contact, "")',
            "mobile",
            "string(mobile)",
        )
    ]
    for told in (page, *map(str, answers)):
        assert "13857712345" not in told
        assert "57712" not in re.sub(r"\W", "", told)
        assert "330302199001011234" not in told
    assert answers[0]["value"] == '"王建国 138****2345"'
    assert answers[4]["unknown"][0]["text"].startswith("没有这个名称：mobile。")


def test_the_page_works_as_a_form(agreed):
    browser, case = agreed.browser("provider_manager"), case_of(agreed)
    page = browser.post(PAGE, {"expression": "policy_end > today()", "case": case, "given": "{a: 1}"}).text
    assert "true" in shown(page)
    assert "是非" in shown(page)
    tree = html.fromstring(page)
    assert tree.xpath("//textarea[@name='expression']")[0].text_content() == "policy_end > today()"
    assert tree.xpath("//textarea[@name='given']")[0].text_content() == "{a: 1}"
    assert tree.xpath("//input[@name='case']/@value") == [case]
    wrong = browser.post(PAGE, {"expression": "保费 ＞ 1"}).text
    assert '保费 <mark class="trial-mark-error">＞</mark> 1' in wrong
    assert "第 1 行第 4 个字" in shown(wrong)
    doubtful = browser.post(PAGE, {"expression": "1 / 0 = 保废"}).text
    assert '<mark class="trial-mark-warning">保废</mark>' in doubtful


def test_a_case_is_found_by_unit_or_number_and_chosen(agreed):
    browser, case = agreed.browser("provider_manager"), case_of(agreed)
    with agreed.web.runtime.database.read(EVERYTHING) as session:
        number = session.scalars(select(Case.number).where(Case.process == "service_cycle")).one()
    assert f'value="{case}"' in browser.get(PAGE).text
    found = browser.post(PAGE, {"q": number, "expression": "policy_end"}).text
    assert f'name="choose" value="{case}"' in found
    chosen = browser.post(PAGE, {"choose": case, "q": "", "expression": "policy_end"}).text
    assert '@"2027-02-28"' in unescape(shown(chosen))
    assert number in chosen
    assert "没有找到“不存在的”" in browser.post(PAGE, {"q": "不存在的"}).text


def test_without_cases_the_page_says_what_to_do(web):
    page = web.client(web.person("provider_manager")).get(PAGE).text
    assert "还没有在办的办件" in page
    assert "选一份办件，它的变量就列在这里" in page
    assert "还没有发布流程" in web.client(web.person("process_designer")).get(PAGE).text


def test_a_person_of_both_kinds_may_use_both(web):
    page = web.client(web.person("joint_office", "process_designer")).get(PAGE).text
    assert "用哪份办件" in page


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("1" * 5_000, "表达式不能长于 4000 个字符"),
        ("(" * 4_000, "嵌套"),
        ("count(for i in 1..10000, j in 1..10000 return i)", "计算步数太多：最多 50000。"),
        ("9 ** 9999 ** 9", None),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', None),
        ("a\0b\u202e", "第 1 行第 3 个字"),
        ('"\\uD83D"', None),
        ("{{7*7}} __import__('os')", "第 1 行"),
    ],
)
def test_hostile_expressions_end_in_words(agreed, expression, told):
    answer = asked(agreed, expression, given="{x: 1}")
    assert told is None or told in str(answer)
    page = agreed.browser("provider_manager").post(PAGE, {"expression": expression})
    assert page.status_code == 200


def test_hostile_requests_are_answered(agreed):
    browser = agreed.browser("provider_manager")
    token = browser.csrf()
    assert "表达式不能长于" in browser.post(VALUE, {"expression": "1" * 5_000_000}).json["fault"]["text"]
    for body in (
        b"expression=%ED%A0%80%ED%BF%BF",
        b"expression=%FF%FE",
        b"expression=%00",
        b"expression=",
        b"",
    ):
        answer = browser.client.post(
            VALUE,
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code == 200, body
    empty = asked(agreed, "  ")
    assert (empty["value"], empty["fault"], empty["unknown"]) == (None, None, [])
    nonsense = {"case": "x", "release": "'--", "mode": "?", "choose": "\0"}
    assert asked(agreed, "1 + 1", **nonsense)["value"] == "2"
    assert browser.get(f"{PAGE}?case=x&release=y&q={'长' * 500}").status_code == 200


def test_markup_in_an_expression_stays_text(agreed):
    page = agreed.browser("provider_manager").post(PAGE, {"expression": '"<script>alert(1)</script>"'}).text
    assert "<script>alert" not in page


def test_a_doubt_in_the_story_leads_here_for_those_who_may(agreed):
    now = agreed.world.clock() + timedelta(minutes=1)
    with agreed.web.runtime.database.write(EVERYTHING, now=now) as session:
        case = session.scalars(select(Case).where(Case.process == "service_cycle")).one()
        told = {"text": "没有走", "condition": "policy_ned > today()", "reasons": []}
        case.version += 1
        append(session, case, [EventDraft("engine.doubt", "g", told)], None, None, now)
        address = f"/cases/{case.id}"
    (href,) = re.findall(
        r'<a href="([^"]+)">在表达式试算里打开</a>', agreed.browser("provider_manager").get(address).text
    )
    page = agreed.browser("provider_manager").get(unescape(href)).text
    assert "policy_ned &gt; today()" in page
    assert "是不是“policy_end”？" in shown(page)
    for login in ("coordinator", "insurer"):
        assert PAGE not in agreed.browser(login).get(address).text


def test_every_function_is_offered_with_what_it_gives(agreed):
    tree = html.fromstring(agreed.browser("process_designer").get(PAGE).text)
    names, infos = (tree.xpath(f"//*[@data-call]/@data-{part}") for part in ("insert", "info"))
    offered = dict(zip(names, infos, strict=True))
    functions = BUILTINS.keys() | {"workdays", "add workdays", "start of day", "end of day", "is defined"}
    assert offered.keys() == functions
    assert all(re.search(r"[\u4e00-\u9fff]", info) and len(info) < 40 for info in offered.values())


def test_the_guide_is_read_in_the_product_and_its_examples_can_be_tried(agreed):
    browser = agreed.browser("process_designer")
    page = browser.get(GUIDE).text
    tree = html.fromstring(page)
    assert len(tree.xpath("//article/h2")) == 12
    assert {word for text in spoken(page) for word in latin(text)} == set()
    tries = tree.xpath("//a[@class='guide-try']/@href")
    examples = [part for part in read_guide().parts if isinstance(part, Example)]
    assert len(tries) == len(examples) > 45
    for href, example in zip(tries, examples, strict=True):
        answer = example.answer.splitlines()[0].rpartition("→ ")[2].removeprefix("✗ ")
        assert answer in shown(browser.get(href).text), example.text


def test_markup_in_the_guide_stays_text():
    guide = guide_of("# 一\n\n<script>x</script>\n\n## 二\n\n[a](javascript:x)\n")
    assert guide.title == "一"
    text = "".join(part for part in guide.parts if isinstance(part, str))
    assert "<script>" not in text
    assert 'href="javascript' not in text

"""A whole form: what is shown, what is required, rules across fields, rows."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.posted import html_name
from forms.validate import check
from tests.support.forms import STEPS, filled, form_of, make_context, shipped

NAME = {"type": "textfield", "key": "name", "label": "姓名", "validate": {"required": True}}
WHY = {
    "type": "textfield",
    "key": "why",
    "label": "理由",
    "validate": {"required": True},
    "conditional": {"hide": '=name != "王"'},
}
ROWS = {
    "type": "dynamiclist",
    "path": "rows",
    "label": "隐患",
    "properties": {"item_label": "隐患", "min_rows": "1", "add_label": "加一条"},
    "components": [
        {**NAME, "key": "place", "label": "部位"},
        {**WHY, "key": "basis", "label": "依据", "conditional": {"hide": '=this.place != "炉"'}},
    ],
}


def test_hidden_questions_are_null_and_not_required() -> None:
    checked = check(form_of(NAME, WHY), {"name": "李", "why": "随便"}, make_context())
    assert checked.answers == {"name": "李", "why": None}
    assert checked.valid
    assert checked.hidden == {"why"}


def test_a_question_that_is_shown_is_required() -> None:
    checked = check(form_of(NAME, WHY), {"name": "王"}, make_context())
    assert checked.errors == {"why": "请填写“理由”"}


def test_an_error_of_a_hidden_question_is_not_told() -> None:
    form = form_of(NAME, {**WHY, "validate": {"required": True, "maxLength": 3}})
    assert check(form, {"name": "李", "why": "一二三四"}, make_context()).valid


def test_what_a_hidden_question_holds_shows_no_other_one() -> None:
    chain = {**WHY, "key": "more", "label": "说明", "conditional": {"hide": '=why != "甲"'}}
    checked = check(form_of(NAME, WHY, chain), {"name": "李", "why": "甲", "more": "乙"}, make_context())
    assert checked.answers == {"name": "李", "why": None, "more": None}


def test_conditions_that_chase_each_other_come_to_an_end() -> None:
    one = {**WHY, "key": "a", "conditional": {"hide": "=b != null"}}
    other = {**WHY, "key": "b", "conditional": {"hide": "=a != null"}}
    assert check(form_of(one, other), {"a": "1", "b": "1"}, make_context()).answers.keys() == {"a", "b"}


def test_a_hidden_group_takes_everything_in_it_along() -> None:
    group = {"type": "group", "label": "组", "components": [NAME, ROWS], "conditional": {"hide": "=off"}}
    nested = {**group, "path": "inner"}
    posted = {"name": "王", "rows": [{"place": "炉"}]}
    assert check(form_of(group), posted, make_context(off=True)).answers == {"name": None, "rows": None}
    assert check(form_of(nested), {"inner": posted}, make_context(off=True)).answers == {"inner": None}
    assert check(form_of(nested), {"inner": posted}, make_context()).errors == {
        "inner.rows.0.basis": "请填写“依据”"
    }


def test_a_condition_in_a_row_sees_its_own_row() -> None:
    checked = check(form_of(ROWS), {"rows": [{"place": "炉"}, {"place": "库"}]}, make_context())
    assert checked.errors == {"rows.0.basis": "请填写“依据”"}
    assert checked.summary[0].text == "隐患 1：请填写“依据”"
    assert checked.hidden == {"rows.1.basis"}


def test_too_few_and_too_many_rows_are_told() -> None:
    form = form_of({**ROWS, "properties": {**ROWS["properties"], "max_rows": "2"}})
    assert check(form, {}, make_context()).errors == {"rows": "“隐患”至少要 1 行，请点“加一条”"}
    many = check(form, {"rows": [{"place": "库"}] * 3}, make_context())
    assert many.errors == {"rows": "“隐患”最多 2 行，请删去多的"}
    assert len(many.answers["rows"]) == 2


def test_never_more_than_500_rows_are_read() -> None:
    many = check(form_of(ROWS), {"rows": [{"place": "库"}] * 1000}, make_context())
    assert len(many.answers["rows"]) == 500
    assert many.errors == {"rows": "“隐患”最多 500 行，请删去多的"}


def test_rows_of_a_list_are_those_of_the_host_whatever_was_posted() -> None:
    fixed = {
        **ROWS,
        "properties": {"rows": "visit_hazards"},
        "components": [{**NAME, "key": "place", "label": "部位"}],
    }
    posted = {"rows": [{"item": "h2", "place": "乙"}, {"item": "evil", "place": "丙"}]}
    checked = check(form_of(fixed), posted, make_context())
    assert checked.answers == {"rows": [{"place": None, "item": "h1"}, {"place": "乙", "item": "h2"}]}
    assert checked.errors == {"rows.0.place": "请填写“部位”"}


def test_a_readonly_question_keeps_the_servers_value() -> None:
    form = form_of({**NAME, "readonly": True}, {**WHY, "disabled": True, "conditional": {}, "validate": {}})
    checked = check(form, {"name": "假", "why": "假"}, make_context(prefill={"name": "真"}))
    assert checked.answers == {"name": "真", "why": None}


def test_a_computed_answer_is_computed_here() -> None:
    total = {"type": "expression", "key": "total", "label": "合计", "expression": "=a + 1"}
    number = {"type": "number", "key": "a", "label": "数"}
    assert check(form_of(number, total), {"a": "2", "total": "99"}, make_context()).answers == {
        "a": Decimal(2),
        "total": Decimal(3),
    }


def test_a_rule_across_fields_speaks_with_the_value_allowed() -> None:
    checks = [{"when": "=day < today()", "field": "day", "message": "请改为 {{today()}} 或以后"}]
    form = form_of({"type": "datetime", "subtype": "date", "key": "day", "dateLabel": "期限"}, checks=checks)
    assert check(form, {"day": "2026-11-22"}, make_context()).errors == {"day": "请改为 2026-11-23 或以后"}
    assert check(form, {"day": "2026-11-23"}, make_context()).answers == {"day": date(2026, 11, 23)}


def test_a_rule_about_a_hidden_or_already_wrong_field_keeps_silent() -> None:
    checks = [{"when": "=true", "field": "why", "message": "规则"}]
    assert check(form_of(NAME, WHY, checks=checks), {"name": "李"}, make_context()).valid
    wrong = check(form_of(NAME, WHY, checks=checks), {"name": "王"}, make_context())
    assert wrong.errors == {"why": "请填写“理由”"}


def test_errors_stand_in_the_order_of_the_page() -> None:
    checks = [{"when": "=true", "field": "name", "message": "规则"}]
    checked = check(form_of(NAME, ROWS, checks=checks), {"name": "王", "rows": [{}]}, make_context())
    assert list(checked.errors) == ["name", "rows.0.place"]


def test_required_when_is_asked_with_the_answers_given() -> None:
    opinion = {**NAME, "key": "opinion", "validate": {}, "properties": {"required_when": '=name = "退"'}}
    form = form_of(NAME, opinion)
    assert check(form, {"name": "批"}, make_context()).valid
    assert check(form, {"name": "退"}, make_context()).errors == {"opinion": "请填写“姓名”"}


def test_no_is_an_answer_and_an_empty_box_is_not() -> None:
    yes_no = {
        "type": "radio",
        "key": "ok",
        "label": "是否齐全",
        "values": [{"value": "true", "label": "齐"}, {"value": "false", "label": "不齐"}],
        "properties": {"answer": "boolean"},
        "validate": {"required": True},
    }
    tick = {"type": "checkbox", "key": "seen", "label": "已看过", "validate": {"required": True}}
    checked = check(form_of(yes_no, tick), {"ok": "false"}, make_context())
    assert checked.answers == {"ok": False, "seen": False}
    assert checked.errors == {"seen": "请勾选“已看过”"}


def test_choices_may_come_from_an_expression() -> None:
    chosen = {
        "type": "select",
        "key": "a",
        "label": "谁",
        "valuesExpression": '=[{label: "甲", value: "1"}, "2"]',
    }
    form = form_of(chosen)
    assert check(form, {"a": "1"}, make_context()).valid
    assert check(form, {"a": "2"}, make_context()).valid
    assert not check(form, {"a": "3"}, make_context()).valid


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(st.sampled_from(STEPS), st.data())
def test_any_answers_to_any_shipped_form_are_judged_without_an_exception(
    step: str, data: st.DataObject
) -> None:
    form = shipped(step)
    posted = filled(form, data.draw(st.integers(0, 9)))
    for key in posted:
        if data.draw(st.booleans()):
            posted[key] = data.draw(JSON)
    checked = check(form, posted, make_context(on_behalf=data.draw(st.booleans())))
    assert checked.valid == (not checked.errors)
    for path in checked.hidden:
        if "." not in path and not path.startswith("#"):
            assert checked.answers[path] is None


def flat(values: object, path: str = "") -> list[tuple[str, str]]:
    """Return nested values as a browser posts them."""
    if isinstance(values, dict):
        return [
            pair for key, entry in values.items() for pair in flat(entry, f"{path}.{key}" if path else key)
        ]
    if isinstance(values, list) and any(isinstance(entry, dict) for entry in values):
        return [pair for number, entry in enumerate(values) for pair in flat(entry, f"{path}.{number * 3}")]
    entries = values if isinstance(values, list) else [values]
    return [(html_name(path), str(entry)) for entry in entries if entry is not None]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("branch", [0, 1, 5])
def test_a_browser_and_an_api_client_are_understood_alike(step: str, branch: int) -> None:
    form = shipped(step)
    values = filled(form, branch)
    nested = check(form, values, make_context())
    posted = check(form, MultiDict(flat(values)), make_context())
    assert posted.answers == nested.answers
    assert posted.errors == nested.errors


def test_words_for_what_is_missing_fit_the_kind_of_question() -> None:
    form = shipped("check_in")
    errors = check(form, {}, make_context()).errors
    assert errors["arrived_at"] == "请填写“到场时间”"
    assert errors["gate_photo"] == "“门口照片”至少要 1 张"
    assert errors["entry_admitted"] == "请选择“单位是否允许进场”"
    assert errors["ppe"] == "请勾选“劳动防护用品已穿戴好”"
    assert (
        check(shipped("provider_sign_record"), {}, make_context()).errors["signature"] == "请在“签名”处签字"
    )

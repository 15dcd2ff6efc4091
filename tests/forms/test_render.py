"""What a form looks like: read from the HTML as a person or a screen reader meets it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from forms.conditions import Evaluator
from forms.fields import bind
from forms.initial import as_texts, initial_values
from forms.posted import nest
from forms.reading import Reader
from forms.render import FormView
from forms.validate import check
from tests.forms.test_validate import flat
from tests.support.forms import STEPS, filled, form_of, make_context, shipped

VOID = {"input", "img", "br", "hr", "meta", "link", "path", "circle"}


class Page(HTMLParser):
    """Collects elements, and complains of tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, element: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for tag, attributes in self.elements
            if tag == element and all(attributes.get(key) == value for key, value in wanted.items())
        ]


@pytest.mark.parametrize("step", STEPS)
def test_every_form_is_well_formed_and_every_id_is_there_once(step: str) -> None:
    form = shipped(step)
    values = filled(form, 1)
    errors = check(form, {}, make_context()).errors
    page = Page(str(FormView(form, make_context(), values, errors)))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    described = [a["aria-describedby"] or "" for _, a in page.elements if "aria-describedby" in a]
    assert set(" ".join(described).split()) <= set(ids)
    labelled = [attributes["for"] for attributes in page.all("label") if "for" in attributes]
    assert set(labelled) <= set(ids)


@pytest.mark.parametrize("step", STEPS)
def test_each_line_of_the_error_box_leads_to_its_field(step: str) -> None:
    form = shipped(step)
    checked = check(form, {}, make_context())
    page = Page(str(FormView(form, make_context(), {}, checked.errors)))
    targets = {attributes.get("id") for _, attributes in page.elements}
    links = [
        attributes["href"] for attributes in page.all("a") if (attributes.get("href") or "").startswith("#f-")
    ]
    assert len(links) == len(checked.errors)
    assert {str(link)[1:] for link in links} <= targets


def test_an_error_stands_at_its_field_and_what_was_typed_stays() -> None:
    form = shipped("plan_rectification")
    posted = {"answer": "accept", "responsible": "<王>", "finish_by": "2026-13-01"}
    context = make_context(level="general")
    html = str(FormView(form, context, posted, check(form, posted, context).errors))
    assert "“完成日期”要写成日期，如 2026-11-23 或 今天" in html
    assert 'value="2026-13-01"' in html
    assert "&lt;王&gt;" in html
    assert "改好才能提交" in html
    assert Page(html).all("input", name="finish_by")[0]["aria-invalid"] == "true"


def test_two_to_five_choices_stand_side_by_side_and_more_go_into_a_select() -> None:
    page = Page(str(FormView(shipped("record_visit"), make_context(), {"hazards": [{}]})))
    assert len(page.all("input", type="radio", name="hazards-0-level")) == 2
    assert (
        len(page.all("select", name="hazards-0-cause")) + len(page.all("input", name="hazards-0-cause")) >= 1
    )
    assert page.all("select", name="hazards-0-hazard_class")


def test_satisfaction_shows_figure_and_word_from_low_to_high() -> None:
    html = str(
        FormView(shipped("make_return_visit"), make_context(), {"satisfaction": "4", "reached": "true"})
    )
    radios = Page(html).all("input", name="satisfaction")
    assert [radio["value"] for radio in radios] == ["1", "2", "3", "4", "5"]
    assert "checked" in radios[3]
    assert re.search(r"<b>4</b>\s*满意", html)


def test_hidden_parts_are_there_but_not_shown() -> None:
    form = shipped("make_return_visit")
    page = Page(str(FormView(form, make_context(), {"reached": "false"})))
    (section,) = [part for part in page.all("section") if part.get("data-hide") == "reached != true"]
    assert "hidden" in section
    shown = Page(str(FormView(form, make_context(), {"reached": "true"})))
    (section,) = [part for part in shown.all("section") if part.get("data-hide") == "reached != true"]
    assert "hidden" not in section


def test_only_parts_with_a_condition_of_their_own_are_marked_hidden() -> None:
    for step in STEPS:
        page = Page(str(FormView(shipped(step), make_context(), {})))
        marked = [
            a for _, a in page.elements if "hidden" in a and ("data-path" in a or "aria-labelledby" in a)
        ]
        assert all("data-hide" in attributes for attributes in marked)


def test_only_names_that_conditions_ask_for_reach_the_browser() -> None:
    html = str(FormView(shipped("plan_rectification"), make_context(level="major", secret="机密")))
    facts = next(a["data-facts"] for _, a in Page(html).elements if "data-facts" in a)
    assert facts is not None
    assert '"level":"major"' in facts
    assert "机密" not in html


def test_a_list_shows_its_rows_and_keeps_a_blank_one_for_script() -> None:
    view = FormView(
        shipped("record_visit"), make_context(), {"hazards": [{"description": "电线破损", "level": "major"}]}
    )
    html = str(view)
    assert "隐患 1" in html
    assert 'data-level="重大"' in html
    assert 'name="hazards-0-place"' in html
    assert 'name="hazards-__row__-place"' in html
    assert 'name="_remove" value="hazards-0"' in html


def test_the_first_view_is_prefilled_and_lists_begin_with_their_rows() -> None:
    prefill = {"days": [{"started_at": make_context().now}], "place": "熔炼车间", "photos": ["photo-1"]}
    html = str(FormView(shipped("record_visit"), make_context(prefill=prefill)))
    assert 'value="2026-11-23 10:00"' in html
    assert 'value="熔炼车间"' in html
    assert 'value="photo-1"' in html
    assert 'name="days-0-started_at"' in str(FormView(shipped("record_visit"), make_context()))


def test_fixed_rows_are_prefilled_by_item_or_as_a_list() -> None:
    form = shipped("sign_notice")
    for prefill in ({"h2": {"basis_clause": "第五条"}}, [{"item": "h2", "basis_clause": "第五条"}]):
        rows = initial_values(form, make_context(prefill={"hazards": prefill}))["hazards"]
        assert [(row["item"], row["basis_clause"]) for row in rows] == [("h1", ""), ("h2", "第五条")]


def test_facts_and_readonly_answers_are_read_aloud() -> None:
    level = {"type": "radio", "key": "level", "label": "级别", "valuesKey": "hazard_level", "readonly": True}
    fact = {"type": "expression", "label": "完成日", "expression": "=day", "properties": {"widget": "fact"}}
    context = make_context(prefill={"level": "major"}, day=make_context().today)
    html = str(FormView(form_of(level, fact), context))
    assert "重大" in html
    assert "2026-11-23" in html
    assert "<input" not in html


def test_static_parts_and_tables_are_drawn_and_escaped() -> None:
    table = {
        "type": "table",
        "dataSource": "=lines",
        "columns": [{"key": "name", "label": "名称"}, {"key": "count", "label": "数"}],
    }
    parts = [
        {"type": "text", "text": "上次意见：{{opinion}}"},
        {"type": "html", "content": "<p>{{opinion}}</p>"},
        {"type": "separator"},
        {"type": "spacer"},
        {"type": "image", "source": "/static/a.png"},
        table,
    ]
    context = make_context(opinion="<b>改</b>", lines=[{"name": "甲", "count": 2}, "no row"])
    html = str(FormView(form_of(*parts), context))
    assert "&lt;b&gt;改&lt;/b&gt;" in html
    assert "<b>改" not in html
    assert "<td>甲</td><td>2</td>" in html


def test_the_outline_counts_errors_and_leaves_out_what_is_hidden() -> None:
    form = shipped("make_return_visit")
    checked = check(form, {}, make_context())
    outline = FormView(form, make_context(), {}, checked.errors).outline
    assert [(item.label, item.errors) for item in outline] == [("回访谁", 0), ("联系", 3)]
    rows = check(shipped("record_visit"), {"hazards": [{}]}, make_context())
    sections = FormView(shipped("record_visit"), make_context(), {"hazards": [{}]}, rows.errors).outline
    assert {item.label: item.errors for item in sections}["隐患"] == 8


def test_an_empty_checklist_leaves_no_empty_section() -> None:
    context = make_context()
    silent = FormView(shipped("record_visit"), context)
    assert "附件2 基本规定" in str(silent)
    without = replace(context, choices=lambda name: [] if name == "baseline_items" else context.choices(name))
    assert "附件2 基本规定" not in str(FormView(shipped("record_visit"), without))


@pytest.mark.parametrize("step", STEPS)
def test_wtforms_and_the_plain_reader_see_the_same_post(step: str) -> None:
    form, context = shipped(step), make_context()
    posted = MultiDict(flat(filled(form, 1)))
    choices = Reader(Evaluator(context)).choices
    level = bind(form, choices, None, posted)
    assert level.validate()
    assert as_texts(form, level.data, context) == as_texts(form, nest(form, posted), context)
    assert check(form, level.data, context) == check(form, posted, context)


@given(st.sampled_from(STEPS), st.integers(0, 30))
def test_answers_shown_again_are_the_same_answers(step: str, branch: int) -> None:
    form, context = shipped(step), make_context()
    answers = check(form, filled(form, branch), context).answers
    again = check(form, as_texts(form, answers, context), context).answers
    assert again == answers

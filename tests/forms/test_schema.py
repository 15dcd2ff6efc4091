"""What the parser takes and what it refuses, with every reason and not only the first."""

import json

import pytest

from forms.model import Field, Group, Kind, Rows, Static
from forms.schema import FormError, parse_form
from tests.support.forms import form_of


def refusals(*components: object, **root: object) -> list[str]:
    source = {
        "schemaVersion": 18,
        "id": "sample",
        "properties": {"title": "试卷"},
        "components": list(components),
    }
    with pytest.raises(FormError) as refused:
        parse_form(json.dumps({**source, **root}).encode())
    return [finding.rule for finding in refused.value.findings]


def text(key: object = "a", **more: object) -> dict[str, object]:
    return {"id": "x", "type": "textfield", "key": key, "label": "甲", **more}


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        ({"type": "iframe", "url": "https://example.cn"}, "component"),
        ({"type": "documentPreview"}, "component"),
        ({"type": "button", "action": "reset"}, "component"),
        ({"type": "something-new"}, "component"),
        ({}, "component"),
        (7, "type"),
        (text(key="ab-c"), "key"),
        (text(key="this"), "key"),
        (text(key="meta"), "key"),
        (text(key=None), "key"),
        (text(key=["a"]), "type"),
        (text(validate={"pattern": "(?=a)b"}), "pattern"),
        (text(validate={"minLength": "viel"}), "number"),
        (text(conditional={"hide": "=1 +"}), "feel"),
        (text(conditional={"hide": 7}), "feel"),
        (text(properties={"answer": "colour"}), "answer"),
        ({"type": "number", "key": "a", "label": "甲", "validate": {"min": "1e5"}}, "number"),
        ({"type": "datetime", "key": "a", "dateLabel": "甲", "subtype": "week"}, "subtype"),
        ({"type": "radio", "key": "a", "label": "甲"}, "choices"),
        (
            {
                "type": "radio",
                "key": "a",
                "values": [{"value": "1", "label": "a"}, {"value": "1", "label": "b"}],
            },
            "choices",
        ),
        ({"type": "image", "source": "javascript:alert(1)"}, "image"),
        ({"type": "text", "text": "{{1 +}}"}, "feel"),
        ({"type": "group", "label": "甲"}, "components"),
        (
            {
                "type": "dynamiclist",
                "path": "a",
                "components": [{"type": "dynamiclist", "path": "b", "components": []}],
            },
            "nested-list",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_at_publish(component: object, rule: str) -> None:
    assert rule in refusals(component)


@pytest.mark.parametrize(
    ("root", "rule"),
    [
        ({"schemaVersion": 99}, "version"),
        ({"schemaVersion": None}, "version"),
        ({"schemaVersion": True}, "version"),
        ({"type": "wizard"}, "type"),
        ({"components": "none"}, "components"),
        ({"properties": {"checks": {}}}, "checks"),
        ({"properties": {"checks": [{"when": "=a"}]}}, "check"),
        ({"properties": {"checks": [{"when": "=)", "field": "a", "message": "改"}]}}, "feel"),
    ],
)
def test_a_root_that_is_not_understood_is_refused(root: dict[str, object], rule: str) -> None:
    assert rule in refusals(text(), **root)


@pytest.mark.parametrize(
    ("source", "rule"),
    [(b"\xff", "not-json"), (b"[]", "not-a-form"), (b"{", "not-json"), (b" " * 600_000, "too-large")],
)
def test_a_file_that_is_no_form_is_refused(source: bytes, rule: str) -> None:
    with pytest.raises(FormError) as refused:
        parse_form(source)
    assert [finding.rule for finding in refused.value.findings] == [rule]


def test_groups_too_deep_are_refused() -> None:
    nested: dict[str, object] = {"type": "group", "components": []}
    for _ in range(8):
        nested = {"type": "group", "components": [nested]}
    assert "depth" in refusals(nested)


def test_every_refusal_is_reported_at_once() -> None:
    assert refusals(text(), text(), {"type": "iframe"}, schemaVersion=3) == [
        "version",
        "key-twice",
        "component",
    ]


def test_a_key_may_return_inside_a_row_or_a_group_with_a_path() -> None:
    inner = [text()]
    form = form_of(
        text(),
        {"type": "dynamiclist", "path": "rows", "components": inner},
        {"type": "group", "path": "more", "components": inner},
    )
    assert [type(part) for part in form.components] == [Field, Rows, Group]


def test_the_submit_button_of_the_editor_is_left_to_the_page() -> None:
    assert form_of({"type": "button", "label": "提交", "action": "submit"}).components == ()


def test_html_keeps_its_text_and_loses_what_could_run() -> None:
    content = '<p onclick="x()">甲<script>x()</script><a href="javascript:x()">乙</a></p>'
    (part,) = form_of({"type": "html", "content": content}).components
    assert isinstance(part, Static)
    assert part.content == '<p>甲<a rel="noopener noreferrer">乙</a></p>'


def test_the_kinds_follow_type_subtype_and_widget() -> None:
    form = form_of(
        text(key="a"),
        text(key="b", properties={"widget": "signature"}),
        text(key="c", properties={"widget": "geolocation"}),
        {"type": "datetime", "key": "d", "subtype": "time", "dateLabel": "时"},
        {"type": "taglist", "key": "e", "label": "签", "values": [{"value": "1", "label": "一"}]},
    )
    kinds = [part.kind for part in form.components if isinstance(part, Field)]
    assert kinds == [Kind.TEXT, Kind.SIGNATURE, Kind.POSITION, Kind.TIME, Kind.CHOICES]

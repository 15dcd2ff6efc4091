"""Parse form-js JSON into `model.Form`, or say what must change before it can be published.

Beyond form-js itself the root has `properties`: `title`, `submit`, `after`, `irreversible` and `checks`
(a list of `{"each"?, "when", "field", "message"}`, see `model.Check`). Components carry these custom
properties: `widget`, `answer` (boolean, number), `required_when`, `pattern_message`, `min_files`,
`max_files`, and on lists `rows` (one row per choice of that list), `min_rows`, `max_rows`, `item_label`,
`add_label`, `opens` (the list in which a finding of this one becomes a row).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from forms.components import FIELD_TYPES, STATIC_TYPES, Reader, read_field, read_static
from forms.model import MAX_ROWS, Check, Component, Finding, Form, Group, Rows

SCHEMA_VERSIONS = range(16, 20)
MAX_BYTES = 500_000
MAX_DEPTH = 6


class FormError(Exception):
    """The form cannot be used; `findings` say why, one each."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{finding.path}: {finding.rule}" for finding in findings))
        self.findings = findings


def parse_form(source: bytes) -> Form:
    """Return the form in `source`.

    Raises:
        FormError: with a finding for everything that is refused, not only the first.
    """
    document = _load(source)
    reader = Reader()
    _check_root(document, reader)
    components = _components(document.get("components"), reader, "", 0, set())
    root = reader.mapping(document.get("properties"), "properties")
    form = Form(
        key=reader.text(document, "id", "") or "form",
        title=reader.text(root, "title", "properties"),
        submit=reader.text(root, "submit", "properties") or "提交",
        after=reader.text(root, "after", "properties"),
        irreversible=root.get("irreversible") is True,
        components=components,
        checks=tuple(_checks(root.get("checks"), reader)),
    )
    if reader.findings:
        raise FormError(tuple(reader.findings))
    return form


def _load(source: bytes) -> Mapping[str, Any]:
    if len(source) > MAX_BYTES:
        raise FormError((Finding("", "too-large", f"表单不能超过 {MAX_BYTES} 字节，请拆成几步"),))
    try:
        document = json.loads(source, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise FormError((Finding("", "not-json", "文件不是 JSON，请从表单编辑器重新导出"),)) from error
    if not isinstance(document, dict):
        raise FormError((Finding("", "not-a-form", "文件不是表单，请从表单编辑器重新导出"),))
    return document


def _check_root(document: Mapping[str, Any], reader: Reader) -> None:
    version = document.get("schemaVersion")
    if version not in SCHEMA_VERSIONS or isinstance(version, bool):
        known = f"{SCHEMA_VERSIONS.start} 至 {SCHEMA_VERSIONS.stop - 1}"
        reader.refuse("schemaVersion", "version", f"表单格式版本 {version!s} 不认识，请用版本 {known}")
    if document.get("type", "default") != "default":
        reader.refuse("type", "type", "表单的类型只能是 default")


def _components(
    listed: object, reader: Reader, where: str, depth: int, keys: set[str]
) -> tuple[Component, ...]:
    if not isinstance(listed, list):
        reader.refuse(where or "components", "components", "缺少组件列表 components")
        return ()
    if depth > MAX_DEPTH:
        reader.refuse(where, "depth", f"分组套得太深，最多 {MAX_DEPTH} 层")
        return ()
    found: list[Component] = []
    for position, raw in enumerate(listed):
        component = reader.mapping(raw, f"{where}[{position}]")
        place = f"{where}[{position}] {component.get('key') or component.get('path') or component.get('id')}"
        parsed = _component(component, reader, place, depth, keys)
        if parsed is not None:
            found.append(parsed)
    return tuple(found)


def _component(
    raw: Mapping[str, Any], reader: Reader, place: str, depth: int, keys: set[str]
) -> Component | None:
    kind = raw.get("type")
    if kind == "button" and raw.get("action", "submit") == "submit":
        return None  # the page has its own button
    if kind in FIELD_TYPES:
        return read_field(raw, reader, place, keys)
    if kind in STATIC_TYPES:
        return read_static(raw, reader, place)
    containers: dict[object, Callable[[], Component]] = {
        "group": lambda: _group(raw, reader, place, depth, keys),
        "dynamiclist": lambda: _rows(raw, reader, place, depth, keys),
    }
    if kind in containers:
        return containers[kind]()
    reader.refuse(place, "component", f"不能用“{kind}”这种组件，请删去或换成文本、选择、日期等普通组件")
    return None


def _group(raw: Mapping[str, Any], reader: Reader, place: str, depth: int, keys: set[str]) -> Group:
    path = reader.key(raw, "path", place, keys) if raw.get("path") else None
    properties = reader.mapping(raw.get("properties"), place)
    return Group(
        id=reader.text(raw, "id", place),
        label=reader.text(raw, "label", place),
        hint=reader.text(raw, "description", place),
        path=path,
        hide=reader.hide(raw, place),
        widget=reader.text(properties, "widget", place),
        components=_components(raw.get("components"), reader, place, depth + 1, set() if path else keys),
    )


def _rows(raw: Mapping[str, Any], reader: Reader, place: str, depth: int, keys: set[str]) -> Rows:
    if reader.inside_rows:
        reader.refuse(place, "nested-list", "列表里不能再放列表，请把里层拿出来")
    properties = reader.mapping(raw.get("properties"), place)
    path = reader.key(raw, "path", place, keys)
    outer, reader.inside_rows = reader.inside_rows, True
    components = _components(raw.get("components"), reader, place, depth + 1, set())
    reader.inside_rows = outer
    return Rows(
        id=reader.text(raw, "id", place),
        path=path,
        label=reader.text(raw, "label", place),
        hint=reader.text(raw, "description", place),
        hide=reader.hide(raw, place),
        widget=reader.text(properties, "widget", place),
        source=reader.text(properties, "rows", place) or None,
        min_rows=reader.count(properties, "min_rows", place, 0),
        max_rows=min(MAX_ROWS, reader.count(properties, "max_rows", place, MAX_ROWS)),
        item_label=reader.text(properties, "item_label", place) or "行",
        add_label=reader.text(properties, "add_label", place) or "加一行",
        opens=reader.text(properties, "opens", place) or None,
        components=components,
    )


def _checks(listed: object, reader: Reader) -> list[Check]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        reader.refuse("properties.checks", "checks", "checks 要是一个列表")
        return []
    checks = []
    for position, raw in enumerate(listed):
        place = f"properties.checks[{position}]"
        entry = reader.mapping(raw, place)
        when = reader.expression(entry.get("when"), place)
        field, message = reader.text(entry, "field", place), reader.text(entry, "message", place)
        if when is None or not field or not message:
            reader.refuse(place, "check", "检查规则要有 when、field 和 message 三项")
            continue
        reader.template(message, place)
        checks.append(Check(when, field, message, reader.text(entry, "each", place) or None))
    return checks

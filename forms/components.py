"""Read single components of form-js: fields and the static parts between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import nh3
import re2
from msgspec import Struct, field

import feel
from forms.model import Field, Finding, Kind, Limits, Option, Static
from forms.wording import expressions_in

FIELD_TYPES = {
    "textfield": Kind.TEXT,
    "textarea": Kind.LONG_TEXT,
    "number": Kind.NUMBER,
    "datetime": Kind.DATE,
    "radio": Kind.CHOICE,
    "select": Kind.CHOICE,
    "checklist": Kind.CHOICES,
    "taglist": Kind.CHOICES,
    "checkbox": Kind.TICK,
    "filepicker": Kind.FILES,
    "expression": Kind.EXPRESSION,
}
STATIC_TYPES = frozenset({"text", "html", "image", "separator", "spacer", "table"})
WIDGET_KINDS = {"signature": Kind.SIGNATURE, "geolocation": Kind.POSITION}
SUBTYPES = {"date": Kind.DATE, "time": Kind.TIME, "datetime": Kind.MOMENT}
HALF_OF_GRID = 8
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED = {"this", "parent", "formdata", "obj", "prefix", "meta"}  # words of FEEL scopes and of WTForms
LINK_SCHEMES = {"http", "https", "mailto", "tel"}


class Reader(Struct):
    """Collects findings while the JSON is read; every getter checks the type of what it takes."""

    findings: list[Finding] = field(default_factory=list)
    inside_rows: bool = False

    def refuse(self, place: str, rule: str, message: str) -> None:
        """Note one reason against the form."""
        self.findings.append(Finding(place, rule, message))

    def mapping(self, value: object, place: str) -> Mapping[str, Any]:
        """Return an object of the JSON, or an empty one with a finding."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(place, "type", "这里要是一个对象")
            return {}
        return value

    def text(self, holder: Mapping[str, Any], name: str, place: str) -> str:
        """Return a text, empty when absent."""
        value = holder.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.refuse(place, "type", f"“{name}”要是文字")
            return ""
        return str(value)

    def count(self, holder: Mapping[str, Any], name: str, place: str, default: int) -> int:
        """Return a whole number that may be written as text, as the editor does with custom properties."""
        text = self.text(holder, name, place)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 6):
            self.refuse(place, "number", f"“{name}”要是整数，现在是 {text}")
            return default
        return int(text)

    def number(self, holder: Mapping[str, Any], name: str, place: str) -> Decimal | None:
        """Return a number or None."""
        text = self.text(holder, name, place)
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,16}(\.\d{1,10})?", text):
            self.refuse(place, "number", f"“{name}”要是数字，现在是 {text[:40]}")
            return None
        return Decimal(text)

    def key(self, holder: Mapping[str, Any], name: str, place: str, taken: set[str]) -> str:
        """Return a key that is new on its level."""
        key = self.text(holder, name, place)
        if not KEY.fullmatch(key) or key in RESERVED:
            self.refuse(place, "key", f"键“{key}”不能用：要以英文字母开头，只含字母、数字和下划线")
        if key in taken:
            self.refuse(place, "key-twice", f"键“{key}”用了两次，请改其中一个")
        taken.add(key)
        return key

    def expression(self, value: object, place: str) -> str | None:
        """Return FEEL without its leading `=`, None when absent or refused."""
        if value in (None, "", False):
            return None
        if not isinstance(value, str):
            self.refuse(place, "feel", "条件要写成 FEEL 文字")
            return None
        text = value.strip().removeprefix("=").strip()
        try:
            feel.parse(text)
        except feel.FeelSyntaxError as error:
            self.refuse(place, "feel", f"条件“{text[:80]}”读不懂：{error}")
            return None
        return text

    def hide(self, raw: Mapping[str, Any], place: str) -> str | None:
        """Return the condition that hides a component."""
        return self.expression(self.mapping(raw.get("conditional"), place).get("hide"), place)

    def template(self, text: str, place: str) -> None:
        """Check each `{{expression}}` of a text."""
        for expression in expressions_in(text):
            self.expression(expression, place)


def read_field(raw: Mapping[str, Any], reader: Reader, place: str, keys: set[str]) -> Field:
    """Return a question."""
    properties = reader.mapping(raw.get("properties"), place)
    validate = reader.mapping(raw.get("validate"), place)
    widget = reader.text(properties, "widget", place)
    kind = _kind(raw, widget, reader, place)
    fact = kind is Kind.EXPRESSION and widget == "fact"
    layout = reader.mapping(raw.get("layout"), place)
    columns = reader.count(layout, "columns", place, 0)
    default = raw.get("defaultValue")
    return Field(
        id=reader.text(raw, "id", place),
        key="" if fact else reader.key(raw, "key", place, keys),
        kind=kind,
        label=reader.text(raw, "label", place) or reader.text(raw, "dateLabel", place),
        hint=reader.text(raw, "description", place),
        widget=widget,
        required=validate.get("required") is True,
        required_when=reader.expression(properties.get("required_when"), place),
        hide=reader.hide(raw, place),
        readonly=raw.get("readonly") is True or raw.get("disabled") is True,
        default=("true" if default else "false") if isinstance(default, bool) else default and str(default),
        options=_options(raw, reader, place),
        source=reader.text(raw, "valuesKey", place) or None,
        source_expression=reader.expression(raw.get("valuesExpression"), place),
        answer=_answer(properties, reader, place),
        expression=reader.expression(raw.get("expression"), place),
        unit=reader.text(reader.mapping(raw.get("appearance"), place), "suffixAdorner", place),
        accept=reader.text(raw, "accept", place),
        half=0 < columns <= HALF_OF_GRID,
        limits=_limits(raw, validate, properties, reader, place),
    )


def _kind(raw: Mapping[str, Any], widget: str, reader: Reader, place: str) -> Kind:
    kind = FIELD_TYPES[raw["type"]]
    if kind is Kind.DATE:
        subtype = reader.text(raw, "subtype", place) or "date"
        if subtype not in SUBTYPES:
            reader.refuse(place, "subtype", f"日期的类型“{subtype}”不认识，请用 date、time 或 datetime")
        return SUBTYPES.get(subtype, Kind.DATE)
    return WIDGET_KINDS.get(widget, kind) if kind is Kind.TEXT else kind


def _answer(properties: Mapping[str, Any], reader: Reader, place: str) -> str:
    answer = reader.text(properties, "answer", place) or "text"
    if answer not in {"text", "boolean", "number"}:
        reader.refuse(place, "answer", f"答案类型“{answer}”不认识，请用 text、boolean 或 number")
    return answer


def _options(raw: Mapping[str, Any], reader: Reader, place: str) -> tuple[Option, ...]:
    listed = raw.get("values")
    if FIELD_TYPES[raw["type"]] not in {Kind.CHOICE, Kind.CHOICES}:
        return ()
    if not listed and not raw.get("valuesKey") and not raw.get("valuesExpression"):
        reader.refuse(place, "choices", "选择题没有选项，请列出选项或填写选项来源")
    entries = [reader.mapping(entry, place) for entry in listed] if isinstance(listed, list) else []
    options = tuple(
        Option(reader.text(entry, "value", place), reader.text(entry, "label", place)) for entry in entries
    )
    if len({option.value for option in options}) < len(options):
        reader.refuse(place, "choices", "有两个选项的值相同，请改其中一个")
    return options


def _limits(
    raw: Mapping[str, Any],
    validate: Mapping[str, Any],
    properties: Mapping[str, Any],
    reader: Reader,
    place: str,
) -> Limits:
    pattern = reader.text(validate, "pattern", place) or None
    if pattern and not _compiles(pattern):
        reader.refuse(place, "pattern", f"格式规则“{pattern[:80]}”不能用，请换成 RE2 支持的写法")
        pattern = None
    lengths = [reader.text(validate, name, place) for name in ("minLength", "maxLength")]
    many = raw.get("multiple") is True
    return Limits(
        min_length=reader.count(validate, "minLength", place, 0) if lengths[0] else None,
        max_length=reader.count(validate, "maxLength", place, 0) if lengths[1] else None,
        pattern=pattern,
        pattern_message=reader.text(properties, "pattern_message", place) or None,
        email_or_phone=reader.text(validate, "validationType", place) or None,
        minimum=reader.number(validate, "min", place),
        maximum=reader.number(validate, "max", place),
        digits=reader.count(raw, "decimalDigits", place, 0),
        min_files=reader.count(properties, "min_files", place, 0),
        max_files=reader.count(properties, "max_files", place, 20 if many else 1),
    )


def _compiles(pattern: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def read_static(raw: Mapping[str, Any], reader: Reader, place: str) -> Static:
    """Return a part that asks nothing; HTML is cleaned here, once."""
    kind = raw["type"]
    content = reader.text(
        raw, {"html": "content", "image": "source", "table": "dataSource"}.get(kind, "text"), place
    )
    if kind == "html":
        content = nh3.clean(content, url_schemes=LINK_SCHEMES)
    if kind == "image" and not content.startswith("/"):
        reader.refuse(place, "image", "图片只能用本系统里的地址，请先上传")
    if kind == "table":
        content = reader.expression(content, place) or "null"
    if kind in {"text", "html"}:
        reader.template(content, place)
    columns = raw.get("columns") if kind == "table" else None
    entries = [reader.mapping(entry, place) for entry in columns] if isinstance(columns, list) else []
    return Static(
        id=reader.text(raw, "id", place),
        kind=kind,
        content=content,
        hide=reader.hide(raw, place),
        columns=tuple(
            Option(reader.text(entry, "key", place), reader.text(entry, "label", place)) for entry in entries
        ),
    )

"""A form out of a register's columns: the same words, hints and choices as the sheet, the same checks behind."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm

from documents.sheets import Column, Register
from webapp.texts import _
from workflows.registers import WrittenRecord

SEGMENTS = 5
"""So many choices stand side by side; more of them are a list."""
_WIDE = 30
_LONG_TEXTS = frozenset({"description", "background"})


class FieldView(Struct, frozen=True):
    """One field as the page draws it. `kind`: text, area, day, select, segments, boxes."""

    key: str
    label: str
    hint: str
    kind: str
    optional: bool
    value: str
    chosen: tuple[str, ...]
    choices: tuple[str, ...]
    error: str
    now: str = ""
    mode: str = ""
    is_wide: bool = False

    @property
    def id(self) -> str:
        """Return the id of its control."""
        return f"field-{self.key}"


class EntryForm(Struct, frozen=True):
    """A form: what must be filled in, what may be, what stands fixed beside it, what is wrong."""

    required: tuple[FieldView, ...]
    optional: tuple[FieldView, ...]
    fixed: tuple[tuple[str, str], ...]
    whole_error: str = ""

    @property
    def wrong(self) -> tuple[FieldView, ...]:
        """Return the fields that are to be changed."""
        return tuple(view for view in (*self.required, *self.optional) if view.error)


class Typed(Struct, frozen=True):
    """What is in the form: posted or known texts, and what is wrong with them."""

    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    newer: Mapping[str, str] = field(default_factory=dict)


def entry_form(register: Register, typed: Typed, known: WrittenRecord | None) -> EntryForm:
    """Return the form of a register for a new record, or for a known one."""
    hidden = (known.fixed | known.omitted) if known is not None else frozenset[str]()
    columns = [column for column in register.columns if column.key not in hidden]
    form = BaseForm({column.key: _field(column) for column in columns})
    form.process(MultiDict(_pairs(columns, typed.texts)))
    views = [_view(column, form[column.key], typed, known) for column in columns]
    whole = [message for key, message in typed.errors.items() if key not in {c.key for c in columns}]
    return EntryForm(
        required=tuple(view for view in views if not view.optional),
        optional=tuple(view for view in views if view.optional),
        fixed=tuple(_fixed(register.columns, known)),
        whole_error="；".join(whole),
    )


def posted_texts(register: Register, posted: MultiDict[str, str]) -> dict[str, str]:
    """Return what was posted, column key → cell text; several ticked words become one cell."""
    return {
        column.key: "、".join(posted.getlist(column.key)) if column.several else posted.get(column.key, "")
        for column in register.columns
    }


def _field(column: Column) -> Field:
    if column.several:
        return SelectMultipleField(choices=list(column.choices), validate_choice=False)
    if column.choices:
        return SelectField(choices=["", *column.choices], validate_choice=False)
    return TextAreaField() if column.key in _LONG_TEXTS else StringField()


def _pairs(columns: Iterable[Column], texts: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = []
    for column in columns:
        text = texts.get(column.key, "")
        words = [word for word in text.split("、") if word] if column.several else [text]
        pairs += [(column.key, word) for word in words]
    return pairs


def _view(column: Column, bound: Field, typed: Typed, known: WrittenRecord | None) -> FieldView:
    data = bound.data
    chosen = tuple(map(str, data)) if isinstance(data, list) else (str(data or ""),)
    is_secret = known is not None and column.key in known.secret
    return FieldView(
        key=column.key,
        label=column.title,
        hint=_hint(column, is_secret=is_secret),
        kind=_kind(column),
        optional=not column.required or is_secret,
        value="" if column.several else chosen[0],
        chosen=chosen,
        choices=column.choices,
        error=typed.errors.get(column.key, ""),
        now="" if is_secret else _newer(column.key, typed),
        is_wide=column.width >= _WIDE and not column.choices,
        mode="tel" if "号码" in column.hint or "电话" in column.title else "decimal" if column.money else "",
    )


def _hint(column: Column, *, is_secret: bool) -> str:
    if is_secret:
        return _("留空不改；为保护个人信息，这里不显示原号码")
    return "" if column.several else column.hint


def _newer(key: str, typed: Typed) -> str:
    """Return what the register says now, where somebody else has written something else meanwhile."""
    now = typed.newer.get(key)
    return "" if now is None or now == typed.texts.get(key, "") else now or _("（空）")


def _kind(column: Column) -> str:
    if column.several:
        return "boxes"
    if column.choices:
        few = column.required and len(column.choices) <= SEGMENTS
        return "segments" if few else "select"
    if column.key in _LONG_TEXTS:
        return "area"
    return "day" if "2026-11-23" in column.hint else "text"


def _fixed(columns: Iterable[Column], known: WrittenRecord | None) -> Iterable[tuple[str, str]]:
    if known is None:
        return
    for column in columns:
        text = known.texts.get(column.key, "")
        if column.key in known.fixed and text:
            yield column.title, text

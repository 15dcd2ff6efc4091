"""What is different between two versions of a form: questions, what they ask, and the rules across them."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import asdict, fields

from forms.model import Component, Field, Form, Group, Limits, Rows, Static
from forms.schema import FormError
from workflows.bundles import digest_of
from workflows.compare.model import Area, Change, Kind, Place, differences
from workflows.pinned import read_form

_NOUNS = {Field: "字段", Static: "说明文字", Group: "分组", Rows: "列表"}
_APART = frozenset({"id", "components", "label", "key", "path"})
_KINDS = {
    "text": "单行文字",
    "long-text": "多行文字",
    "number": "数字",
    "date": "日期",
    "time": "时间",
    "moment": "日期和时间",
    "choice": "单选",
    "choices": "多选",
    "tick": "勾选",
    "files": "文件",
    "signature": "签名",
    "position": "定位",
    "expression": "算出的值",
}
WORDS = {
    "kind": "类型",
    "required": "必填",
    "required_when": "何时必填",
    "hide": "何时不显示",
    "options": "选项",
    "source": "选项来源",
    "source_expression": "选项来源",
    "answer": "答案类型",
    "readonly": "只读",
    "default": "缺省值",
    "hint": "提示",
    "unit": "单位",
    "expression": "公式",
    "accept": "文件种类",
    "half": "半宽",
    "widget": "控件",
    "content": "文字",
    "columns": "列",
    "min_rows": "最少几行",
    "max_rows": "最多几行",
    "item_label": "一行叫什么",
    "add_label": "加行的按钮",
    "opens": "转入的列表",
    "min_length": "最少字数",
    "max_length": "最多字数",
    "pattern": "格式",
    "pattern_message": "格式不对时说什么",
    "email_or_phone": "邮箱或电话",
    "minimum": "最小值",
    "maximum": "最大值",
    "digits": "小数位数",
    "min_files": "最少几个文件",
    "max_files": "最多几个文件",
    "order": "顺序",
    "within": "所在的分组",
}
_FORM_WORDS = {"title": "名称", "submit": "提交按钮", "after": "提交以后的话", "irreversible": "不可撤销"}


class _Question(Struct, frozen=True):
    """A component and the path of containers that it stands in."""

    component: Component
    within: str


def compare_forms(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield what became different; of a form that cannot be read only that its content differs."""
    whole = Place(Area.FORM, file, "表单", "", file.removeprefix("forms/").removesuffix(".json"))
    try:
        before, after = read_form(old), read_form(new)
    except FormError:
        yield Change(Kind.CHANGED, whole, "内容", digest_of(old)[:12], digest_of(new)[:12])
        return
    place = Place(Area.FORM, file, "表单", "", after.title or whole.name)
    yield from differences(place, _head(before), _head(after), _FORM_WORDS)
    yield from _questions(place, _listed(before), _listed(after))
    yield from _order(place, _listed(before), _listed(after))
    yield from differences(place, _rules(before), _rules(after), {})


def _head(form: Form) -> dict[str, object]:
    return {name: getattr(form, name) for name in _FORM_WORDS}


def _rules(form: Form) -> dict[str, object]:
    """Return the rules across fields, each named by the place where it speaks and its number there."""
    found: dict[str, object] = {}
    for check in form.checks:
        where = f"{check.each}.{check.field}" if check.each else check.field
        n = sum(1 for name in found if name.startswith(f"核对“{where}”"))
        found[f"核对“{where}”（{n + 1}）"] = f"{check.when}：{check.message}"
    return found


def _listed(form: Form) -> dict[str, _Question]:
    found: dict[str, _Question] = {}
    _gather(form.components, "", "", found)
    return found


def _gather(listed: tuple[Component, ...], path: str, within: str, found: dict[str, _Question]) -> None:
    for component in listed:
        answer = _answer(component)
        identity = f"{path}{answer}" if answer else f"#{component.id}"
        found[identity] = _Question(component, within)
        if isinstance(component, Group | Rows):
            inner = f"{identity}." if component.path else path
            _gather(component.components, inner, component.label or component.id, found)


def _answer(component: Component) -> str:
    """Return the name under which a component keeps its answer, empty for what keeps none."""
    if isinstance(component, Field):
        return component.key if component.stored else ""
    return "" if isinstance(component, Static) else component.path or ""


def _questions(
    form: Place, before: Mapping[str, _Question], after: Mapping[str, _Question]
) -> Iterator[Change]:
    for identity in (*before, *(one for one in after if one not in before)):
        old, new = before.get(identity), after.get(identity)
        if new is None and old is not None:
            yield Change(Kind.REMOVED, _place(form, identity, old))
        elif old is None and new is not None:
            yield Change(Kind.ADDED, _place(form, identity, new))
        elif old is not None and new is not None:
            place = _place(form, identity, new)
            names = _label(old), _label(new)
            if names[0] != names[1]:
                yield Change(Kind.RENAMED, place, "标签", *names)
            yield from differences(place, _said(old), _said(new), WORDS)


def _place(form: Place, identity: str, question: _Question) -> Place:
    noun = _NOUNS[type(question.component)]
    return Place(Area.FORM, form.file, f"表单“{form.name}”的{noun}", identity, _label(question))


def _label(question: _Question) -> str:
    component = question.component
    return component.content[:30] if isinstance(component, Static) else component.label or component.id


def _said(question: _Question) -> dict[str, object]:
    """Return what a component says beside its label; its place of keeping is its identity."""
    component = question.component
    found = {one.name: getattr(component, one.name) for one in fields(component) if one.name not in _APART}
    found["within"] = question.within
    if isinstance(component, Static):
        found["content"] = " ".join(component.content.split())
    if isinstance(component, Field):
        found |= asdict(found.pop("limits") or Limits())
        found["kind"] = _KINDS[component.kind]
    for name in ("options", "columns"):
        if name in found:
            found[name] = tuple(f"{one.label}（{one.value}）" for one in found[name])
    return found


def _order(form: Place, before: Mapping[str, _Question], after: Mapping[str, _Question]) -> Iterator[Change]:
    old = [identity for identity in before if identity in after]
    new = [identity for identity in after if identity in before]
    if old != new:
        drawn = Place(Area.LAYOUT, form.file, form.noun, form.id, form.name)
        yield Change(Kind.MOVED, drawn, "里问题的先后不同")

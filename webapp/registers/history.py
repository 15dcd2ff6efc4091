"""Changes of a record as sentences, actor first."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from documents.sheets import Column, register_of
from store.pages.record_history import RecordChange
from webapp.dates import moment
from webapp.texts import _
from workflows.registers import ROSTERS


class Entry(Struct, frozen=True):
    """An entry of the timeline."""

    tone: str
    icon: str
    time: str
    text: str
    href: str = ""
    link: str = ""


def history_of(register: str, changes: Iterable[RecordChange]) -> list[Entry]:
    """Return the entries of the timeline of a register's record."""
    return [_entry(register, change) for change in changes]


def sentence_of(register: str, change: RecordChange) -> str:
    """Return one change as a sentence."""
    who = change.person or _("系统")
    match change.kind.rpartition(".")[2]:
        case "imported":
            return _("%(who)s登记", who=who)
        case "accident_imported":
            return _("%(who)s登记一起事故：%(what)s", who=who, what=_accident(change.data))
        case "file_attached":
            return _("%(who)s上传附件“%(name)s”", who=who, name=change.data.get("file", ""))
        case "endorsed":
            return _("%(who)s登记批改：%(what)s", who=who, what=_endorsement(change.data))
        case "surrendered":
            day, money = change.data.get("effective"), _yuan(change.data.get("refunded"))
            return _("%(who)s登记退保：%(day)s 起解除，退费 %(money)s", who=who, day=day, money=money)
        case _:
            return str(change.data.get("text") or f"{who}{_what_changed(register, change.data)}")


def _entry(register: str, change: RecordChange) -> Entry:
    is_new = change.kind.endswith("imported")
    tone, icon = ("green", "plus") if is_new else ("", "pencil")
    return Entry(tone, icon, moment(change.at), sentence_of(register, change))


def _what_changed(register: str, data: Mapping[str, object]) -> str:
    """Return what was changed to what, and what was emptied."""
    columns = _columns(register)
    given = data.get("was")
    was: Mapping[str, object] = given if isinstance(given, dict) else {}
    set_to, emptied = [], []
    for key, value in data.items():
        if key.endswith("_changed"):
            name = columns.get(key.removesuffix("_changed"))
            set_to.append(_("%(name)s改了（内容不显示）", name=name.title if name else key))
        elif key in columns and value not in (None, "", []):
            set_to.append(_change(columns[key], was.get(key), value))
        elif key in columns:
            emptied.append(columns[key].title)
    parts = [_("把%(what)s", what="、".join(set_to))] if set_to else []
    parts += [_("清空了%(what)s", what="、".join(emptied))] if emptied else []
    return "，".join(parts) or _("改了这一条")


def _change(column: Column, before: object, value: object) -> str:
    shown = _shown(column, value)
    if before in (None, "", []):
        return _("%(name)s填为“%(value)s”", name=column.title, value=shown)
    was = _shown(column, before)
    return _("%(name)s由“%(was)s”改为“%(value)s”", name=column.title, was=was, value=shown)


def _shown(column: Column, value: object) -> str:
    return _yuan(value) if column.money else column.written(value)


def _columns(register: str) -> dict[str, Column]:
    """Return the columns that events of a record may name: those of all registers of its kind, its own first."""
    declared = ROSTERS.get(register)
    alike = [each.sheet for each in ROSTERS.values() if declared and each.record_kind == declared.record_kind]
    return {column.key: column for sheet in (*alike, register_of(register)) for column in sheet.columns}


def _accident(data: Mapping[str, object]) -> str:
    return _(
        "%(day)s，死亡 %(n)s 人，受伤 %(m)s 人",
        day=data.get("occurred_on"),
        n=data.get("deaths") or 0,
        m=data.get("injured") or 0,
    )


def _endorsement(data: Mapping[str, object]) -> str:
    delta = Decimal(str(data.get("premium_delta") or 0))
    word = _("加费") if delta > 0 else _("减费")
    return _("%(day)s 起%(word)s %(n)s", day=data.get("effective"), word=word, n=_yuan(abs(delta)))


def _yuan(amount: object) -> str:
    return f"{Decimal(str(amount or 0)):,.2f} 元"

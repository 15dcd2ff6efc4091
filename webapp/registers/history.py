"""Changes of a record as sentences, actor first."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from documents.sheets import register_of
from store.pages.record_history import RecordChange
from webapp.dates import moment
from webapp.texts import _

_REGISTERS = {
    "policyholder": "policyholders",
    "policy": "policies",
    "claim": "claims",
    "year_fact": "year_facts",
    "person": "people",
}


class Entry(Struct, frozen=True):
    """An entry of the timeline."""

    tone: str
    icon: str
    time: str
    text: str
    href: str = ""
    link: str = ""


def history_of(record_kind: str, changes: Iterable[RecordChange]) -> list[Entry]:
    """Return the entries of a record's timeline."""
    return [_entry(record_kind, change) for change in changes]


def sentence_of(record_kind: str, change: RecordChange) -> str:
    """Return one change as a sentence."""
    who = change.person or _("系统")
    match change.kind.rpartition(".")[2]:
        case "imported":
            return _("%(who)s登记", who=who)
        case "accident_imported":
            return _("%(who)s登记一起事故：%(what)s", who=who, what=_accident(change.data))
        case "endorsed":
            return _("%(who)s登记批改：%(what)s", who=who, what=_endorsement(change.data))
        case "surrendered":
            day, money = change.data.get("effective"), _yuan(change.data.get("refunded"))
            return _("%(who)s登记退保：%(day)s 起解除，退费 %(money)s", who=who, day=day, money=money)
        case _:
            return f"{who}{_what_changed(record_kind, change.data)}"


def _entry(record_kind: str, change: RecordChange) -> Entry:
    is_new = change.kind.endswith("imported")
    tone, icon = ("green", "plus") if is_new else ("", "pencil")
    return Entry(tone, icon, moment(change.at), sentence_of(record_kind, change))


def _what_changed(record_kind: str, data: Mapping[str, object]) -> str:
    """Return what was changed to what, and what was emptied."""
    columns = {column.key: column for column in register_of(_REGISTERS[record_kind]).columns}
    set_to, emptied = [], []
    for key, value in data.items():
        if key.endswith("_changed"):
            name = columns.get(key.removesuffix("_changed"))
            set_to.append(_("%(name)s（内容不显示）", name=name.title if name else key))
        elif key in columns and value not in (None, "", []):
            column = columns[key]
            shown = _yuan(value) if column.money else column.written(value)
            set_to.append(_("%(name)s为“%(value)s”", name=column.title, value=shown))
        elif key in columns:
            emptied.append(columns[key].title)
    parts = [_("改了%(what)s", what="、".join(set_to))] if set_to else []
    parts += [_("清空了%(what)s", what="、".join(emptied))] if emptied else []
    return "，".join(parts) or _("改了这一条")


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

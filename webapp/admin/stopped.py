"""What an incident says to the person who mends it: where, why, what to do; no code word, no content."""

import re
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from store.pages.incidents import IncidentRow, open_places
from webapp.texts import Lazy, _, lazy
from workflows.catalogue import OPERATIONS
from workflows.errors import NotFoundError
from workflows.releases import spec_of

KINDS: Mapping[str, tuple[Lazy, Lazy]] = {
    "service": (
        lazy("自动的一步没做成"),
        lazy("看这一步要用的资料（保单、单位、方案、人员）有没有缺的、错的，改好再重试。"),
    ),
    "holder": (lazy("下一步没有机构可以办"), lazy("请安全管理员建好机构、账号，给好角色，再重试。")),
    "no-path": (lazy("没有一条分支走得通"), lazy("请流程管理员看这一步的条件，补一条缺省出口，发布后重试。")),
    "standstill": (
        lazy("办完这一步就没有下一步了"),
        lazy("请流程管理员看汇合的网关：有一路来了两次，或者来不了。"),
    ),
    "expression": (lazy("条件或期限算不出来"), lazy("请流程管理员改这一步的写法；缺资料的，补齐后重试。")),
    "decision": (lazy("决策表没有给出结论"), lazy("请流程管理员看决策表，补上缺的一行，再重试。")),
    "data": (lazy("有一个值不能用"), lazy("请当事人把这一步重新填过，再提交一次。")),
    "message": (lazy("不知道该交给哪个办件"), lazy("有两个办件在等同一件事：先办结多出来的那个，再重试。")),
    "limit": (lazy("这一步做得太多，被叫停了"), lazy("请流程管理员看是不是在转圈，改好发布后重试。")),
    "state": (lazy("办件的内容读不出来"), lazy("先不要重试，把编号告诉技术支持，用备份核对。")),
    "child": (
        lazy("下级办件被终止了"),
        lazy("看说明：在等它的，重试就当它已经结束，接着往下走；只是告知的，知道了就放下。"),
    ),
    "invariant": (lazy("这一步已经不在原处"), lazy("可能别人已经办了。看办件走到哪里，再决定放下还是重试。")),
}
COMMANDS: Mapping[str, Lazy] = {
    "complete": lazy("办理人提交"),
    "fire": lazy("时间到了自动走"),
    "deliver": lazy("收到另一个办件的消息"),
    "send": lazy("有人给办件发消息"),
}
_DIGITS = re.compile(r"\d{7,}[\dXx]?")
_QUOTED = re.compile(r"“([A-Za-z_][\w.-]*)”")


class Stopped(Struct, frozen=True):
    """An incident in words. `detail` is what the engine said, for whoever mends the diagram."""

    row: IncidentRow
    process: str
    step: str
    what: str
    remedy: str
    began_by: str
    detail: str


def stopped(session: Session, row: IncidentRow) -> Stopped:
    """Return how an incident reads."""
    names = _names(session, row.release_id) if row.release_id is not None else {}
    what, remedy = KINDS.get(row.kind, KINDS["service"])
    return Stopped(
        row=row,
        process=names.get("", ""),
        step=names.get(row.element, ""),
        what=str(what),
        remedy=str(remedy),
        began_by=str(COMMANDS.get(row.command, _("系统自动处理"))),
        detail=_plain(row.message, names),
    )


def places(session: Session) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the kinds and the steps at which something is stopped now, in words."""
    kinds: dict[str, str] = {}
    steps: dict[str, str] = {}
    for kind, element, release_id in open_places(session):
        kinds[kind] = str(KINDS.get(kind, KINDS["service"])[0])
        if element and release_id is not None:
            steps[element] = _names(session, release_id).get(element) or steps.get(element, element)
    return kinds, steps


def _names(session: Session, release_id: UUID) -> Mapping[str, str]:
    """Return the names of all elements of a release's diagram; the process under the empty name."""
    try:
        spec = spec_of(session, release_id)
    except NotFoundError:
        return {}
    found: dict[str, str] = {}
    for scope in spec.compiled["scopes"].values():
        found |= {element: str(node.get("name") or "") for element, node in scope["nodes"].items()}
    return found | {"": spec.name}


def _plain(message: str, names: Mapping[str, str]) -> str:
    """Return the message with names for codes, and without numbers that may belong to a person."""

    def named(code: re.Match[str]) -> str:
        operation = OPERATIONS.get(code[1])
        return f"“{names.get(code[1]) or (operation.title if operation else code[1])}”"

    return _DIGITS.sub(lambda digits: f"{digits[0][:3]}****", _QUOTED.sub(named, message))

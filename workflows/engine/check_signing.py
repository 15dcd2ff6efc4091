"""Checks of countersigning: the mode, who signs, the share, the veto, the vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import feel
from feel.nodes import ListNode, Literal, walk
from workflows.engine.errors import Finding
from workflows.engine.model import Node

MODES = {"all": "会签", "any": "或签", "order": "依次", "share": "比例"}
DIGITS = 4
"""So many digits of a share are kept."""
_NEEDED = {"signers": "没有写会签人（signers）", "mode": "没有写会签方式（sign）"}

Told = Iterator[tuple[str, str]]


def signing_findings(compiled: Node) -> Iterator[Finding]:
    """Yield what is wrong with the countersigned steps of a diagram."""
    for scope in compiled["scopes"].values():
        for identity, node in scope["nodes"].items():
            for rule, message in (*_signing(node), *_vote(node)):
                yield Finding(identity, rule, f"“{node['name']}”{message}")


def named_signers(text: str | None) -> list[list[str]]:
    """Return the texts of each list that stands in an expression, as far as they are written out."""
    if text is None:
        return []
    try:
        tree = feel.parse(text)
    except feel.FeelError:  # told by the check of expressions
        return []
    lists = (node for node in walk(tree) if isinstance(node, ListNode))
    return [[str(one.value) for one in _texts(found)] for found in lists]


def _texts(found: ListNode) -> Iterator[Literal]:
    for one in found.items:
        if isinstance(one, Literal) and isinstance(one.value, str):
            yield one


def _signing(node: Node) -> Told:
    signing = node.get("signing")
    if signing is None:
        return
    for name, message in _NEEDED.items():
        if not signing[name]:
            yield "signing", f"要会签，但{message}。"
    if node.get("assignee"):
        yield "signing", "要会签，办理人就写在会签人里，不能再写 assignee。"
    if not (node.get("vote") or {}).get("field"):
        yield "vote", "要会签，但没有写表单里哪一项是表决（vote）。"
    yield from (*_mode(signing), *_share(signing), *_twice(signing))


def _mode(signing: Node) -> Told:
    mode, is_share = signing["mode"], signing["mode"] == "share"
    if mode and mode not in MODES:
        known = "、".join(f"{each}（{title}）" for each, title in MODES.items())
        yield "signing", f"的会签方式“{mode}”没有；可以写 {known}。"
    if signing["veto"] is not None and not is_share:
        told = "会签和依次本来就是一人不同意即不通过，或签以先办的为准"
        yield "veto", f"不是按比例会签，不用写一票否决（veto）：{told}。"
    if signing["share"] is not None and not is_share:
        yield "share", "不是按比例会签，写的比例（share）不会起作用。"
    if signing["share"] is None and is_share:
        yield "share", "按比例会签，但没有写比例（share），例如 0.6。"


def _share(signing: Node) -> Told:
    text = signing["share"]
    if text is None:
        return
    try:
        is_inside = 0 < Decimal(text) <= 1 and Decimal(text) == round(Decimal(text), DIGITS)
    except InvalidOperation:
        is_inside = False
    if not is_inside:
        yield "share", f"的比例“{text}”要写成大于 0、不超过 1 的小数，最多四位，例如 0.6。"


def _twice(signing: Node) -> Told:
    for names in named_signers(signing["signers"]):
        for name, count in Counter(names).items():
            if count > 1:
                yield "signers", f"的会签人里“{name}”写了 {count} 次；一个人或一个角色只签一次。"


def _vote(node: Node) -> Told:
    vote = node.get("vote")
    if vote is None:
        return
    if not vote["field"]:
        yield "vote", "写了哪个值算同意（approve），但没有写表决是哪一项（vote）。"
    if not vote["approve"]:
        yield "vote", "写了表决是哪一项（vote），但没有写哪个值算同意（approve）。"

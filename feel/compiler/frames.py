"""How many frames of Python's stack a function of the text takes up to where it calls another one."""

from __future__ import annotations

from feel.nodes import Call, For, FunctionNode, In, ListNode, Node, Quantified, Test, children

FRAMES_OF: dict[type[Node], int] = {Call: 2, ListNode: 2, Test: 2, In: 4, For: 3, Quantified: 3}
"""Frames that a node puts on the stack around its parts, where that is more than one."""


def frames_to_calls(node: Node) -> int:
    """Return the frames above the deepest call in a body; a function inside of it counts its own when it is called."""
    deepest = 0
    pending = [(node, 0)]
    while pending:
        here, above = pending.pop()
        frames = above + FRAMES_OF.get(type(here), 1)
        if isinstance(here, Call):
            deepest = max(deepest, frames)
        if not isinstance(here, FunctionNode):
            pending += [(part, frames) for part in children(here)]
    return deepest

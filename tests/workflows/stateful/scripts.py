"""Walks that are written down: rare meetings, and the ways by which faults of the product were found."""

from tests.workflows.stateful.seeking import ALL_SIGN, ANY_SIGN, BY_SHARE, IN_ORDER
from tests.workflows.stateful.tree import VISITOR, Block, Choice, Fork, Row, Sign, Step, named

A, V = Step(vote=True), Step(VISITOR)
WATCHED = Step(watched=True, timeout="remind")
C1_C2 = Step(sign=Sign("order", ("c1", "c2")), vote=True)


def _row(*blocks: Block) -> Block:
    return named(Row((A, *blocks, A)))


SCRIPTS: dict[str, tuple[Block, str]] = {
    "signed by all, withdrawn, and left for being late": (
        _row(ALL_SIGN),
        "c1 approve s1; f1 approve s2; v1 approve s2; v1 withdraw s2; approve_together; wait; edge s2",
    ),
    "signed in order, sent straight back, refused, withdrawn": (
        _row(IN_ORDER),
        "c1 approve s1; c1 straight s2; c1 approve s1; f1 refuse s2!; c1 approve s2; f1 refuse s2; f1 withdraw s2",
    ),
    "late in order, and left for it": (
        _row(IN_ORDER),
        "c1 approve s1; wait; time_out s2; edge s2",
    ),
    "signed in order together": (_row(IN_ORDER), "c1 approve s1; approve_together"),
    "sent straight back by one of any, and left for being late after that": (
        _row(ANY_SIGN),
        "c1 approve s1; f1 straight s2; c1 approve s1; wait; edge s2",
    ),
    "sent straight back out of a share": (_row(BY_SHARE), "c1 approve s1; f1 straight s2; c1 approve s1"),
    "late in a choice": (
        _row(Choice(A, WATCHED, V)),
        "c1 approve s1; c1 approve s2; wait; time_out s3; edge s3",
    ),
    "late after a signer was added": (
        _row(WATCHED),
        "c1 approve s1; c1 claim s2; c1 add_beside s2 as coordinator with v1; wait; edge s2",
    ),
    "returned to a step that another signed last": (
        _row(),
        "c1 claim s1; c1 add_after s1 as coordinator with c2; c1 approve s1; c2 approve s1; c3 return s2",
    ),
    "withdrawn from under who has asked another to sign": (
        _row(V),
        "c1 approve s1; v1 claim s2; v1 add_before s2 as return_visitor with f1; c1 withdraw s1!",
    ),
    "in their turn while away": (_row(C1_C2), "c1 approve s1; c2 absence with c3; c1 approve s2"),
    "in their turn while who stands in has signed": (
        _row(C1_C2),
        "c1 approve s1; c2 absence with c1; c1 approve s2",
    ),
    "given back by who stands in": (_row(), "c1 claim s1; c1 absence with c2; c2 release s1; c3 claim s1"),
    "signed by all, several times beside one another": (
        _row(Step(sign=Sign("all", ("coordinator", VISITOR)), vote=True, several="parallel")),
        "c1 approve s1; c1 approve s2; c1 refuse s2; v1 return s2",
    ),
    "withdrawn from where the branches meet": (
        _row(Fork((V, A))),
        "c1 approve s1; v1 approve s2; v1 withdraw s2!",
    ),
}
"""What happens: the process, and the deeds; what ends with `!` must be refused."""

"""Entering a production site: only as agreed, and only with the policyholder's permission (第十八条)."""

from collections.abc import Mapping

from rules.gates import Gate, gate

PERMISSION = "permission"
ENTRY_ELEMENTS = ("service_time", "content", "technical_measures", PERMISSION)


def entry_gate(pre_contact: Mapping[str, object], *, permission_withdrawn: bool = False) -> Gate:
    """Return whether on-site work may start (第十八条).

    Time, content and technical measures are agreed; permission is given and has not been taken back.
    """
    given = dict(pre_contact)
    if permission_withdrawn:
        given[PERMISSION] = None
    return gate(ENTRY_ELEMENTS, given)

"""What a service scheme must say before it is put to the policyholder (第十四条、第十七条)."""

from collections.abc import Mapping

from rules.gates import Gate, gate

SCHEME_ELEMENTS = (
    "service_content",
    "frequency",
    "time_limit",
    "expected_effect",
    "service_guarantee",
    "complaint_arbitration",
)


def scheme_gate(given: Mapping[str, object]) -> Gate:
    """Return which of the six matters of 第十七条 a scheme does not settle, in the order of the article."""
    return gate(SCHEME_ELEMENTS, given)


def may_approve(frequency: int, required: int, *, is_key: bool, key_periods: int) -> bool:
    """Tell whether a scheme may be approved (第十四条).

    It plans no fewer visits than owed, and names key periods, nodes or parts where the unit is a key one.
    """
    return frequency >= required and (not is_key or key_periods > 0)

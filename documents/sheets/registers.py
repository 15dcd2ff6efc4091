"""The registers that come as Excel."""

from __future__ import annotations

from collections.abc import Mapping

from documents.sheets import claims, people, policies, policyholders, year_facts
from documents.sheets.columns import Register

REGISTERS: Mapping[str, Register] = {
    module.REGISTER.code: module.REGISTER for module in (policyholders, policies, claims, year_facts, people)
}


class UnknownRegisterError(KeyError):
    """Raised for a register that does not come as Excel."""


def register_of(code: str) -> Register:
    """Return a register by its code.

    Raises:
        UnknownRegisterError: there is none.
    """
    if code not in REGISTERS:
        raise UnknownRegisterError(code)
    return REGISTERS[code]

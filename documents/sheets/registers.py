"""The registers that come as Excel."""

from __future__ import annotations

from collections.abc import Mapping

from documents.sheets import (
    checklists,
    claims,
    libraries,
    office_records,
    offices,
    people,
    policies,
    policyholders,
    year_facts,
)
from documents.sheets.columns import Register

DECLARED = (*offices.REGISTERS, *office_records.REGISTERS, *libraries.REGISTERS)
"""The registers that are declared by their columns alone."""
REGISTERS: Mapping[str, Register] = {
    register.code: register
    for register in (
        *(module.REGISTER for module in (policyholders, policies, claims, year_facts, people)),
        *DECLARED,
    )
}
_SHEETS: Mapping[str, Register] = {**REGISTERS, checklists.CHECKLIST.code: checklists.CHECKLIST}
"""Those, and what comes as Excel without being a register: the provisions of a checklist."""


class UnknownRegisterError(KeyError):
    """Raised for a register that does not come as Excel."""


def register_of(code: str) -> Register:
    """Return the columns of a register, or of a checklist, by its code.

    Raises:
        UnknownRegisterError: there is none.
    """
    if code not in _SHEETS:
        raise UnknownRegisterError(code)
    return _SHEETS[code]

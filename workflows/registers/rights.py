"""Who may import which register."""

from collections.abc import Mapping

from workflows.errors import NotAllowedError
from workflows.people import Actor
from workflows.registers.rosters import ROSTERS

IMPORTERS: Mapping[str, frozenset[str]] = {
    "policyholders": frozenset({"coordinator", "provider_manager", "insurer"}),
    "policies": frozenset({"coordinator", "provider_manager", "insurer"}),
    "claims": frozenset({"coordinator", "provider_manager", "insurer"}),
    "year_facts": frozenset({"coordinator", "provider_manager", "insurer"}),
    "people": frozenset({"provider_manager", "insurer"}),
    **{code: roster.writers for code, roster in ROSTERS.items()},
}
"""Register → roles. People come with roles of their own, so only those who answer for them bring them in."""


def require_importer(register: str, actor: Actor) -> None:
    """Let the product itself and people with a fitting role pass. Raises: NotAllowedError."""
    if actor.person_id is not None and not actor.roles & IMPORTERS[register]:
        raise NotAllowedError("import", register)

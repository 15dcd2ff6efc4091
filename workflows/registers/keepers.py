"""Who keeps the rows of which register."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from workflows.registers.batch import Keeper
from workflows.registers.claims import ClaimKeeper
from workflows.registers.ownership import Ownership
from workflows.registers.people import PeopleKeeper
from workflows.registers.policies import PolicyKeeper
from workflows.registers.policyholders import PolicyholderKeeper
from workflows.registers.roster_keeping import RosterKeeper
from workflows.registers.rosters import ROSTERS
from workflows.registers.year_facts import YearFactKeeper


def keeper_for(
    session: Session,
    register: str,
    org_id: UUID | None,
    person_id: UUID | None,
    today: date,
    target: UUID | None = None,
) -> Keeper:
    """Return the keeper of a register for a person's office; `target` is the record that one row means."""
    ownership = Ownership(session, org_id, today)
    if register in ROSTERS:
        return RosterKeeper(ROSTERS[register], ownership, target)
    keepers: Mapping[str, Callable[[], Keeper]] = {
        "policyholders": lambda: PolicyholderKeeper(session, ownership),
        "policies": lambda: PolicyKeeper(ownership, today),
        "claims": lambda: ClaimKeeper(ownership),
        "year_facts": lambda: YearFactKeeper(ownership),
        "people": lambda: PeopleKeeper(ownership, person_id, target),
    }
    return keepers[register]()

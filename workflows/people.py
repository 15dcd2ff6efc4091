"""Who acts: a signed-in person, or the product itself."""

from uuid import UUID

from msgspec import Struct

from store.scope import Scope

SYSTEM_NAME = "系统"


class Actor(Struct, frozen=True):
    """A person with roles and organization; `person_id` is None for the system."""

    person_id: UUID | None
    name: str
    roles: frozenset[str]
    org_id: UUID | None
    scope: Scope

    def has(self, role: str) -> bool:
        """Tell whether the person holds the role."""
        return role in self.roles


SYSTEM = Actor(
    person_id=None,
    name=SYSTEM_NAME,
    roles=frozenset(),
    org_id=None,
    scope=Scope.everything("the product acts by itself"),
)

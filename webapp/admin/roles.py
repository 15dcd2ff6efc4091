"""The roles of a person: which may be given, giving and taking."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from rules.roles import ROLES, Role, conflicting_roles
from store.pages.accounts import AccountCard, Standing
from webapp.admin.frame import blueprint, carry_out
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.handlers.grants import GrantRole, fitting_kinds, grant_role, revoke_role


def offered_roles(card: AccountCard) -> list[Role]:
    """Return the roles that this person may be given: of the own organization, excluding one another."""
    if card.standing in {Standing.LOCKED, Standing.LEFT}:
        return []
    held = {grant.role for grant in card.grants}
    return [
        role
        for role in ROLES.values()
        if role.code not in held
        and card.organization_kind in fitting_kinds(role)
        and not conflicting_roles({*held, role.code})
    ]


@blueprint.post("/people/<uuid:person_id>/roles")
def grant(person_id: UUID) -> Response:
    """Give a role, or change the regions of one."""
    command = GrantRole(person_id, request.form.get("role", ""), request.form.getlist("regions"))
    return carry_out(
        lambda: grant_role(the_runtime(), command, actor()),
        _("角色已生效，下一次打开页面就能用"),
        url_for("admin.person", person_id=person_id),
    )


@blueprint.post("/people/<uuid:person_id>/roles/<role>/revoke")
def revoke(person_id: UUID, role: str) -> Response:
    """Take a role away."""
    return carry_out(
        lambda: revoke_role(the_runtime(), person_id, role, actor()),
        _("角色已收回，马上生效"),
        url_for("admin.person", person_id=person_id),
    )

"""A phone number in full: for a purpose that is named, and written down for the auditors."""

from uuid import UUID

from flask import render_template, request

from rules.vocabulary import find
from store.access_log import log_number_seen
from store.scope import Scope
from store.tables import Policyholder
from webapp.identity import actor, the_runtime
from webapp.registers.area import blueprint, sees_contacts
from webapp.registers.unit import unit_page
from workflows.errors import NotAllowedError, NotFoundError

_LOG = Scope.everything("the access log is written for everybody")


@blueprint.post("/units/<uuid:unit_id>/mobile")
def mobile(unit_id: UUID) -> str:
    """Show a unit's page with its contact's number in full.

    Raises: NotFoundError for a unit that the person does not see, NotAllowedError.
    """
    who, runtime, purpose = actor(), the_runtime(), request.form.get("purpose", "")
    with runtime.database.read(who.scope) as session:
        holder = session.get(Policyholder, unit_id)
        if holder is None or purpose not in find("contact_purpose").words:
            raise NotFoundError(kind="unit", id=str(unit_id))
        if not sees_contacts():
            raise NotAllowedError("mobile")
        page = unit_page(session, unit_id)
    with runtime.database.write(_LOG, now=runtime.now()) as session:
        log_number_seen(
            session,
            runtime.now(),
            unit_id,
            purpose,
            person_id=who.person_id,
            org_id=who.org_id,
            address=request.remote_addr or "",
        )
    return render_template("registers/unit.html", page=page, number=holder.mobile)

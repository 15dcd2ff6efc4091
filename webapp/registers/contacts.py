"""The log of contacts with a unit: who spoke to whom when about what; entered on a phone as well."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from rules.vocabulary import choices
from store.pages.contacts import ContactLine, Key, contacts_of
from store.pages.unit_page import unit_facts
from webapp import addresses
from webapp.identity import actor, the_runtime
from webapp.posting import posted_fields
from webapp.registers.area import blueprint, sees_contacts
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.handlers.contacts import WRITERS, NoteContact, note_contact
from workflows.runtime import SHANGHAI

Answer = str | Response | tuple[str, int]


class ContactsPage(Struct, frozen=True):
    """The log, and the form as it was filled in."""

    unit_id: UUID
    unit: str
    lines: tuple[ContactLine, ...]
    first_href: str | None
    next_href: str | None
    methods: tuple[tuple[str, str], ...]
    may_write: bool
    values: Mapping[str, str]
    errors: Mapping[str, str]
    key: str


@blueprint.get("/units/<uuid:unit_id>/contacts")
def contacts(unit_id: UUID) -> str:
    """Show the contacts with a unit, and to whom may: the form of another."""
    wall = the_runtime().now().astimezone(SHANGHAI)
    words = request.args
    at, last = addresses.moment(words.get("at", "")), addresses.identity(words.get("after", ""))
    after = (at, last) if at is not None and last is not None else None
    return _page(unit_id, after, {"contacted_at": f"{wall:%Y-%m-%dT%H:%M}"}, {})


@blueprint.post("/units/<uuid:unit_id>/contacts")
def note(unit_id: UUID) -> Answer:
    """Note a contact; what is wrong comes back with what was typed."""
    fields, problems = posted_fields(the_runtime(), actor())
    typed = {name: fields.get(name, "") for name in ("contacted_at", "method", "contact", "content")}
    if problems:
        return _page(unit_id, None, typed, {"file": "；".join(problems)}), 422
    files = tuple(addresses.identities(fields.getlist("file")))
    key = request.form.get("key", "")[:64]
    try:
        note_contact(the_runtime(), NoteContact(unit_id, **typed, file_ids=files, key=key), actor())
    except InvalidAnswersError as error:
        return _page(unit_id, None, typed, error.errors), 422
    flash(_("已记下这次联系"))
    return redirect(url_for("registers.contacts", unit_id=unit_id), 303)


def _page(unit_id: UUID, after: Key | None, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    if not sees_contacts():
        raise NotAllowedError("contacts")
    with the_runtime().database.read(actor().scope) as session:
        unit = unit_facts(session, unit_id)
        if unit is None:
            raise NotFoundError(kind="unit", id=str(unit_id))
        lines, following = contacts_of(session, unit_id, after)
    here = url_for("registers.contacts", unit_id=unit_id)
    page = ContactsPage(
        unit_id=unit_id,
        unit=unit.name,
        lines=tuple(lines),
        first_href=here if after is not None else None,
        next_href=_next(unit_id, following),
        methods=tuple(choices("contact_method")),
        may_write=bool(actor().roles & WRITERS),
        values=values,
        errors=errors,
        key=uuid4().hex,
    )
    return render_template("registers/contacts.html", page=page)


def _next(unit_id: UUID, following: tuple[datetime, UUID] | None) -> str | None:
    if following is None:
        return None
    at, last = following
    return url_for("registers.contacts", unit_id=unit_id, at=at.isoformat(), after=last)

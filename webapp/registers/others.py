"""The pages of a claim, a year of a unit, and a person."""

from uuid import UUID

from flask import render_template
from msgspec import Struct

from rules.roles import ROLES
from store.pages.attachments import Attachment, attachments_of
from store.pages.other_lists import ClaimRow, claim_row
from store.pages.other_pages import PersonFacts, YearFacts, owners_of_claim, person_facts, year_facts
from store.pages.record_history import changes_of
from webapp.identity import actor, the_runtime
from webapp.registers.area import blueprint, importable, may_change
from webapp.registers.history import Entry, history_of
from workflows.errors import NotFoundError


class ClaimPage(Struct, frozen=True):
    """A claim as its page shows it."""

    claim: ClaimRow
    history: tuple[Entry, ...]
    may_change: bool
    files: tuple[Attachment, ...]


class YearFactPage(Struct, frozen=True):
    """A year of a unit as its page shows it."""

    facts: YearFacts
    history: tuple[Entry, ...]
    may_change: bool
    files: tuple[Attachment, ...]


class PersonPage(Struct, frozen=True):
    """A person as the page shows it."""

    person: PersonFacts
    roles: tuple[str, ...]
    history: tuple[Entry, ...]
    may_change: bool
    files: tuple[Attachment, ...]


@blueprint.get("/claims/<uuid:claim_id>")
def claim(claim_id: UUID) -> str:
    """Show a claim."""
    with the_runtime().database.read(actor().scope) as session:
        row = claim_row(session, claim_id)
        if row is None:
            raise NotFoundError(kind="claim", id=str(claim_id))
        history = tuple(history_of("claims", changes_of(session, "claim", [claim_id])))
        may = may_change("claims", owners_of_claim(session, claim_id))
        page = ClaimPage(row, history, may, attachments_of(session, "claim", claim_id))
    return render_template("registers/claim.html", page=page)


@blueprint.get("/year-facts/<uuid:fact_id>")
def year_fact(fact_id: UUID) -> str:
    """Show a year of a unit."""
    with the_runtime().database.read(actor().scope) as session:
        facts = year_facts(session, fact_id)
        if facts is None:
            raise NotFoundError(kind="year_fact", id=str(fact_id))
        history = tuple(history_of("year_facts", changes_of(session, "year_fact", [fact_id])))
        files = attachments_of(session, "year_fact", fact_id)
        page = YearFactPage(facts, history, may_change("year_facts", facts.owners), files)
    return render_template("registers/year_fact.html", page=page)


@blueprint.get("/people/<uuid:person_id>")
def person(person_id: UUID) -> str:
    """Show a person of the own office, or an expert whom it may send."""
    with the_runtime().database.read(actor().scope) as session:
        facts = person_facts(session, person_id, actor().org_id)
        if facts is None:
            raise NotFoundError(kind="person", id=str(person_id))
        history = tuple(history_of("people", changes_of(session, "person", [person_id])))
        files = attachments_of(session, "person", person_id)
    page = PersonPage(
        person=facts,
        roles=tuple(ROLES[role].title for role in facts.roles if role in ROLES),
        history=history,
        may_change="people" in importable() and person_id != actor().person_id,
        files=files,
    )
    return render_template("registers/person.html", page=page)

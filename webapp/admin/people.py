"""People and their accounts: list, card, form, password, lock, leaving, sessions."""

from typing import cast
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from msgspec import Struct, field
from msgspec.structs import asdict

from rules.roles import ROLES
from store.pages.accounts import (
    AccountCard,
    AccountPage,
    Filters,
    Standing,
    account_card,
    accounts,
)
from store.pages.histories import latest_of
from store.pages.organizations import organization_by_words, organization_card, suggested_names
from webapp import addresses
from webapp.absences import load_absences
from webapp.admin.frame import Answer, blueprint, chosen, show, words
from webapp.admin.paging import pack, unpack
from webapp.admin.places import place_name, places
from webapp.admin.roles import offered_roles
from webapp.identity import actor, signed_in, the_runtime
from webapp.texts import _, lazy
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError
from workflows.handlers.grants import WITH_REGIONS
from workflows.handlers.people import Issued, PersonFacts, add_account, change_person

STANDINGS = {
    Standing.ACTIVE: (lazy("在用"), "green", "circle-check"),
    Standing.FRESH: (lazy("等首次改密码"), "blue", "key"),
    Standing.WITHOUT_PASSWORD: (lazy("还没有密码"), "amber", "key"),
    Standing.LOCKED: (lazy("已锁定"), "amber", "lock"),
    Standing.LEFT: (lazy("已停用"), "", "user"),
}
FILTERED = {
    "active": lazy("在用"),
    "fresh": lazy("等首次改密码"),
    "without_password": lazy("还没有密码"),
    "no_role": lazy("还没有角色"),
    "left": lazy("锁定或停用"),
}


class ListPage(Struct, frozen=True):
    """The list as it is shown."""

    found: AccountPage
    filters: Filters
    organization: str
    later: str | None
    is_first: bool


class FormPage(Struct, frozen=True):
    """The form as it was filled in, with what is to be changed."""

    values: dict[str, str]
    key: str
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    card: AccountCard | None = None
    suggested: tuple[str, ...] = ()


@blueprint.get("/people", endpoint="people")
def index() -> str:
    """List people, those added last first."""
    narrowed = request.args.get("organization", "")
    organization_id = addresses.identity(narrowed)
    standing = chosen("state", FILTERED)
    filters = Filters(
        query=words("q"),
        role=chosen("role", ROLES),
        standing=Standing(standing) if standing else None,
        organization=organization_id,
    )
    after = cast("tuple[UUID] | None", unpack(request.args.get("after", ""), addresses.identity))
    with the_runtime().database.read(actor().scope) as session:
        found = accounts(session, filters, after=after[0] if after else None)
        home = organization_card(session, organization_id) if organization_id else None
    later = None
    if found.next is not None:
        later = url_for(
            "admin.people",
            q=filters.query or None,
            role=filters.role or None,
            state=standing or None,
            organization=organization_id,
            after=pack((found.next,)),
        )
    page = ListPage(found, filters, home.name if home else "", later, after is None)
    return show("people", "admin.people", page=page, roles=ROLES, standings=STANDINGS, filtered=FILTERED)


@blueprint.route("/people/new", methods=["GET", "POST"])
def new_person() -> Answer:
    """Add an account; its first password is shown once."""
    if request.method == "GET":
        home = addresses.identity(request.args.get("organization", ""))
        with the_runtime().database.read(actor().scope) as session:
            card = organization_card(session, home) if home else None
        return _form({"organization": card.name if card else ""}, uuid4().hex)
    facts, key = PersonFacts.of(request.form), request.form.get("key", "")
    organization = words_of("organization")
    with the_runtime().database.read(actor().scope) as session:
        home = organization_by_words(session, organization)
    try:
        issued = add_account(the_runtime(), facts, home, key, actor())
    except InvalidAnswersError as error:
        return _form(asdict(facts) | {"organization": organization}, key, dict(error.errors)), 422
    return issued_page(issued, facts.name, facts.login, is_new=True)


@blueprint.get("/people/<uuid:person_id>")
def person(person_id: UUID) -> str:
    """Show one person: account, roles, sessions, what was changed."""
    card = card_of(person_id)
    with the_runtime().database.read(actor().scope) as session:
        history = latest_of(session, "person", person_id)
    is_gone = card.standing in {Standing.LOCKED, Standing.LEFT}
    return show(
        "person",
        "admin.people",
        card=card,
        history=history,
        roles=ROLES,
        offered=offered_roles(card),
        with_regions=WITH_REGIONS,
        places=places(),
        place_name=place_name,
        standing=STANDINGS[card.standing],
        is_self=card.id == signed_in().person_id,
        key=uuid4().hex,
        absences=None if is_gone else load_absences(the_runtime(), card.id),
    )


@blueprint.route("/people/<uuid:person_id>/edit", methods=["GET", "POST"])
def edit_person(person_id: UUID) -> Answer:
    """Correct a person."""
    card = card_of(person_id)
    if request.method == "GET":
        values = {"name": card.name, "login": card.login, "title": card.title}
        return _form(values | {"row_version": str(card.row_version)}, "", card=card)
    facts, given = PersonFacts.of(request.form), request.form.get("row_version", "")
    try:
        change_person(the_runtime(), person_id, facts, addresses.row_version(given), actor())
    except InvalidAnswersError as error:
        return _form(asdict(facts) | {"row_version": given}, "", dict(error.errors), card=card), 422
    except RuleRefusedError as error:
        fresh = asdict(facts) | {"row_version": str(card.row_version)}
        return _form(fresh, "", notice=error.reason, card=card), 409
    flash(_("已改好%(name)s的资料", name=facts.name))
    return redirect(url_for("admin.person", person_id=person_id), 303)


def card_of(person_id: UUID) -> AccountCard:
    """Return a person as the page shows them. Raises: NotFoundError."""
    runtime = the_runtime()
    with runtime.database.read(actor().scope) as session:
        card = account_card(session, person_id, runtime.now())
    if card is None:
        raise NotFoundError(kind="person", id=str(person_id))
    return card


def issued_page(issued: Issued, name: str, login: str, *, is_new: bool) -> str:
    """Show a password, once: this page is not kept anywhere."""
    return show("issued", "admin.people", issued=issued, name=name, login=login, is_new=is_new)


def words_of(name: str) -> str:
    """Return one line of the posted form."""
    return " ".join(request.form.get(name, "").split())[:200]


def _form(
    values: dict[str, str],
    key: str,
    errors: dict[str, str] | None = None,
    *,
    notice: str = "",
    card: AccountCard | None = None,
) -> str:
    suggested: tuple[str, ...] = ()
    if card is None:
        with the_runtime().database.read(actor().scope) as session:
            suggested = suggested_names(session)
    page = FormPage(values, key, errors or {}, notice, card, suggested)
    return show("person_form", "admin.people", page=page)

"""Organizations: list, card, form, closing."""

from typing import cast
from uuid import UUID

from flask import flash, redirect, request, url_for
from msgspec import Struct, field
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from rules import vocabulary
from store.pages.histories import HistoryLine, latest_of
from store.pages.organizations import OrganizationCard, OrganizationPage, organization_card, organizations
from webapp import addresses
from webapp.admin.frame import Answer, blueprint, carry_out, chosen, show, words
from webapp.admin.paging import pack, unpack
from webapp.admin.places import industries, place_name, places
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError
from workflows.handlers.organizations import (
    KINDS,
    OrganizationFacts,
    add_organization,
    change_organization,
    close_organization,
    open_organization,
)


class ListPage(Struct, frozen=True):
    """The list as it is shown."""

    found: OrganizationPage
    kind: str
    query: str
    suspended: bool
    later: str | None
    is_first: bool


class FormPage(Struct, frozen=True):
    """The form as it was filled in, with what is to be changed."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    card: OrganizationCard | None = None


@blueprint.get("/organizations", endpoint="organizations")
def index() -> str:
    """List organizations by kind and name."""
    kind, query = chosen("kind", _kinds()), words("q")
    suspended = request.args.get("state") == "suspended"
    after = cast(
        "tuple[str, str, UUID] | None", unpack(request.args.get("after", ""), str, str, addresses.identity)
    )
    with the_runtime().database.read(actor().scope) as session:
        found = organizations(session, kind=kind, query=query, suspended=suspended, after=after)
    later = None
    if found.next is not None:
        state = "suspended" if suspended else None
        word = pack(found.next)
        later = url_for("admin.organizations", kind=kind or None, q=query or None, state=state, after=word)
    page = ListPage(found, kind, query, suspended, later, after is None)
    return show("organizations", "admin.organizations", page=page, kinds=_kinds(), place_name=place_name)


@blueprint.route("/organizations/new", methods=["GET", "POST"])
def new_organization() -> Answer:
    """Add an organization."""
    if request.method == "GET":
        return _form(FormPage({"kind": chosen("kind", dict.fromkeys(KINDS))}))
    facts = OrganizationFacts.of(request.form)
    try:
        added = add_organization(the_runtime(), facts, actor())
    except InvalidAnswersError as error:
        return _form(FormPage(asdict(facts), dict(error.errors))), 422
    flash(_("已新建“%(name)s”，接着给它建账号", name=facts.name))
    return redirect(url_for("admin.organization", organization_id=added), 303)


@blueprint.get("/organizations/<uuid:organization_id>")
def organization(organization_id: UUID) -> str:
    """Show one organization and what can be done with it."""
    card, history = _card(organization_id)
    return show(
        "organization",
        "admin.organizations",
        card=card,
        history=history,
        kind=_kinds()[card.kind],
        place=place_name(card.region_code),
        industry=industries().get(card.industry, ""),
    )


@blueprint.route("/organizations/<uuid:organization_id>/edit", methods=["GET", "POST"])
def edit_organization(organization_id: UUID) -> Answer:
    """Change an organization."""
    card, _history = _card(organization_id)
    if request.method == "GET":
        values = {key: str(value) for key, value in asdict(card).items()}
        return _form(FormPage(values, card=card))
    facts = OrganizationFacts.of(request.form)
    typed = asdict(facts) | {"row_version": str(card.row_version)}
    try:
        change_organization(the_runtime(), organization_id, facts, _seen(), actor())
    except InvalidAnswersError as error:
        typed["row_version"] = request.form.get("row_version", "")
        return _form(FormPage(typed, dict(error.errors), card=card)), 422
    except RuleRefusedError as error:
        return _form(FormPage(typed, notice=error.reason, card=card)), 409
    flash(_("已改好“%(name)s”", name=facts.name))
    return redirect(url_for("admin.organization", organization_id=organization_id), 303)


@blueprint.post("/organizations/<uuid:organization_id>/close", endpoint="close_organization")
def close(organization_id: UUID) -> Response:
    """Close an organization: all its people are out at once."""
    reason = request.form.get("reason", "")
    return carry_out(
        lambda: close_organization(the_runtime(), organization_id, reason, actor()),
        _("已停用，这家的人都退出了登录"),
        url_for("admin.organization", organization_id=organization_id),
    )


@blueprint.post("/organizations/<uuid:organization_id>/open", endpoint="open_organization")
def open_again(organization_id: UUID) -> Response:
    """Open a closed organization again."""
    return carry_out(
        lambda: open_organization(the_runtime(), organization_id, actor()),
        _("已恢复，这家的人可以登录了"),
        url_for("admin.organization", organization_id=organization_id),
    )


def _kinds() -> dict[str, str]:
    return dict(vocabulary.choices("organization_kind"))


def _card(organization_id: UUID) -> tuple[OrganizationCard, tuple[HistoryLine, ...]]:
    with the_runtime().database.read(actor().scope) as session:
        card = organization_card(session, organization_id)
        history = latest_of(session, "organization", organization_id) if card is not None else ()
    if card is None:
        raise NotFoundError(kind="organization", id=str(organization_id))
    return card, history


def _form(page: FormPage) -> str:
    kinds = {code: word for code, word in _kinds().items() if code in KINDS}
    return show(
        "organization_form",
        "admin.organizations",
        page=page,
        kinds=kinds,
        places=places(),
        industries=industries(),
    )


def _seen() -> int:
    return addresses.row_version(request.form.get("row_version", ""))

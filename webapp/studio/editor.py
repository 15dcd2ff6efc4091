"""The page on which a diagram is drawn, and what its panel offers to choose from."""

from uuid import UUID

from flask import jsonify
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.schema import FormError
from rules.articles import articles, chinese_name
from rules.roles import ROLES
from rules.vocabulary import choices
from store.pages.processes import newest_releases
from store.tables import Draft
from webapp.drawings import as_read
from webapp.identity import actor, the_runtime
from webapp.studio.drafts import BPMN, load_row, show
from webapp.studio.frame import blueprint
from webapp.studio.guide import read_guide
from workflows.bundles import SCHEMAS, Bundle, shipped_form
from workflows.catalogue import OPERATIONS
from workflows.drafting import diagram_name, draft_of, own_files
from workflows.trial.surroundings import names_of_process

Choices = dict[str, object]


@blueprint.get("/drafts/<uuid:draft_id>", endpoint="draft")
def draft(draft_id: UUID) -> str:
    """Show the diagram of a draft, to be changed by whoever holds it."""
    row = load_row(draft_id)
    with the_runtime().database.read(actor().scope) as session:
        name = diagram_name(draft_of(session, draft_id))
    return show("draft", row, diagram=name)


@blueprint.get("/drafts/<uuid:draft_id>/drawing", endpoint="draft_drawing")
def drawing(draft_id: UUID) -> Response:
    """Hand out the diagram for reading, to whoever only watches."""
    load_row(draft_id)
    with the_runtime().database.read(actor().scope) as session:
        found = draft_of(session, draft_id)
        return Response(as_read(own_files(session, found)[diagram_name(found)]), content_type=BPMN)


@blueprint.get("/drafts/<uuid:draft_id>/choices", endpoint="draft_choices")
def offered(draft_id: UUID) -> Response:
    """Tell the editor what there is to choose from."""
    load_row(draft_id)
    with the_runtime().database.read(actor().scope) as session:
        found = draft_of(session, draft_id)
        bundle = Bundle(own_files(session, found))
        return jsonify(
            roles=[_choice(role.code, role.title) for role in ROLES.values() if role.lane],
            forms=_forms(bundle),
            deadlines=[_choice(code, word) for code, word in choices("deadline_kind")],
            decisions=[_choice(name, name) for name in sorted(bundle.names("decisions"))],
            processes=[_choice(row.process, row.title) for row in newest_releases(session)],
            articles=[_choice(one.key, f"{chinese_name(one.key)} {one.title}") for one in articles()],
            operations=[
                {"code": one.name, "title": one.title, "inputs": one.inputs}
                for one in sorted(OPERATIONS.values(), key=lambda one: one.title)
            ],
            words=[*_variables(session, found), *_functions()],
        )


def _choice(code: str, title: str) -> Choices:
    return {"code": code, "title": title}


def _forms(bundle: Bundle) -> list[Choices]:
    """Return the forms of the draft and those that came with the product, by title."""
    names = bundle.names("forms") | {path.stem for path in SCHEMAS.glob("*.json")}
    return sorted(
        (_choice(name, _form_title(bundle, name)) for name in names), key=lambda one: str(one["title"])
    )


def _form_title(bundle: Bundle, name: str) -> str:
    try:
        form = bundle.form(name) or shipped_form(name)
    except FormError:
        return name
    return f"{form.title}（{name}）" if form is not None and form.title else name


def _variables(session: Session, found: Draft) -> list[Choices]:
    if found.base_release_id is None:
        return []
    return [
        {"name": one.name, "call": "", "detail": one.kind, "info": "、".join(one.origin[:3])}
        for one in names_of_process(session, found.base_release_id)
    ]


def _functions() -> list[Choices]:
    return [
        {"name": one.name, "call": one.signature, "detail": "", "info": one.gives}
        for one in read_guide().functions
    ]

"""What the pages of 发起 show: what a person may begin, the policies to choose from, the form."""

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from msgspec import Struct, field
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from forms.initial import Texts
from forms.model import Form
from forms.posted import Posted, nest
from forms.render import FormView
from forms.rows import apply_row_command
from store.pages.beginnings import SHOWN, PolicyChoice, chosen_policy, policies_to_choose
from store.scope import Scope
from webapp.texts import _
from workflows.acts import Act
from workflows.answering import sending_context
from workflows.beginnings import Startable, previewed, startable, startables
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.releases import form_digest, form_of
from workflows.runtime import Runtime

FORM = Scope.everything("a form is drawn with the lists and facts that its start needs")


class Way(Struct, frozen=True):
    """Something that the person may begin."""

    title: str
    text: str
    href: str


class Asked(Struct, frozen=True):
    """Which start event, about which policy, and which policies to look for."""

    process: str
    start: str
    policy_id: UUID | None = None
    query: str = ""


class Typed(Struct, frozen=True):
    """What to show in the form: posted or changed values, and what is wrong with them."""

    values: Posted | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


class Choosing(Struct, frozen=True):
    """The policies to choose from."""

    title: str
    text: str
    query: str
    rows: tuple[tuple[PolicyChoice, str], ...]
    is_cut: bool


class Filling(Struct, frozen=True):
    """The form of a start event, and the policy that it is about."""

    title: str
    text: str
    policy: PolicyChoice | None
    other_href: str
    form: FormView
    notice: str


def ways(session: Session, actor: Actor) -> list[Way]:
    """Return what the person may begin."""
    return [
        Way(
            title=what.point.name,
            text=what.point.doc,
            href=url_for("beginnings.show", process=what.spec.key, start=what.point.id),
        )
        for what in startables(session, actor)
    ]


def load_choosing(session: Session, asked: Asked, actor: Actor) -> Choosing | None:
    """Return the policies to choose from; None where there is nothing to choose.

    Raises: NotFoundError, NotAllowedError.
    """
    what = startable(session, asked.process, asked.start, actor)
    if what.point.about is None or asked.policy_id is not None:
        return None
    rows = policies_to_choose(session, asked.query)
    return Choosing(
        title=what.point.name,
        text=_("选哪张保单，办件就归它的单位、保险机构和服务机构。"),
        query=asked.query,
        rows=tuple((row, _address(what, row.id)) for row in rows),
        is_cut=len(rows) == SHOWN,
    )


def load_filling(runtime: Runtime, asked: Asked, actor: Actor, typed: Typed | None = None) -> Filling:
    """Return the form. Raises: NotFoundError, NotAllowedError."""
    shown = typed or Typed()
    policy = _policy(runtime, asked, actor)
    with runtime.database.read(FORM) as session:
        what, form, act = _ground(runtime, session, asked, actor)
        return Filling(
            title=what.point.name,
            text=what.point.doc,
            policy=policy,
            other_href=_address(what),
            form=FormView(form, sending_context(act), shown.values, shown.errors),
            notice=shown.notice,
        )


def answers_to(
    runtime: Runtime, asked: Asked, actor: Actor, fields: MultiDict[str, str]
) -> tuple[Mapping[str, object], Texts | None]:
    """Return posted fields as answers, and the values to show again after a row button.

    Raises: NotFoundError, NotAllowedError.
    """
    _policy(runtime, asked, actor)
    with runtime.database.read(FORM) as session:
        _what, form, act = _ground(runtime, session, asked, actor)
        return nest(form, fields), apply_row_command(form, fields, sending_context(act))


def _ground(runtime: Runtime, session: Session, asked: Asked, actor: Actor) -> tuple[Startable, Form, Act]:
    what = startable(session, asked.process, asked.start, actor)
    form = form_of(session, form_digest(session, what.release_id, what.point.form or ""))
    return what, form, previewed(runtime, session, what, asked.policy_id, actor, runtime.now())


def _policy(runtime: Runtime, asked: Asked, actor: Actor) -> PolicyChoice | None:
    """Return the policy that the case will be about, as the person sees it. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        what = startable(session, asked.process, asked.start, actor)
        if what.point.about is None:
            return None
        found = chosen_policy(session, asked.policy_id) if asked.policy_id is not None else None
        if found is None:
            raise NotFoundError(kind="policy", id=str(asked.policy_id))
        return found


def _address(what: Startable, policy_id: UUID | None = None) -> str:
    return url_for("beginnings.show", process=what.spec.key, start=what.point.id, policy=policy_id)

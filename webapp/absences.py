"""The card of absences, on one's own account page and on the administrator's page of a person."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from flask import request
from msgspec import Struct

from store.scope import Scope
from webapp import addresses
from webapp.dates import this_day
from webapp.texts import _
from workflows.errors import RepeatedCommandError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.absences import Away, SetAbsence, absences_of, set_absence, substitutes

_CARD = Scope.everything("a person's own absences, or those that an administrator keeps")
LONGEST_KEY = 64


class AbsenceCard(Struct, frozen=True):
    """The absences that are not over, who could stand in, and what was typed."""

    person_id: UUID
    lines: tuple[Away, ...]
    people: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    key: str
    problem: str = ""


def load_absences(runtime: Runtime, person_id: UUID, problem: str = "") -> AbsenceCard:
    """Return the card; what was typed stands in it after a refusal."""
    today = this_day()
    with runtime.database.read(_CARD) as session:
        lines = absences_of(session, person_id, today)
        people = substitutes(session, person_id)
    back = (today + timedelta(days=7)).isoformat()
    given = {"starts_on": today.isoformat(), "returns_on": back, "substitute": "", "reason": ""}
    if problem:
        given |= {name: value[:100] for name, value in request.form.items() if name != "csrf_token"}
    shown = tuple((str(one.id), one.name) for one in people)
    return AbsenceCard(person_id, tuple(lines), shown, given, str(uuid4()), problem)


def register(runtime: Runtime, person_id: UUID, actor: Actor) -> str:
    """Note the posted absence; return what the person is told. Raises: RuleRefusedError, NotAllowedError."""
    form = request.form
    start, back = addresses.day(form.get("starts_on", "")), addresses.day(form.get("returns_on", ""))
    substitute = addresses.identity(form.get("substitute", ""))
    if start is None or back is None:
        raise RuleRefusedError(_("写清从哪天起外出、哪天回来"))
    if substitute is None:
        raise RuleRefusedError(_("选一位在岗的同事代办"))
    command = SetAbsence(
        person_id=person_id,
        substitute_id=substitute,
        starts_on=start,
        returns_on=back,
        reason=form.get("reason", ""),
        hand_over="hand_over" in form,
        key=form.get("key", "")[:LONGEST_KEY],
    )
    try:
        moved = set_absence(runtime, command, actor)
    except RepeatedCommandError:
        return _("外出已经登记")
    return _("外出已经登记，移交了 %(n)s 条待办", n=moved) if moved else _("外出已经登记")

"""The trainings of a year: how many were held of how many, by quarter, and who was not invited yet (第十五条)."""

from collections.abc import Iterable
from datetime import date

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.exchange import QUARTERS, quarter_of
from rules.training import Training, is_behind, judge_trainings, uninvited
from rules.vocabulary import label
from store.pages.audience import insured_units, invitations_of_year
from store.pages.gatherings import TrainingRow, trainings_of_year, years_of_trainings
from webapp.dates import this_day
from webapp.linking import link_to
from webapp.texts import _
from workflows.handlers.gatherings import may_begin_training
from workflows.people import Actor
from workflows.runtime import Runtime

SHOWN = 10
UNINVITED = "invited_this_year = 0"
"""The condition that means whoever no training of the year has invited."""
TONES = {"held": "green", "cancelled": "", "planned": "blue"}
DUTY = frozenset({"coordinator", "provider_manager"})
"""Whose duty the year's number is: they see it, and who was not invited yet."""


class Line(Struct, frozen=True):
    """A training of the list."""

    row: TrainingRow
    href: str
    audience: str
    mode: str
    state: str
    tone: str


class Standing(Struct, frozen=True):
    """The year against its duty."""

    text: str
    verdict: str
    tone: str
    quarters: tuple[tuple[str, int], ...]


class Listing(Struct, frozen=True):
    """The page of a year."""

    year: int
    years: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...]
    standing: Standing | None
    left_out: tuple[tuple[str, str | None], ...]
    left_out_count: int
    audience_href: str | None
    left_out_href: str | None
    may_begin: bool


def build_listing(runtime: Runtime, year: str, actor: Actor) -> Listing:
    """Return the trainings of the year that the address asks for, this year by default."""
    today = this_day()
    with runtime.database.read(actor.scope) as session:
        years = years_of_trainings(session, today)
        chosen = int(year) if year.isdecimal() and year in map(str, years) else today.year
        rows = trainings_of_year(session, chosen)
        is_duty = bool(actor.roles & DUTY)
        left_out = _left_out(session, actor, today) if is_duty and chosen == today.year else []
    return Listing(
        year=chosen,
        years=tuple((one, url_for("gatherings.index", year=one)) for one in years),
        lines=tuple(_line(row) for row in rows),
        standing=_standing(chosen, rows, today) if is_duty else None,
        left_out=tuple(left_out[:SHOWN]),
        left_out_count=len(left_out),
        audience_href=link_to("gatherings.audience"),
        left_out_href=link_to("gatherings.audience", rule=UNINVITED),
        may_begin=may_begin_training(actor),
    )


def state_tone(state: str) -> str:
    """Return the tone of a training's state."""
    return TONES[state]


def _line(row: TrainingRow) -> Line:
    return Line(
        row=row,
        href=url_for("gatherings.training", training_id=row.id),
        audience=label("training_audience", row.audience),
        mode=label("training_mode", row.mode),
        state=label("training_state", row.state),
        tone=state_tone(row.state),
    )


def _standing(year: int, rows: Iterable[TrainingRow], today: date) -> Standing:
    trainings = [Training(row.on, row.is_held) for row in rows]
    verdict = judge_trainings(year, trainings)
    held = [quarter_of(row.on) for row in trainings if row.held]
    text = _("全年应办 %(required)s 次，已举办 %(held)s 次", required=verdict.required, held=verdict.held)
    return Standing(
        text=text,
        verdict=_verdict(year, verdict.shortfall, today, is_late=is_behind(trainings, today)),
        tone="green" if not verdict.shortfall else "red" if year < today.year else "amber",
        quarters=tuple((_("%(n)s 季度", n=quarter), held.count(quarter)) for quarter in QUARTERS),
    )


def _verdict(year: int, shortfall: int, today: date, *, is_late: bool) -> str:
    if not shortfall:
        return _("已达到")
    if year < today.year:
        return _("不符合：少 %(n)s 次", n=shortfall)
    return _("进度落后，还差 %(n)s 次", n=shortfall) if is_late else _("还差 %(n)s 次", n=shortfall)


def _left_out(session: Session, actor: Actor, today: date) -> list[tuple[str, str | None]]:
    """Return the insured units that no training of the year has invited (第十五条: they are for all)."""
    if actor.org_id is None:
        return []
    units = {str(unit.id): unit for unit in insured_units(session, actor.org_id, today)}
    invited = map(str, invitations_of_year(session, actor.org_id, today.year))
    missing = [units[key] for key in uninvited(units, invited)]
    return [(unit.name, link_to("registers.show", unit_id=unit.id)) for unit in missing]

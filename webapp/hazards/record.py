"""The record of a hazard as its page shows it."""

from decimal import Decimal
from uuid import UUID

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.calendar import load_calendar
from store.pages.hazard import HazardRecord, Link, hazard_record
from webapp.dates import Due, this_day
from webapp.hazards.listing import hazard_due, state_tone
from webapp.linking import link_to
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.runtime import Runtime

COMMITMENTS = (
    ("responsible", "responsible"),
    ("measures", "measures"),
    ("funds", "funds"),
    ("finish_by", "time_limit"),
    ("contingency_plan", "plan"),
)
"""What a plan keeps under which name, and its word among the five commitments."""


class Commitment(Struct, frozen=True):
    """One of the five things that a unit commits itself to; empty while it has not."""

    title: str
    text: str


class HazardPage(Struct, frozen=True):
    """The page of a hazard."""

    record: HazardRecord
    title: str
    state: str
    state_tone: str
    due: Due | None
    is_extended: bool
    commitments: tuple[Commitment, ...]
    interim: str
    unit_href: str | None
    case: Link | None
    case_href: str | None
    visit_href: str | None


def load_hazard(runtime: Runtime, hazard_id: UUID, actor: Actor) -> HazardPage:
    """Return the page of a hazard that the person may see. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        record = hazard_record(session, hazard_id)
        if record is None:
            raise NotFoundError(kind="hazard", id=str(hazard_id))
        return _page(session, record)


def _page(session: Session, record: HazardRecord) -> HazardPage:
    today, calendar = this_day(), load_calendar(session)
    given = record.commitments
    unit = record.policyholder_id
    return HazardPage(
        record=record,
        title=_("%(place)s：%(what)s", place=record.place, what=record.description),
        state=label("hazard_state", record.state),
        state_tone=state_tone(record.state),
        due=hazard_due(record.state, record.deadline, today, calendar),
        is_extended=record.deadline != record.original_deadline,
        commitments=tuple(
            Commitment(label("five_commitments", code), _words(key, given.get(key)))
            for key, code in COMMITMENTS
        ),
        interim=str(given.get("interim_measures") or ""),
        unit_href=link_to("registers.show", unit_id=unit) if unit is not None else None,
        case=record.case,
        case_href=url_for("cases.show", case_id=record.case.id) if record.case else None,
        visit_href=url_for("cases.show", case_id=record.visit_case.id) if record.visit_case else None,
    )


def _words(key: str, value: object) -> str:
    text = str(value or "")
    return _("%(amount)s 元", amount=f"{Decimal(text):,.2f}") if text and key == "funds" else text

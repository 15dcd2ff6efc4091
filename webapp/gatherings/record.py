"""One training as its page shows it."""

from uuid import UUID

from flask import url_for
from msgspec import Struct

from rules.vocabulary import label
from store.pages.case import case_facts
from store.pages.gatherings import Guest, ProofFile, TrainingRecord, training_record
from webapp.gatherings.listing import state_tone
from webapp.linking import link_to
from webapp.texts import _, lazy
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.runtime import Runtime

PROOFS = (("sheet", lazy("签到表")), ("material", lazy("课件")), ("photos", lazy("现场照片")))


class Paper(Struct, frozen=True):
    """A paper of the training; without an address it is being printed."""

    title: str
    number: str
    href: str | None


class TrainingPage(Struct, frozen=True):
    """The page of a training."""

    record: TrainingRecord
    audience: str
    mode: str
    state: str
    tone: str
    guests: tuple[tuple[Guest, str | None], ...]
    proofs: tuple[tuple[str, tuple[ProofFile, ...]], ...]
    papers: tuple[Paper, ...]
    case_href: str | None
    turnout: str


def load_training(runtime: Runtime, training_id: UUID, actor: Actor) -> TrainingPage:
    """Return the page of a training that the person sees. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        record = training_record(session, training_id)
        if record is None:
            raise NotFoundError(kind="group_training", id=str(training_id))
        sees_case = case_facts(session, record.case_id) is not None
    row, turnout = record.row, record.row.turnout
    return TrainingPage(
        record=record,
        audience=label("training_audience", row.audience),
        mode=label("training_mode", row.mode),
        state=label("training_state", row.state),
        tone=state_tone(row.state),
        guests=tuple(
            (guest, link_to("registers.show", unit_id=guest.unit_id) if guest.unit_id else None)
            for guest in record.guests
        ),
        proofs=tuple((str(title), record.proofs[name]) for name, title in PROOFS),
        papers=tuple(
            Paper(title, number, _paper_href(record, paper) if is_printed else None)
            for paper, title, number, is_printed in record.papers
        ),
        case_href=url_for("cases.show", case_id=record.case_id) if sees_case else None,
        turnout=_(
            "邀请 %(invited)s 家，到场 %(households)s 家 %(people)s 人",
            invited=turnout.invited,
            households=turnout.households,
            people=turnout.people,
        ),
    )


def _paper_href(record: TrainingRecord, paper: UUID) -> str:
    return url_for("cases.paper_file", case_id=record.case_id, document_id=paper)

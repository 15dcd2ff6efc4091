"""Facts of a hazard: what was found, what the unit says and does, what was decided."""

from sqlalchemy import select

from rules.hazards import refuses_to_rectify
from rules.vocabulary import label
from store.tables import Dispute, Extension, Hazard, Recheck, Rectification, RefusalNotice
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.operations.chases import chases
from workflows.reading import Facts, found


def _hazard(act: Act) -> Hazard | None:
    return found(act, Hazard, act.case.hazard_id)


def _found(_: Act, hazard: Hazard) -> Facts:
    return {
        "place": hazard.place,
        "description": hazard.description,
        "level": hazard.level,
        "level_name": label("hazard_level", hazard.level),
        "basis_clause": hazard.basis_clause,
        "suggestion": hazard.suggestion,
        "deadline": hazard.deadline,
        "notified_on": hazard.notified_on,
        "finished_on": hazard.finished_on,
        "refusal_basis_name": label("rectification_refusal_basis", hazard.refusal_basis)
        if hazard.refusal_basis
        else "",
        "refusal_opinion": hazard.refusal_opinion,
    }


def _chases(act: Act, hazard: Hazard) -> Facts:
    given = chases(act, "rectification", hazard.id)
    enough = refuses_to_rectify(act.today, in_writing=False, unanswered_reminders=given)
    return {"reminders": given, "reminded_enough": enough}


def _rectification(act: Act, hazard: Hazard) -> Facts:
    rounds = list(
        act.session.scalars(
            select(Rectification)
            .where(Rectification.hazard_id == hazard.id)
            .order_by(Rectification.round.desc())
        )
    )
    recheck = act.session.scalar(
        select(Recheck).where(Recheck.hazard_id == hazard.id).order_by(Recheck.round.desc()).limit(1)
    )
    return {
        "measures_done": rounds[0].measures_done if rounds else None,
        "has_written_refusal": any(done.refuse_statement for done in rounds),
        "recheck_opinion": recheck.opinion if recheck is not None else None,
    }


def _dispute(act: Act, hazard: Hazard) -> Facts:
    dispute = act.session.scalar(
        select(Dispute).where(Dispute.hazard_id == hazard.id).order_by(Dispute.raised_at.desc()).limit(1)
    )
    if dispute is None:
        return {}
    return {
        "dispute_reason": dispute.dispute_reason,
        "dispute_basis": dispute.basis,
        "dispute_result_name": label("dispute_result", dispute.dispute_result)
        if dispute.dispute_result
        else "",
    }


def _extension(act: Act, hazard: Hazard) -> Facts:
    extension = act.session.scalar(
        select(Extension)
        .where(Extension.hazard_id == hazard.id)
        .order_by(Extension.requested_at.desc())
        .limit(1)
    )
    if extension is None:
        return {}
    return {"extension_reason": extension.request, "requested_deadline": extension.new_deadline}


def _notice(act: Act, hazard: Hazard) -> Facts:
    notice = act.session.scalar(select(RefusalNotice).where(RefusalNotice.hazard_id == hazard.id).limit(1))
    return {"notice_number": notice.number if notice is not None else hazard.number}


HAZARD_FACTS = (
    about(
        _hazard,
        _found,
        "place",
        "description",
        "level",
        "level_name",
        "basis_clause",
        "suggestion",
        "deadline",
        "notified_on",
        "finished_on",
        "refusal_basis_name",
        "refusal_opinion",
    ),
    about(_hazard, _chases, "reminders", "reminded_enough"),
    about(_hazard, _rectification, "measures_done", "has_written_refusal", "recheck_opinion"),
    about(_hazard, _dispute, "dispute_reason", "dispute_basis", "dispute_result_name"),
    about(_hazard, _extension, "extension_reason", "requested_deadline"),
    about(_hazard, _notice, "notice_number"),
)
"""What forms may read of the hazard, what its unit says and does, what was decided."""

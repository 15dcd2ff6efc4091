"""Questions on keeping files and on the gates of a visit (第七条、第十七条至第十九条)."""

from rules.archive import alternative_to, archive_gate, may_operate
from rules.entry import entry_gate
from rules.examples.reading import Answer, Input, Question, day, optional_day
from rules.retention import Hold, may_delete, retention
from rules.return_visit import METHODS, is_accepted_method
from rules.scheme import scheme_gate

ENDS = ("policy_end", "archived_on", "last_record_on")


def keeping(given: Input) -> Answer:
    """Answer until when a file is kept, and what forbids its disposal (第七条, D2)."""
    known = [optional_day(given, key) for key in ENDS]
    kept = retention((item for item in known if item is not None), (hold for hold in Hold if given.get(hold)))
    found: Answer = {
        "retain_until": kept.retain_until.isoformat(),
        "disposable_from": kept.disposable_from.isoformat(),
        "reason": str(kept.holds[0]) if kept.holds else None,
    }
    today = optional_day(given, "today")
    return found if today is None else found | {"disposable": kept.may_dispose(today)}


def deleting(given: Input) -> Answer:
    """Answer whether a file may be deleted; whoever asks makes no difference (第七条)."""
    is_over = may_delete(day(given["retain_until"]), day(given["delete_requested_on"]))
    return {"allowed": is_over and not any(given.get(hold) for hold in Hold), "alternative": None}


def operating(given: Input) -> Answer:
    """Answer whether an operation on an archived record is allowed, and what to do instead (第七条)."""
    operation, archived = given["operation"], bool(given.get("archived", True))
    return {
        "allowed": may_operate(operation, archived=archived),
        "alternative": alternative_to(operation, archived=archived),
    }


def entering(given: Input) -> Answer:
    """Answer whether on-site work may start (第十八条)."""
    found = entry_gate(given["precontact"] or {})
    return {"can_start_onsite": found.is_open, "missing": list(found.missing)}


def archiving(given: Input) -> Answer:
    """Answer whether a record may be archived (第十九条)."""
    found = archive_gate(
        given["record"] or {},
        insured_confirmed=bool(given["insured_confirmed"]) if "insured_confirmed" in given else None,
        provider_signed=bool(given["provider_signed"]) if "provider_signed" in given else None,
    )
    return {"can_archive": found.is_open, "missing": list(found.missing)}


def planning(given: Input) -> Answer:
    """Answer whether a scheme settles all six matters (第十七条)."""
    found = scheme_gate(dict.fromkeys(given["scheme_fields"], True))
    return {"complete": found.is_open, "missing": list(found.missing)}


def calling_back(given: Input) -> Answer:
    """Answer whether that way of a return visit counts (第十九条)."""
    return {"accepted": is_accepted_method(given["method"]), "allowed": list(METHODS)}


QUESTIONS = (
    Question("retention", deleting, frozenset({"retain_until", "delete_requested_on"})),
    Question("retention", operating, frozenset({"operation"})),
    Question("retention", keeping, any_of=frozenset(ENDS)),
    Question("workflow", entering, frozenset({"precontact"})),
    Question("workflow", archiving, frozenset({"record"})),
    Question("workflow", planning, frozenset({"scheme_fields"})),
    Question("workflow", calling_back, frozenset({"method"})),
)

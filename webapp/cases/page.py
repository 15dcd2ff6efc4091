"""One case as its page shows it: whose, which, until when; the diagram; the story; the proof."""

from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.roles import ROLES
from rules.vocabulary import label
from store.calendar import load_calendar
from store.pages.case import (
    CaseFacts,
    CaseLink,
    case_facts,
    event_page,
    heard_elements,
    incidents_of,
    step_runs,
)
from store.pages.cases import OpenStep, awaited_events, open_steps, orphaned, process_titles
from store.pages.operations import Suspension, suspension_of
from store.pages.rounds import rounds_of_case
from webapp.cases.diagram import Drawing, draw, waits_for
from webapp.cases.messages import Offer, offers_of
from webapp.cases.openings import OPENINGS
from webapp.cases.proof import Proof, build_proof
from webapp.cases.story import Entry, story_of
from webapp.cases.verbs import verbs_of
from webapp.cases.words import Standing, end_words, standing_of
from webapp.dates import Due, this_day
from webapp.linking import link_to
from webapp.offers import VerbLink
from webapp.signing import RoundView, round_view
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.handlers.cycles import PROCESS as CYCLE
from workflows.handlers.openings import may_open_by_hand
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.runtime import Runtime
from workflows.statuses import RUNNING, SUSPENDED
from workflows.verbs.copying import has_unread_copy

CHILDREN_SHOWN = 12


class Fact(Struct, frozen=True):
    """A labelled fact of the head."""

    label: str
    text: str
    href: str | None = None


class MyStep(Struct, frozen=True):
    """An open step that this person may do."""

    title: str
    href: str
    due: Due | None


class Orphaned(Struct, frozen=True):
    """An open step for which its organization has nobody with the role."""

    step: str
    organization: str
    role: str


class Acts(Struct, frozen=True):
    """What a person may do here."""

    mine: tuple[MyStep, ...]
    offers: tuple[Offer, ...]
    openings: tuple[Offer, ...]


class CasePage(Struct, frozen=True):
    """The page of a case."""

    facts: CaseFacts
    process: str
    status: str
    status_tone: str
    high_risk: str
    head: tuple[Fact, ...]
    due: Due | None
    parent: CaseLink | None
    children: tuple[CaseLink, ...]
    more_children: int
    processes: dict[str, str]
    standing: tuple[Standing, ...]
    orphaned: tuple[Orphaned, ...]
    waits: str
    drawing: Drawing
    acts: Acts
    story: tuple[Entry, ...]
    is_first: bool
    later_href: str | None
    incidents: tuple[str, ...]
    proof: Proof
    rounds: tuple[RoundView, ...]
    is_new_copy: bool = False
    verbs: tuple[VerbLink, ...] = ()
    suspension: Suspension | None = None


class Shown(Struct, frozen=True):
    """Which part of a case is shown: the story from an event on, and whether all files."""

    before: tuple[int, int] | None = None
    all_files: bool = False


def load_case(runtime: Runtime, case_id: UUID, actor: Actor, shown: Shown) -> CasePage:
    """Return the page of a case that the person may see. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        facts = case_facts(session, case_id)
        if facts is None:
            raise NotFoundError(kind="case", id=str(case_id))
        page = _page(session, facts, actor, shown)
    return replace(page, verbs=verbs_of(runtime, case_id, actor))


def _page(session: Session, facts: CaseFacts, actor: Actor, shown: Shown) -> CasePage:
    spec = spec_of(session, facts.release_id)
    calendar, today = load_calendar(session), this_day()
    steps = open_steps(session, [facts.id]).get(facts.id, ())
    awaited = list(awaited_events(session, [facts.id]).get(facts.id, ()))
    is_open = facts.status in RUNNING
    standing = standing_of(steps, awaited, spec, today, calendar) if is_open else []
    runs = step_runs(session, facts.id)
    drawing = draw(spec, heard_elements(session, facts.id), runs, steps, awaited, today, calendar)
    events, later = event_page(session, facts.id, shown.before)
    titles = process_titles(session)
    status, tone = _status(session, facts, standing)
    return CasePage(
        facts=facts,
        process=titles.get(facts.process, facts.process),
        status=status,
        status_tone=tone,
        high_risk=label("high_risk_kind", facts.industry) if facts.industry != "none" else "",
        head=tuple(_head(facts)),
        due=next((each.due for each in standing if each.due is not None), None),
        parent=facts.parent,
        children=facts.children[:CHILDREN_SHOWN],
        more_children=max(0, len(facts.children) - CHILDREN_SHOWN),
        processes=titles,
        standing=tuple(standing),
        orphaned=_orphaned(session, steps),
        waits=waits_for(standing),
        drawing=drawing,
        acts=_acts(session, facts, actor, steps, standing),
        story=story_of(facts.id, events, spec, actor.roles),
        is_first=shown.before is None,
        later_href=_later(facts.id, later),
        incidents=tuple(incidents_of(session, facts.id)),
        proof=build_proof(
            session, facts, spec, drawing.journey, steps, actor, calendar, all_files=shown.all_files
        ),
        rounds=_rounds(session, facts, actor),
        suspension=suspension_of(session, facts.id) if facts.status == SUSPENDED else None,
        is_new_copy=actor.person_id is not None and has_unread_copy(session, facts.id, actor.person_id),
    )


def _orphaned(session: Session, steps: tuple[OpenStep, ...]) -> tuple[Orphaned, ...]:
    found = orphaned(session, steps)
    return tuple(Orphaned(step.title, name, ROLES[step.role].title) for step, name in found)


def _rounds(session: Session, facts: CaseFacts, actor: Actor) -> tuple[RoundView, ...]:
    """Return the signing rounds; what was said in them is, like answers, not for the finance people of a provider."""
    hears = bool(actor.roles - {"provider_finance"})
    return tuple(round_view(found, opinions=hears) for found in rounds_of_case(session, facts.id))


def _status(session: Session, facts: CaseFacts, standing: list[Standing]) -> tuple[str, str]:
    if facts.status == SUSPENDED:
        return _("已挂起"), "amber"
    if facts.status != "open":
        return end_words(session, facts.status, facts.release_id, facts.end_event)
    return (_("在办") if any(each.who for each in standing) else _("等待中")), "brand"


def _head(facts: CaseFacts) -> list[Fact]:
    unit = link_to("registers.show", unit_id=facts.policyholder_id) if facts.policyholder_id else None
    policy = link_to("registers.policy", policy_id=facts.policy_id) if facts.policy_id else None
    hazard = link_to("hazards.show", hazard_id=facts.hazard_id) if facts.hazard_id else None
    found = [
        Fact(_("投保单位"), facts.unit, unit),
        Fact(_("保单"), facts.policy_number, policy),
        Fact(_("保单期"), _term(facts)),
        Fact(_("承保机构"), facts.insurer),
        Fact(_("第三方"), facts.provider),
        Fact(_("区县"), facts.district),
        Fact(_("隐患"), _("看隐患记录") if hazard else "", hazard),
    ]
    return [fact for fact in found if fact.text]


def _term(facts: CaseFacts) -> str:
    if facts.term is None:
        return ""
    start, end = facts.term
    return _("%(start)s 至 %(end)s", start=start.isoformat(), end=end.isoformat())


def _acts(
    session: Session,
    facts: CaseFacts,
    actor: Actor,
    steps: tuple[OpenStep, ...],
    standing: list[Standing],
) -> Acts:
    mine = [
        MyStep(step.title, url_for("inbox.show", work_item_id=step.id), each.due)
        for step, each in zip(steps, standing, strict=False)
        if _is_mine(step, actor)
    ]
    if facts.status != "open":
        return Acts((), (), ())
    offers = offers_of(session, facts.id, actor, spec_of(session, facts.release_id))
    return Acts(tuple(mine), tuple(offers), tuple(_openings(facts, actor)))


def _is_mine(step: OpenStep, actor: Actor) -> bool:
    if step.person_id is not None:
        return step.person_id == actor.person_id
    return actor.has(step.role) and step.holder_id == actor.org_id


def _openings(facts: CaseFacts, actor: Actor) -> list[Offer]:
    """Return the cases that a person may open by hand beside a service cycle."""
    if facts.process != CYCLE or not may_open_by_hand(facts.org_id, actor):
        return []
    return [
        Offer(str(title), url_for("cases.opening", case_id=facts.id, kind=kind.value), str(text))
        for kind, (title, text) in OPENINGS.items()
    ]


def _later(case_id: UUID, cursor: tuple[int, int] | None) -> str | None:
    if cursor is None:
        return None
    return url_for("cases.show", case_id=case_id, before=f"{cursor[0]}.{cursor[1]}", _anchor="story")

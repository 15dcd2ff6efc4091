"""The right side of a case: deadlines and their ground, papers, files, records, archive, versions."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.roles import ROLES
from rules.vocabulary import label
from rules.working_days import Calendar
from store.pages.case import CaseFacts, DeadlineLine, deadlines_of
from store.pages.case_records import (
    ArchiveFacts,
    FileLine,
    HazardLine,
    PaperLine,
    QuotaFacts,
    VisitFacts,
    archive_of,
    files_of,
    hazards_of_visit,
    papers_of,
    quota_facts,
    visit_facts,
)
from store.pages.cases import OpenStep
from store.pages.filed_reports import ReportLine, reports_of_case
from webapp.dates import Due, due_of, this_day
from webapp.grounds import ground_of, source_of
from webapp.linking import link_to
from webapp.texts import _
from workflows.engine import Spec
from workflows.engine.facets import literal
from workflows.journey import Journey
from workflows.papers import CODES, titles
from workflows.people import Actor

_PAPER_INPUT = "template"


class DeadlineView(Struct, frozen=True):
    """A deadline as the card shows it."""

    title: str
    line: DeadlineLine
    due: Due | None
    is_late: bool
    ground: str
    source: str


class MissingPaper(Struct, frozen=True):
    """A paper that is still to come, and who owes the step before it."""

    title: str
    owes: str


class Version(Struct, frozen=True):
    """A file that the case is pinned to."""

    kind: str
    name: str
    sha256: str


class Proof(Struct, frozen=True):
    """What a case holds and owes."""

    deadlines: tuple[DeadlineView, ...]
    papers: tuple[PaperLine, ...]
    missing: tuple[MissingPaper, ...]
    files: tuple[FileLine, ...]
    file_count: int
    hazards: tuple[HazardLine, ...]
    visit: VisitFacts | None
    quota: QuotaFacts | None
    archive: ArchiveFacts | None
    volume_href: str | None
    reports: tuple[ReportLine, ...]
    may_download: bool
    versions: tuple[Version, ...]


def build_proof(
    session: Session,
    facts: CaseFacts,
    spec: Spec,
    journey: Journey,
    steps: Iterable[OpenStep],
    actor: Actor,
    calendar: Calendar,
    *,
    all_files: bool,
) -> Proof:
    """Return what a case holds: of a visit its record and hazards, of a cycle the reasons of its quota."""
    is_visit = facts.visit_id is not None and facts.hazard_id is None
    today = this_day()
    files, count = files_of(session, facts.id, all_of_them=all_files)
    papers = papers_of(session, facts.id)
    is_cycle = facts.policy_id is not None and facts.visit_id is None and facts.hazard_id is None
    archive = archive_of(session, facts.id) if is_visit else None
    return Proof(
        deadlines=tuple(_deadlines(deadlines_of(session, facts.id), today, calendar)),
        papers=tuple(papers),
        missing=tuple(_missing(spec, journey, list(steps), papers)) if facts.status == "open" else (),
        files=tuple(files),
        file_count=count,
        hazards=tuple(hazards_of_visit(session, facts.visit_id)) if is_visit and facts.visit_id else (),
        visit=visit_facts(session, facts.visit_id) if is_visit and facts.visit_id else None,
        quota=quota_facts(session, facts.policy_id) if is_cycle and facts.policy_id else None,
        archive=archive,
        volume_href=link_to("archives.volume", volume_id=archive.volume_id) if archive is not None else None,
        reports=reports_of_case(session, facts.id),
        may_download=may_download(actor),
        versions=tuple(_versions(facts, spec)),
    )


def may_download(actor: Actor) -> bool:
    """Tell whether the archive package is for this person: it holds photos and personal data."""
    return bool(actor.roles - {"provider_finance"})


def _deadlines(lines: Iterable[DeadlineLine], today: date, calendar: Calendar) -> Iterator[DeadlineView]:
    for line in lines:
        due = None
        if line.met_on is None:
            due = due_of(
                line.due, today, calendar, provisional=line.provisional, natural=not line.working_days
            )
        late = (line.met_on or today) > line.due
        ground = ground_of(line.parameter_row, line.anchor, working_days=line.working_days)
        title = label("deadline_kind", line.kind)
        yield DeadlineView(title, line, due, late, ground, source_of(line.parameter_row))


def _missing(
    spec: Spec, journey: Journey, steps: list[OpenStep], papers: Iterable[PaperLine]
) -> Iterator[MissingPaper]:
    """Yield the papers that the diagram issues on the way ahead, with who holds the step before them."""
    there = {paper.template for paper in papers if not paper.is_void}
    owes = "、".join(dict.fromkeys(step.person or ROLES[step.role].title for step in steps))
    seen = set[str]()
    for element in journey.ahead:
        node = spec.nodes[element]
        inputs = dict(node["operation"]["inputs"]) if node.get("operation") else {}
        template = literal(inputs.get(_PAPER_INPUT))
        if template is not None and template in CODES and template not in there and template not in seen:
            seen.add(template)
            yield MissingPaper(titles(template), owes)


def _versions(facts: CaseFacts, spec: Spec) -> Iterator[Version]:
    forms = {form: name for _, name, form in spec.forms}
    for path, digest in sorted(facts.manifest.items()):
        folder, _slash, file = path.partition("/")
        name = file.rpartition(".")[0]
        if folder == "diagrams":
            yield Version(_("流程图"), spec.name, str(digest))
        elif folder == "forms":
            yield Version(_("表单"), forms.get(name, ""), str(digest))
        elif folder == "templates" and name in CODES:
            yield Version(_("文书模板"), titles(name), str(digest))

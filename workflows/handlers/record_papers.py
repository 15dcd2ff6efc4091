"""Papers about records that no process issues: numbered and printed as all others, in place of the one before."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any  # Any: rows of the tables that a declaration names
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.numbers import take_number
from store.pages.fund import statement
from store.pages.rosters import record
from store.queue import enqueue
from store.scope import Scope, owner_of
from store.tables import Document, Organization, Policy, Policyholder
from workflows.administration import tell
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError
from workflows.papers import CODES, titles
from workflows.people import Actor
from workflows.reading import local
from workflows.registers import ROSTERS, texts_of
from workflows.registers.rights import require_importer
from workflows.runtime import Runtime, legal_day
from workflows.template_choice import chosen_digest
from workflows.values import json_object

Said = Mapping[str, str]
STATEMENT = "fund_statement"
STATING = frozenset({"insurer", "insurer_finance"})
_REASON = "a paper about a record is issued"


class RecordPaper(Struct, frozen=True):
    """The paper of a declared register: its content from what a record says, who signs, on which records it stands.

    `about` is the column that names whom it is about; empty: the office that issues it.
    """

    template: str
    content: Callable[[Said], Mapping[str, str]]
    signs: str
    about: str
    applies: Callable[[Said], bool]


def _guidance(said: Said) -> Mapping[str, str]:
    same = {name: said[name] for name in ("form", "day", "until", "state", "result")}
    own = {"order_number": said["number"], "matter": said["title"], "demand": said["text"]}
    return {**same, **own, "addressee": said["party"]}


def _filing(said: Said) -> Mapping[str, str]:
    same = {name: said[name] for name in ("filing_number", "filing_status", "filing_date")}
    return {**same, "valid_until": said["filing_valid_until"]}


def _engagement(said: Said) -> Mapping[str, str]:
    same = {name: said[name] for name in ("person", "start", "end")}
    return {**same, "contract_number": said["number"]}


def _is_filed(said: Said) -> bool:
    return said["filing_status"] == label("filing_status", "filed")


def _engages_a_person(said: Said) -> bool:
    return said["kind"] == label("engagement_kind", "provider_expert")


def paper_for(register: str, said: Said) -> RecordPaper | None:
    """Return the paper that a record may have, None if there is none for it."""
    paper = RECORD_PAPERS.get(register)
    return paper if paper is not None and paper.applies(said) else None


RECORD_PAPERS: Mapping[str, RecordPaper] = {
    "guidance": RecordPaper(
        "guidance_order", _guidance, "下达机构", "party_id", lambda said: bool(said["party"])
    ),
    "filings": RecordPaper("filing_registration", _filing, "联席会议办公室", "id", _is_filed),
    "engagements": RecordPaper("engagement_letter", _engagement, "第三方服务机构", "", _engages_a_person),
}
"""Register → its paper."""


def issue_for_record(runtime: Runtime, register: str, record_id: UUID, actor: Actor) -> str:
    """Issue the paper of a record of a declared register; returns its number.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (such a record has no paper).
    """
    require_importer(register, actor)
    roster = ROSTERS[register]
    with runtime.database.read(actor.scope) as session:
        if (found := record(session, roster.source, record_id)) is None:
            raise NotFoundError(kind=register, id=str(record_id))
        (said,) = texts_of(session, roster, [found])
        keepers = roster.keepers(session, found)
    if actor.org_id not in keepers:
        raise NotAllowedError("issue", register)
    if (paper := paper_for(register, said)) is None:
        raise RuleRefusedError("这一条没有要出的文书")
    row: Any = found[0]
    concerned = getattr(row, paper.about) if paper.about else actor.org_id
    content = {**paper.content(said), "signatures": _seal(paper.signs)}
    region = getattr(row, "region_code", None)
    return _issue(runtime, paper.template, record_id, content, _Concerned(concerned, region), actor)


def issue_statement(runtime: Runtime, unit_id: UUID, year: int, actor: Actor) -> str:
    """Issue what a unit is told of its fund in a year, as its insurer knows it (第六条); returns the number.

    Raises: NotAllowedError, NotFoundError.
    """
    if not actor.roles & STATING:
        raise NotAllowedError("issue", STATEMENT)
    with runtime.database.read(actor.scope) as session:
        if (told := statement(session, unit_id, year)) is None:
            raise NotFoundError(kind="unit", id=str(unit_id))
        latest = select(Policy).where(Policy.policyholder_id == unit_id).order_by(Policy.term_start.desc())
        if (policy := session.scalars(latest.limit(1)).first()) is None:
            raise NotFoundError(kind="policy", id=str(unit_id))
        owners = owner_of(policy)
    content = {
        "year": year,
        **{name: f"{getattr(told, name):,.2f} 元" for name in ("premium", "accrued", "spent")},
        "visits": told.visits,
        "payments": [
            {
                "day": one.entry.entry_date.isoformat(),
                "category": label("fund_category", one.entry.category) if one.entry.category else "",
                "payee": one.entry.payee,
                "amount": f"{one.entry.amount:,.2f}",
            }
            for one in told.lines
        ],
        "signatures": _seal("保险机构"),
    }
    return _issue(runtime, STATEMENT, unit_id, content, _Concerned(unit_id, None, owners), actor)


class _Concerned(Struct, frozen=True):
    """Whom a paper is about, where it counts, and whose it is if that is known already."""

    org_id: UUID | None
    region_code: str | None
    owners: Mapping[str, object] | None = None


def _issue(
    runtime: Runtime,
    template: str,
    record_id: UUID,
    content: Mapping[str, object],
    concerned: _Concerned,
    actor: Actor,
) -> str:
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        issuer = session.get_one(Organization, actor.org_id)
        about = (session.get(Organization, concerned.org_id) if concerned.org_id else None) or issuer
        owners = concerned.owners or _owners(issuer, about, concerned.region_code)
        document = _document(session, template, record_id, issuer, owners, now)
        document.issued_by = actor.person_id
        session.flush()
        head = _head(runtime, document, issuer, now)
        document.content = dict(json_object({"head": head, "unit": _unit(session, about), **content}))
        _replace(session, document)
        told = {"document_id": str(document.id)}
        enqueue(session, "render_document", told, run_at=now, key=f"render:{document.id}")
        text = f"{actor.name}出具《{document.title}》{document.number}"
        tell(session, (document.subject, record_id), "document.issued", text, actor, now, issuer.id)
        return document.number


def _document(
    session: Session,
    template: str,
    record_id: UUID,
    issuer: Organization,
    owners: Mapping[str, object],
    now: datetime,
) -> Document:
    """Add a paper without content under the issuer's next number."""
    code, subject = CODES[template]
    document = Document(
        number=take_number(session, issuer.id, code, legal_day(now).year),
        template=template,
        template_sha256=chosen_digest(session, template, None),
        title=titles(template),
        subject=subject,
        subject_id=record_id,
        state="issued",
        content={},
        issued_at=now,
        **owners,
    )
    session.add(document)
    return document


def _replace(session: Session, document: Document) -> None:
    """Make the paper before void; of yearly ones that of the same year."""
    before = select(Document).where(
        Document.template == document.template,
        Document.subject_id == document.subject_id,
        Document.id != document.id,
        Document.void_reason == "",
    )
    for paper in session.scalars(before).all():
        same_year = paper.content.get("year") == document.content.get("year")
        if same_year and paper.insurer_id == document.insurer_id:
            paper.void_reason = f"由 {document.number} 代替"


def _owners(issuer: Organization, about: Organization, region_code: str | None) -> dict[str, object]:
    """Return whose a paper is: the office that issues it sees it, and whom it is about."""
    return {
        "org_id": about.id if about.kind == "provider" else issuer.id,
        "insurer_id": about.id if about.kind == "insurer" else None,
        "policyholder_id": about.id if about.kind == "policyholder" else None,
        "region_code": region_code or issuer.region_code,
    }


def _head(runtime: Runtime, document: Document, issuer: Organization, now: datetime) -> dict[str, object]:
    return {
        "number": document.number,
        "issuer": issuer.name,
        "generated_at": local(now.replace(microsecond=0)),
        "check_url": f"{runtime.public_url}/papers/{document.id}.pdf",
    }


def _unit(session: Session, office: Organization) -> dict[str, object]:
    unit = session.get(Policyholder, office.id)
    return {
        "name": office.name,
        "uscc": office.uscc or "",
        "address": (unit.address or "") if unit is not None else "",
    }


def _seal(party: str) -> list[dict[str, object]]:
    return [{"party": party, "seal": True}]

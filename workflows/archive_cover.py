"""The cover of a visit's file: whose it is, the elements, what lies in it, both final signatures (第七、十九条)."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from documents.package_content import Piece
from rules.vocabulary import label
from store.tables import CaseEvent, CaseFile, Organization, Visit
from workflows.acts import Act
from workflows.facts.recorded import elements_of
from workflows.papers.common import policy_of, signatures_of, unit_of
from workflows.reading import found, local
from workflows.records import latest_return_visit
from workflows.runtime import legal_day

COVER = "case_file_cover"
SEALED = "package.sealed"
_LISTED = ("papers", "photos")
_RECORD, _CALL = "服务记录表", "服务回访记录"


def cover_of(act: Act, file: CaseFile, visit: Visit, pieces: Sequence[Piece]) -> Mapping[str, object]:
    """Return the content of the cover; the same file gives the same content, however often it is built."""
    sealed_at = file.sealed_at or act.now
    provider, insurer = (found(act, Organization, one) for one in (act.case.org_id, act.case.insurer_id))
    head, count = _chain_before(act, file)
    return {
        "head": {
            "number": file.number,
            "issuer": provider.name if provider is not None else "",
            "generated_at": local(sealed_at.replace(microsecond=0)),
            "check_url": f"{act.runtime.public_url}/cases/{act.case.id}",
        },
        "unit": unit_of(act),
        "title": f"{file.title or act.case.title}　事故预防服务档案",
        "policy": policy_of(act),
        "insurer": insurer.name if insurer is not None else "",
        "period_start": legal_day(visit.dispatched_at or act.case.opened_at),
        "period_end": legal_day(sealed_at),
        "index": list(_index(pieces)),
        "sealed_at": local(sealed_at.replace(microsecond=0)),
        "confirmed_by": file.confirmed_by,
        "retain_until": file.retain_until or legal_day(sealed_at),
        "chain_head": head,
        "event_count": count,
        "elements": list(_elements(act, visit)),
        "signatures": signatures_of(visit, "record"),
    }


def _index(pieces: Sequence[Piece]) -> Iterator[Mapping[str, object]]:
    listed = [piece for piece in pieces if piece.folder in _LISTED]
    for sequence, piece in enumerate(listed, 1):
        yield {
            "sequence": sequence,
            "name": piece.title,
            "on": piece.on,
            "pages": piece.pages,
            "sha256": piece.sha256 or "",
        }


def _elements(act: Act, visit: Visit) -> Iterator[Mapping[str, object]]:
    for code, text in elements_of(act, visit).items():
        yield {"name": label("archive_element", code), "value": text or "—", "source": _RECORD}
    call = latest_return_visit(act, visit)
    if call is not None:
        told = f"{legal_day(call.contacted_at)}，满意度 {call.satisfaction} 分"
        yield {"name": label("archive_element", "return_visit"), "value": told, "source": _CALL}


def _chain_before(act: Act, file: CaseFile) -> tuple[str, int]:
    """Return head and length of the case's chain as the file was closed."""
    closed = [CaseEvent.case_id == act.case.id, CaseEvent.kind != SEALED]
    if file.sealed_at is not None:
        closed.append(CaseEvent.at <= file.sealed_at)
    newest = select(CaseEvent.hash).where(*closed).order_by(CaseEvent.version.desc(), CaseEvent.n.desc())
    count = select(func.count()).select_from(CaseEvent).where(*closed)
    return act.session.scalar(newest.limit(1)) or "", act.session.scalar(count) or 0

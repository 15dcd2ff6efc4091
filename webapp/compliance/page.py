"""What the pages of the duties say: standing in words, figures, links to the rows behind them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.articles import chapter_of, chinese_name
from store.compliance.catalogue import MOST, Asked, Duty, Standing, Trace
from store.pages.compliance import Office, judged_offices, unit_named
from webapp import addresses
from webapp.dates import this_day
from webapp.linking import link_to
from webapp.texts import Lazy, _, lazy
from workflows.compliance import FIRST_DAY, Judged, as_of, judge, judge_all

WORDS: Mapping[Standing, Lazy] = {
    Standing.BROKEN: lazy("不符合"),
    Standing.AT_RISK: lazy("有风险"),
    Standing.TO_JUDGE: lazy("待人工判断"),
    Standing.MET: lazy("符合"),
}
ICONS: Mapping[Standing, str] = {
    Standing.BROKEN: "alert-circle",
    Standing.AT_RISK: "alert-triangle",
    Standing.TO_JUDGE: "user-question",
    Standing.MET: "circle-check",
}
_PAGES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "case": ("cases.show", "case_id", {}),
    "policy": ("registers.policy", "policy_id", {}),
    "person": ("registers.person", "person_id", {}),
    "organization": ("registers.roster", "record_id", {"section": "filings"}),
    "insurer": ("registers.roster", "record_id", {"section": "insurers"}),
    "agency": ("registers.roster", "record_id", {"section": "agencies"}),
}
"""What a trace is → the page that shows it, the part of its address that is the id, the other parts."""


class Choice(Struct, frozen=True):
    """A choice among the standings: all, or one of them."""

    title: str
    icon: str
    tone: str
    count: int
    href: str
    is_current: bool


class Line(Struct, frozen=True):
    """A duty on the page."""

    judged: Judged
    article: str
    word: str
    icon: str
    figure: str
    href: str

    @property
    def standing(self) -> Standing:
        """Return how it stands."""
        return self.judged.standing

    @property
    def wrong(self) -> int:
        """How many rows are behind it that are not, or soon will not be, as they should."""
        return self.judged.found.broken.count + self.judged.found.at_risk.count


class CompliancePage(Struct, frozen=True):
    """All duties, chapter by chapter, and what they were asked about."""

    day: date
    chapters: tuple[tuple[str, tuple[Line, ...]], ...]
    choices: tuple[Choice, ...]
    chosen: Standing | None
    offices: tuple[Office, ...]
    office_id: UUID | None
    unit: str
    report: str
    trend: str


class EvidenceLine(Struct, frozen=True):
    """A row behind a duty."""

    word: str
    tone: str
    title: str
    detail: str
    day: date | None
    href: str | None


class EvidencePage(Struct, frozen=True):
    """The rows behind one duty."""

    duty: Duty
    asked: Asked
    article: str
    told: str
    word: str
    standing: Standing
    count: int
    lines: tuple[EvidenceLine, ...]
    sheet: str
    back: str


class Request(Struct, frozen=True):
    """What a page was asked for, read from its address."""

    asked: Asked
    chosen: Standing | None
    office_id: UUID | None
    unit_id: UUID | None

    @property
    def address(self) -> dict[str, Any]:  # Any: as url_for takes them
        """Return the words of the address that say whose business and which day."""
        day = "" if self.asked.day == this_day() else self.asked.day.isoformat()
        words = {"on": day, "office": str(self.office_id or ""), "unit": str(self.unit_id or "")}
        return {name: word for name, word in words.items() if word}


def read_asked(session: Session, words: Mapping[str, str]) -> Request:
    """Return what the address asks for; what makes no sense there is left out."""
    day = addresses.day(words.get("on", "")) or this_day()
    office_id, unit_id = (addresses.identity(words.get(name, "")) for name in ("office", "unit"))
    asked = replace(as_of(session, max(FIRST_DAY, min(day, this_day()))), policyholder_id=unit_id)
    kind = next((one.kind for one in judged_offices(session) if one.id == office_id), None)
    if kind == "insurer":
        asked = replace(asked, insurer_id=office_id)
    elif kind == "provider":
        asked = replace(asked, provider_id=office_id)
    standings = {standing.value: standing for standing in Standing}
    return Request(asked, standings.get(words.get("standing", "")), office_id if kind else None, unit_id)


def build_page(session: Session, request: Request) -> CompliancePage:
    """Return the page of all duties."""
    lines = [_line(one, request) for one in judge_all(session, replace(request.asked, most=0))]
    shown = [line for line in lines if request.chosen in (None, line.standing)]
    by_chapter = groupby(shown, key=lambda line: chapter_of(line.judged.duty.article))
    return CompliancePage(
        day=request.asked.day,
        chapters=tuple((chapter, tuple(members)) for chapter, members in by_chapter),
        choices=tuple(_choices(lines, request)),
        chosen=request.chosen,
        offices=judged_offices(session),
        office_id=request.office_id,
        unit=unit_named(session, request.unit_id) if request.unit_id else "",
        report=url_for("compliance.report", **request.address),
        trend=url_for("compliance.trend", **request.address),
    )


def evidence_of(session: Session, duty: Duty, request: Request, most: int | None = MOST) -> EvidencePage:
    """Return the rows behind a duty, what is broken first."""
    judged = judge(session, duty, replace(request.asked, most=most))
    found = judged.found
    lines = [
        *(_evidence(trace, Standing.BROKEN) for trace in found.broken.rows),
        *(_evidence(trace, Standing.AT_RISK) for trace in found.at_risk.rows),
    ]
    return EvidencePage(
        duty=duty,
        asked=request.asked,
        article=chinese_name(duty.article),
        told=found.told,
        word=str(WORDS[judged.standing]),
        standing=judged.standing,
        count=found.broken.count + found.at_risk.count,
        lines=tuple(lines),
        sheet=url_for("compliance.sheet", key=duty.key, **request.address),
        back=url_for("compliance.index", **request.address),
    )


def _line(judged: Judged, request: Request) -> Line:
    found, duty = judged.found, judged.duty
    return Line(
        judged=judged,
        article=chinese_name(duty.article),
        word=str(WORDS[judged.standing]),
        icon=ICONS[judged.standing],
        figure=f"{found.met} / {found.total}" if found.total else "—",
        href=url_for("compliance.show", key=duty.key, **request.address),
    )


def _choices(lines: Iterable[Line], request: Request) -> Iterable[Choice]:
    counts = Counter(line.standing for line in lines)
    everything = url_for("compliance.index", **request.address)
    yield Choice(_("条全部"), "", "", counts.total(), everything, request.chosen is None)
    for standing in Standing:
        if counts[standing] or standing is request.chosen:
            href = url_for("compliance.index", standing=standing.value, **request.address)
            chosen = standing is request.chosen
            yield Choice(
                str(WORDS[standing]), ICONS[standing], standing.value, counts[standing], href, chosen
            )


def _evidence(trace: Trace, standing: Standing) -> EvidenceLine:
    endpoint, name, section = _PAGES.get(trace.kind, ("", "", {}))
    href = link_to(endpoint, **{name: trace.id}, **section) if endpoint else None
    tone = "red" if standing is Standing.BROKEN else "amber"
    return EvidenceLine(str(WORDS[standing]), tone, trace.title, trace.detail, trace.day, href)

"""What is printed of the page of all duties."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Content, Paper


class Row(Content, frozen=True):
    """A row behind a duty: what it is about, what is wrong with it, since or until when."""

    word: str
    title: str
    detail: str
    day: date | None


class DutyLine(Content, frozen=True):
    """A duty: its article and force (应 or 宜), how it stands, the figures, the rows that are not as they should be.

    `count` says how many such rows there are; `rows` are the first of them.
    """

    article: str
    title: str
    force: str
    word: str
    met: int
    total: int
    told: str
    remedy: str
    count: int
    rows: tuple[Row, ...]


class ComplianceReport(Paper, frozen=True):
    """逐条合规报告: every duty as it stood on a day, and the rows behind it."""

    day: date
    scope: str
    standings: tuple[tuple[str, int], ...]
    """How many duties stand how, in words."""
    duties: tuple[DutyLine, ...]

"""What is printed of a group training: the letter to who has no account, the record of the day (第十五条)."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Content, Paper


class Addressee(Content, frozen=True):
    """A unit that is invited by letter."""

    name: str
    address: str = ""
    contact: str = ""


class Attendance(Content, frozen=True):
    """A unit that came, with how many people."""

    name: str
    people: int
    invited: str


class TrainingInvitation(Paper, frozen=True):
    """集中培训邀请函: a page for each unit without an account."""

    topic: str
    focus: str
    held_on: date
    starts_at: str
    mode: str
    place: str
    speaker: str
    addressees: tuple[Addressee, ...]


class TrainingRecord(Paper, frozen=True):
    """集中培训记录: what was taught, where and by whom, who came (第十五条)."""

    training_number: str
    topic: str
    audience: str
    focus: str
    held_on: date
    starts_at: str
    mode: str
    place: str
    speaker: str
    invited: int
    households: int
    people: int
    attendance: tuple[Attendance, ...]
    materials: int
    sheets: int

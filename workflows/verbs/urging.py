"""催办: whoever waits for a step calls it to mind, at most every four working hours."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from rules.working_days import Calendar
from store.events import EventDraft
from store.tables import WorkItem
from workflows.advance import note, refuse_suspended
from workflows.commands import digest
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import SHANGHAI, Runtime, legal_day
from workflows.sentences import due_phrase
from workflows.statuses import DONE
from workflows.values import json_object
from workflows.verbs.common import begun, inform, inform_holder, same_version, told
from workflows.verbs.offer import Asker, Offer, Verb

PAUSE: Final = timedelta(hours=4)
OFFICE_HOURS: Final = ((time(9), time(12)), (time(13), time(18)))
"""When offices work on a working day: eight hours, Beijing time."""


class UrgeWorkItem(Struct, frozen=True):
    """Call an open item of somebody else to mind."""

    work_item_id: UUID
    version: int
    text: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(urge=str(self.work_item_id), text=self.text)


def offer(asker: Asker) -> Offer | None:
    """Offer it to everybody who sees somebody else's open work."""
    item = asker.item
    if item.status >= DONE or _is_own(item, asker.actor):
        return None
    return Offer(Verb.URGE, _too_soon(item, asker.now, asker.calendar))


def urge_work_item(runtime: Runtime, command: UrgeWorkItem, actor: Actor) -> None:
    """Call the item to mind.

    Raises: NotFoundError, NotAllowedError (the own item), StaleVersionError (closed), RuleRefusedError (too soon),
    CaseSuspendedError.
    """
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        act, item = verbal.act, verbal.row
        same_version(verbal, item.version if item.status < DONE else command.version)
        if _is_own(item, actor):
            raise NotAllowedError("urge", "own")
        refuse_suspended(act.case)
        if why := _too_soon(item, act.now, act.calendar):
            raise RuleRefusedError(why)
        item.urged_at = act.now
        said, phrase = told(command.text), due_phrase(item.due_on, act.today, act.calendar)
        text = f"{actor.name}催办“{item.title}”，{phrase}" + (f"：{said}" if said else "")
        body = {"text": text, "work_item": str(item.id), "said": said}
        note(act, EventDraft("item.urged", item.step, json_object(body)))
        inform_holder(act, item, f"{item.subject}：{text}", body=said)
        inform(act, item.owner_id, f"{item.subject}：{text}", item_id=item.id, body=said)


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much office time lies between two moments."""
    total, day = timedelta(), legal_day(start)
    while day <= legal_day(end):
        if calendar.is_working_day(day):
            for opens, closes in OFFICE_HOURS:
                begin = max(start, datetime.combine(day, opens, SHANGHAI))
                finish = min(end, datetime.combine(day, closes, SHANGHAI))
                total += max(finish - begin, timedelta())
        day += timedelta(days=1)
        if total >= PAUSE:
            break
    return total


def _is_own(item: WorkItem, actor: Actor) -> bool:
    if item.assignee_id is not None:
        return item.assignee_id == actor.person_id
    return actor.has(item.role) and item.holder_id == actor.org_id


def _too_soon(item: WorkItem, now: datetime, calendar: Calendar) -> str:
    if item.urged_at is None or working_time(calendar, item.urged_at, now) >= PAUSE:
        return ""
    at = item.urged_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
    return f"{at} 刚催过，隔 4 个工作小时才能再催"

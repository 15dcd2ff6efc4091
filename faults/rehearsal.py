"""One run: the product, the ground it stands on, its clients, and what they were told."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from bench.visits import STEPS, WAITS
from faults.ground import Ground
from faults.orders import put, read
from faults.person import Answer, Command, Journal, Person, UnansweredError
from faults.product import Product
from faults.proxy import Proxy
from faults.waiting import is_busy
from store.invariants import Finding
from tests.support.postgres import Guardian

LEASE = timedelta(minutes=2, seconds=30)
"""After it, what a dead worker had in hand is taken by the next."""


class Tally(Struct):
    """What one family did, and what became of it."""

    title: str
    injected: int = 0
    recovered: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    skipped: str = ""
    findings: list[str] = field(default_factory=list)
    recovery_seconds: list[float] = field(default_factory=list)


class Rehearsal(Struct):
    """Everything that a family lays its hands on."""

    product: Product
    ground: Ground
    journal: Journal
    dice: Random
    front: Proxy
    front_address: str
    back: Proxy | None = None
    guardian: Guardian | None = None
    family: str = ""
    tally: Tally = field(default_factory=lambda: Tally(""))
    visits: list[UUID] = field(default_factory=list)
    known_breaches: set[Finding] = field(default_factory=set)
    ordered_at: int = -1
    """How many had died when the last death was ordered."""
    _people: dict[str, Person] = field(default_factory=dict)

    def person(self, login: str) -> Person:
        """Return a person's browser."""
        if login not in self._people:
            self._people[login] = Person(self.product.address, login)
        return self._people[login]

    def tell(self, command: Command, login: str = "", first_to: str = "") -> Answer | None:
        """Let a person send a command until it is answered; what they hear is written down."""
        try:
            answer = self.person(login or command.login).tell(command, first_to)
        except UnansweredError as error:
            self.tally.findings.append(f"没有回音：{error}")
            answer = None
        self.journal.note(self.family, command, answer)
        return answer

    def pass_by(self, span: timedelta) -> None:
        """Let time pass, for the product and for its clients."""
        self.set_clock(self.ahead() + span)

    def ahead(self) -> timedelta:
        """Return by how much the clock is ahead."""
        return timedelta(seconds=float(read(self.product.orders / "clock") or 0))

    def set_clock(self, ahead: timedelta) -> None:
        """Set the clock, forward or back."""
        put(self.product.orders / "clock", str(ahead.total_seconds()))

    def walk(self, deliver: Callable[["Rehearsal", Command], None], until: float) -> None:
        """Open visits and take them through P3 as long as there is time, one at least, each command by `deliver`."""
        while True:
            case_id = self._open(deliver)
            for _ in range(STEPS):
                command = self.ground.next_step(case_id) if case_id else None
                if command is None or case_id is None:
                    self.tally.findings.append(f"服务单 {case_id} 走到一半没有下一步")
                    self.tally.stuck += 1
                    break
                self.pass_by(timedelta(hours=WAITS.get(command.step, 0), minutes=1))
                if command.step in WAITS:  # answered by the time at which it is sent
                    command = self.ground.next_step(case_id) or command
                deliver(self, command)
            if time.monotonic() >= until:
                return

    def _open(self, deliver: Callable[["Rehearsal", Command], None]) -> UUID | None:
        """Open a visit; return its case, found by what the person was told."""
        command = self.ground.opening()
        before = len(self.journal.entries)
        deliver(self, command)
        for entry in self.journal.entries[before:]:
            if entry.command.key == command.key and entry.answer and entry.answer.is_acknowledged:
                self.visits.append(UUID(entry.answer.location.split("?")[0].rstrip("/").rsplit("/", 1)[1]))
                return self.visits[-1]
        return None

    def recover(self, answer: Answer | None, faults: int = 1) -> None:
        """Count faults behind which the command was acknowledged all the same."""
        if answer is not None and answer.is_acknowledged:
            self.tally.recovered += faults

    def same(self, command: Command, *answers: Answer | None) -> None:
        """See that everybody who sent the same command heard the same."""
        told = {
            (answer.status, answer.location if command.item_id is None else "")
            for answer in answers
            if answer
        }
        if len(told) > 1:
            self.tally.lost += 1
            self.tally.findings.append(f"同一个请求得到不同的回答：{command.step} {sorted(told)}")

    def after_a_change(self, command: Command) -> Answer | None:
        """Let a colleague take the step and give it back, then send what was filled before: it must be refused."""
        colleague = f"{command.login}_2"
        for act, version in (("claim", 0), ("release", 1)):
            seen = self.ground.version_of(command.item_id) if command.item_id else version
            form = replace(
                command, path=f"{command.path}/{act}", fields=[("version", str(seen))], is_free=False
            )
            self.person(colleague).tell(form)
        answer = self.tell(replace(command, key=f"{command.key}-stale"))
        if answer is not None and answer.is_acknowledged:
            self.tally.lost += 1
            self.tally.findings.append(f"没看到的改动被盖掉：{command.step}")
            return None
        return answer

    def compare(self, dues: Mapping[str, datetime], but: Command | None = None) -> None:
        """See that what was due before is due at the same moment still, if it is there (I7)."""
        for one, at in self.ground.dues().items():
            if one in dues and dues[one] != at and (but is None or one != str(but.item_id)):
                self.tally.stuck += 1
                self.tally.findings.append(f"I7 期限变了：{one} {dues[one]} → {at}")

    def settle(self, seconds: float = 30) -> None:
        """Wait until the worker has done all that is due; a dead one's hold on its job is over soon."""
        limit = time.monotonic() + seconds
        deaths = -1
        while is_busy(self.ground.runtime) and time.monotonic() < limit:
            if deaths != (deaths := len(self.product.killed())):
                self.pass_by(LEASE)
            time.sleep(0.1)


def start_clock(orders: Path, at: datetime, now: datetime) -> None:
    """Begin at a moment that lies ahead."""
    orders.mkdir(parents=True, exist_ok=True)
    put(orders / "clock", str((at - now).total_seconds()))

"""The families of faults: how each one stands in the way of a command."""

import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from faults import waiting
from faults.orders import WEB, WORKER
from faults.person import Answer, Command
from faults.points import ANY
from faults.rehearsal import Rehearsal

MOST_PASSAGES = {WEB: 60, WORKER: 12}
WORK_SECONDS = 15
COMMITS = 6
Deliver = Callable[[Rehearsal, Command], None]


class Family(Struct, frozen=True):
    """A kind of fault. `begin` and `end` stand around all its commands."""

    title: str
    deliver: Deliver
    begin: Callable[[Rehearsal], None] | None = None
    end: Callable[[Rehearsal], None] | None = None
    needs_own_postgres: bool = False


def plain(run: Rehearsal, command: Command) -> None:
    """Let nothing stand in the way."""
    run.tell(command)


def _killing(kind: str) -> Deliver:
    def deliver(run: Rehearsal, command: Command) -> None:
        """Kill a process at one of its points; one that it did not reach yet waits for the next commands."""
        before = len(run.product.killed())
        if before != run.ordered_at:
            run.product.order(kind, ANY, run.dice.randint(1, MOST_PASSAGES[kind]))
            run.ordered_at = before
        began = time.monotonic()
        answer = run.tell(command)
        if kind == WORKER:
            waiting.queue_work(run.ground.runtime, command.key, run.ground.cycle_id)
            run.settle(WORK_SECONDS)
        died = len(run.product.killed()) - before
        run.tally.injected += died
        if died and kind == WEB:
            run.tally.recovery_seconds.append(time.monotonic() - began)
        run.recover(answer, died)

    return deliver


def _kills_over(run: Rehearsal) -> None:
    run.product.disarm()


def _restart_database(run: Rehearsal, command: Command) -> None:
    """Stop PostgreSQL at once in the middle of the command, and start it again."""
    guardian = run.guardian
    if guardian is None:
        return
    run.person(command.login).sign_in_if_needed()
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(run.tell, command)
        time.sleep(run.dice.uniform(0, 0.15))
        guardian.crash()
        run.tally.injected += 1
        guardian.start()
        began = time.monotonic()
        answer = told.result()
    run.tally.recovery_seconds.append(time.monotonic() - began)
    run.recover(answer)


def _lose_answer(run: Rehearsal, command: Command) -> None:
    """Cut the line behind the commit: to the browser, or, on PostgreSQL in turn, to the server."""
    if run.back is not None and run.dice.random() < 1 / 2:
        before = run.back.cuts
        run.back.cut(b"COMMIT", run.dice.randint(1, COMMITS))
        answer = run.tell(command)
        run.back.cut(b"", 0)
        cuts = run.back.cuts - before
    else:
        before = run.front.cuts
        run.person(command.login).sign_in_if_needed()
        run.front.cut(b"POST ")
        answer = run.tell(command, first_to=run.front_address)
        cuts = run.front.cuts - before
    run.tally.injected += cuts
    run.recover(answer, cuts)


_JUMPS = (timedelta(hours=1), -timedelta(hours=1), -timedelta(days=2))


def _jump(run: Rehearsal, command: Command) -> None:
    """Send the command by a clock that has jumped; who is refused for it asks again by the right one."""
    dues, ahead = run.ground.dues(), run.ahead()
    run.set_clock(ahead + run.dice.choice(_JUMPS))
    run.tally.injected += 1
    answer = run.tell(command)
    run.set_clock(ahead)
    run.compare(dues, but=command)
    if not answered(answer):
        again = run.ground.next_step(command.case_id) if command.item_id and command.case_id else command
        if again is not None and again.item_id == command.item_id:
            answer = run.tell(again)
    run.recover(answer)


def _fill_disk(run: Rehearsal, command: Command) -> None:
    """Let the disk be full for a while."""
    run.person(command.login).sign_in_if_needed()
    statuses = run.person(command.login).statuses
    before = len(statuses)
    with ThreadPoolExecutor(1) as pool, run.product.full_disk():
        told = pool.submit(run.tell, command)
        time.sleep(0.6)
    answer = told.result()
    full = 503 in statuses[before:]
    run.tally.injected += full
    run.recover(answer, int(full))


def _click_twice(run: Rehearsal, command: Command) -> None:
    """Send the same form twice at once: both hear the same."""
    run.person(command.login).sign_in_if_needed()
    with ThreadPoolExecutor(2) as pool:
        clicks = [pool.submit(run.tell, command) for _ in range(2)]
    run.tally.injected += 1
    first, second = (click.result() for click in clicks)
    run.same(command, first, second)
    run.recover(first if answered(first) else second)


def _two_people(run: Rehearsal, command: Command) -> None:
    """Let a colleague change the step unseen, then let both complete it at once: one of them does."""
    if not command.is_free:
        run.tell(command)
        return
    run.tally.injected += 1
    stale = run.after_a_change(command)
    if stale is None:
        run.recover(None, 0)
        return
    mine = _with_version(run, command, "mine")
    theirs = replace(_with_version(run, command, "theirs"), login=f"{command.login}_2")
    for login in (mine.login, theirs.login):
        run.person(login).sign_in_if_needed()
    with ThreadPoolExecutor(2) as pool:
        answers = [told.result() for told in [pool.submit(run.tell, one) for one in (mine, theirs)]]
    won = [answer for answer in answers if answer is not None and answer.is_acknowledged]
    run.recover(won[0] if won else None)


def _with_version(run: Rehearsal, command: Command, who: str) -> Command:
    """Return the command as somebody fills it who sees the step as it is now."""
    now = {"version": str(run.ground.version_of(command.item_id)) if command.item_id else ""}
    now["key"] = f"{command.key}-{who}"
    return replace(
        command, key=now["key"], fields=[(name, now.get(name, value)) for name, value in command.fields]
    )


def _poison(run: Rehearsal) -> None:
    waiting.queue_poison(run.ground.runtime, f"poison-{run.dice.getrandbits(32)}")


def _try_poison(run: Rehearsal, command: Command) -> None:
    """Let the poisoned job's next try be due, and see that the command and its jobs are not delayed."""
    before = waiting.poison_attempts(run.ground.runtime)
    run.set_clock(run.ahead() + waiting.until_poison(run.ground.runtime))
    answer = run.tell(command)
    limit = time.monotonic() + 8
    while (
        waiting.poison_attempts(run.ground.runtime) == before
        and time.monotonic() < limit
        and waiting.is_poisoned(run.ground.runtime)
    ):
        time.sleep(0.1)
    tried = waiting.poison_attempts(run.ground.runtime) - before
    run.tally.injected += tried
    run.recover(answer, tried)


def _poison_over(run: Rehearsal) -> None:
    """See the job dead after its last try, and take it away."""
    limit = time.monotonic() + 60
    while waiting.is_poisoned(run.ground.runtime) and time.monotonic() < limit:
        run.set_clock(run.ahead() + waiting.until_poison(run.ground.runtime))
        time.sleep(0.3)
    if waiting.is_poisoned(run.ground.runtime):
        run.tally.stuck += 1
        run.tally.findings.append("一再失败的任务没有停下来")
    waiting.discard_poison(run.ground.runtime)


def _upgrade(run: Rehearsal, command: Command) -> None:
    """Between two steps, now and then, end the server, asked or unasked, and start it on what it finds."""
    if run.dice.random() < 1 / 4 or not run.tally.injected:
        dues = run.ground.dues()
        run.product.end(run.dice.choice((signal.SIGTERM, signal.SIGKILL)))
        run.tally.injected += 1
        run.tally.recovery_seconds.append(run.product.start())
        run.compare(dues)
        run.recover(run.tell(command))
        return
    run.tell(command)


def answered(answer: Answer | None) -> bool:
    """Tell whether a person heard that it is done."""
    return answer is not None and answer.is_acknowledged


FAMILIES: Mapping[str, Family] = {
    "kill_web": Family("页面进程 kill -9", _killing(WEB), end=_kills_over),
    "kill_worker": Family("后台进程 kill -9", _killing(WORKER), end=_kills_over),
    "db_restart": Family("数据库突然重启", _restart_database, needs_own_postgres=True),
    "lost_ack": Family("提交后应答丢失", _lose_answer),
    "clock": Family("时钟跳动", _jump),
    "disk_full": Family("磁盘写满", _fill_disk),
    "double_click": Family("双击", _click_twice),
    "concurrent": Family("两人同办", _two_people),
    "poisoned": Family("一再失败的任务", _try_poison, begin=_poison, end=_poison_over),
    "upgrade": Family("换版重启", _upgrade),
}

"""What jobs do: one function per kind, each with ids only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from documents.sheets import SheetError
from workflows.duties import BEGIN, BEGIN_FOR, begin_duty, begin_duty_for
from workflows.handlers.cancelling import end_called
from workflows.handlers.cases import deliver_message
from workflows.handlers.cycles import register_policies, register_policy
from workflows.handlers.deadlines import recompute_deadlines
from workflows.handlers.disposals import REMOVE, remove_disposed
from workflows.handlers.expiring import tell_of_ends
from workflows.handlers.mails import SEND_NOTICE, SEND_TEST, send_notice, send_test
from workflows.handlers.migrations import migrate_batch
from workflows.handlers.nightly import check_all
from workflows.handlers.papers import render_document, seal_package
from workflows.handlers.policies import tell_cycle
from workflows.handlers.publications import force_release
from workflows.handlers.replays import JOB as REPLAY
from workflows.handlers.replays import carry_out_replay
from workflows.handlers.signals import deliver_signal, spread_signal
from workflows.handlers.watching import tell_of_shortage
from workflows.registers.importing import carry_out
from workflows.releases import FORCE
from workflows.runtime import Runtime
from workflows.starting import await_instants, begin_by_instant, begin_by_signal, begin_for

JobArgs = Mapping[str, object]


def _deliver(runtime: Runtime, args: JobArgs) -> None:
    deliver_message(runtime, UUID(str(args["message_id"])))


def _register(runtime: Runtime, args: JobArgs) -> None:
    register_policy(runtime, UUID(str(args["policy_id"])))


def _register_many(runtime: Runtime, args: JobArgs) -> None:
    listed = args["policy_ids"]
    register_policies(runtime, [UUID(str(each)) for each in listed] if isinstance(listed, list) else [])


def _render(runtime: Runtime, args: JobArgs) -> None:
    render_document(runtime, UUID(str(args["document_id"])))


def _seal(runtime: Runtime, args: JobArgs) -> None:
    seal_package(runtime, UUID(str(args["case_file_id"])))


def _remove(runtime: Runtime, args: JobArgs) -> None:
    remove_disposed(runtime, UUID(str(args["disposal_id"])))


def _recompute(runtime: Runtime, args: JobArgs) -> None:
    recompute_deadlines(runtime, UUID(str(args["case_id"])), int(str(args["year"])))


def _tell_cycle(runtime: Runtime, args: JobArgs) -> None:
    tell_cycle(runtime, UUID(str(args["policy_id"])), str(args["message"]))


def _import(runtime: Runtime, args: JobArgs) -> None:
    with suppress(SheetError):  # the run tells why the file was refused; trying again would not help
        carry_out(runtime, UUID(str(args["run_id"])))


def _spread(runtime: Runtime, args: JobArgs) -> None:
    spread_signal(runtime, str(args["name"]), UUID(str(args["case_id"])), str(args["key"]))


def _signal(runtime: Runtime, args: JobArgs) -> None:
    deliver_signal(runtime, UUID(str(args["subscription_id"])))


def _begin_by_signal(runtime: Runtime, args: JobArgs) -> None:
    sender, key = UUID(str(args["case_id"])), str(args["key"])
    begin_by_signal(runtime, str(args["process"]), str(args["start"]), sender, key)


def _await_instants(runtime: Runtime, args: JobArgs) -> None:
    await_instants(runtime, UUID(str(args["release_id"])))


def _begin_by_instant(runtime: Runtime, args: JobArgs) -> None:
    release, due_at = UUID(str(args["release_id"])), datetime.fromisoformat(str(args["due_at"]))
    begin_by_instant(runtime, release, str(args["start"]), int(str(args["n"])), due_at)


def _begin_for(runtime: Runtime, args: JobArgs) -> None:
    release, owner = UUID(str(args["release_id"])), UUID(str(args["org_id"]))
    begin_for(runtime, release, str(args["start"]), owner, str(args["key"]))


def _begin_duty(runtime: Runtime, args: JobArgs) -> None:
    begin_duty(runtime, str(args["process"]), str(args["period"]), date.fromisoformat(str(args["day"])))


def _begin_duty_for(runtime: Runtime, args: JobArgs) -> None:
    day, owner = date.fromisoformat(str(args["day"])), UUID(str(args["org_id"]))
    begin_duty_for(runtime, str(args["process"]), str(args["period"]), day, owner)


def _check_invariants(runtime: Runtime, args: JobArgs) -> None:
    night = date.fromisoformat(str(args["night"]))
    tell_of_ends(runtime, night)
    tell_of_shortage(runtime, night)
    check_all(runtime, night)


def _end_called(runtime: Runtime, args: JobArgs) -> None:
    end_called(runtime, str(args["token_id"]))


def _bring_into_force(runtime: Runtime, args: JobArgs) -> None:
    force_release(runtime, UUID(str(args["release_id"])))


def _send_notice(runtime: Runtime, args: JobArgs) -> None:
    send_notice(runtime, UUID(str(args["notice_id"])), UUID(str(args["person_id"])))


def _send_test(runtime: Runtime, args: JobArgs) -> None:
    send_test(runtime, UUID(str(args["person_id"])), str(args["key"]))


JOBS: Mapping[str, Callable[[Runtime, JobArgs], None]] = {
    "await_instants": _await_instants,
    "begin_by_instant": _begin_by_instant,
    "begin_by_signal": _begin_by_signal,
    "begin_for": _begin_for,
    FORCE: _bring_into_force,
    BEGIN: _begin_duty,
    BEGIN_FOR: _begin_duty_for,
    "check_invariants": _check_invariants,
    "deliver_message": _deliver,
    "deliver_signal": _signal,
    "end_called": _end_called,
    "import_register": _import,
    "migrate_cases": migrate_batch,
    "recompute_deadlines": _recompute,
    "register_policies": _register_many,
    "register_policy": _register,
    REMOVE: _remove,
    "render_document": _render,
    REPLAY: carry_out_replay,
    "seal_package": _seal,
    SEND_NOTICE: _send_notice,
    SEND_TEST: _send_test,
    "spread_signal": _spread,
    "tell_cycle": _tell_cycle,
}

"""What jobs do: one function per kind, each with ids only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from uuid import UUID

from documents.sheets import SheetError
from workflows.handlers.cases import deliver_message
from workflows.handlers.cycles import register_policy
from workflows.handlers.deadlines import recompute_deadlines
from workflows.handlers.nightly import check_all
from workflows.handlers.papers import render_document, seal_package
from workflows.handlers.policies import tell_cycle
from workflows.registers.importing import carry_out
from workflows.runtime import Runtime

JobArgs = Mapping[str, object]


def _deliver(runtime: Runtime, args: JobArgs) -> None:
    deliver_message(runtime, UUID(str(args["message_id"])))


def _register(runtime: Runtime, args: JobArgs) -> None:
    register_policy(runtime, UUID(str(args["policy_id"])))


def _render(runtime: Runtime, args: JobArgs) -> None:
    render_document(runtime, UUID(str(args["document_id"])))


def _seal(runtime: Runtime, args: JobArgs) -> None:
    seal_package(runtime, UUID(str(args["case_file_id"])))


def _recompute(runtime: Runtime, args: JobArgs) -> None:
    recompute_deadlines(runtime, UUID(str(args["case_id"])), int(str(args["year"])))


def _tell_cycle(runtime: Runtime, args: JobArgs) -> None:
    tell_cycle(runtime, UUID(str(args["policy_id"])), str(args["message"]))


def _import(runtime: Runtime, args: JobArgs) -> None:
    with suppress(SheetError):  # the run tells why the file was refused; trying again would not help
        carry_out(runtime, UUID(str(args["run_id"])))


def _check_invariants(runtime: Runtime, args: JobArgs) -> None:
    check_all(runtime, date.fromisoformat(str(args["night"])))


JOBS: Mapping[str, Callable[[Runtime, JobArgs], None]] = {
    "check_invariants": _check_invariants,
    "deliver_message": _deliver,
    "import_register": _import,
    "recompute_deadlines": _recompute,
    "register_policy": _register,
    "render_document": _render,
    "seal_package": _seal,
    "tell_cycle": _tell_cycle,
}

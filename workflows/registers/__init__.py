"""Registers that arrive as Excel: one importer for page, command and sample data (第八条)."""

from workflows.registers.command import main
from workflows.registers.entering import EnterRecord, enter_record
from workflows.registers.importing import ImportOutcome, carry_out, import_register, start_run
from workflows.registers.rights import IMPORTERS
from workflows.registers.runs import begin_run, open_run
from workflows.registers.written import WrittenRecord, written_record

__all__ = [
    "IMPORTERS",
    "EnterRecord",
    "ImportOutcome",
    "WrittenRecord",
    "begin_run",
    "carry_out",
    "enter_record",
    "import_register",
    "main",
    "open_run",
    "start_run",
    "written_record",
]

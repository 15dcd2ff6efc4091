"""Registers that arrive as Excel: one importer for page, command and sample data (第八条)."""

from workflows.registers.attaching import AttachFile, attach_file, attachable, subject_of
from workflows.registers.command import main
from workflows.registers.entering import EnterRecord, enter_record
from workflows.registers.importing import ImportOutcome, carry_out, import_register, start_run
from workflows.registers.rights import IMPORTERS
from workflows.registers.roster import Roster
from workflows.registers.roster_reading import texts_of
from workflows.registers.rosters import ROSTERS
from workflows.registers.runs import begin_run, open_run
from workflows.registers.written import WrittenRecord, written_record

__all__ = [
    "IMPORTERS",
    "ROSTERS",
    "AttachFile",
    "EnterRecord",
    "ImportOutcome",
    "Roster",
    "WrittenRecord",
    "attach_file",
    "attachable",
    "begin_run",
    "carry_out",
    "enter_record",
    "import_register",
    "main",
    "open_run",
    "start_run",
    "subject_of",
    "texts_of",
    "written_record",
]

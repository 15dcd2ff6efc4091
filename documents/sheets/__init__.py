"""Registers as Excel: templates out, files in, bad rows back in the same template."""

from documents.sheets.columns import Column, Problem, Register, Row
from documents.sheets.entry import read_entered
from documents.sheets.reading import SheetRow, SheetRows, read
from documents.sheets.registers import REGISTERS, UnknownRegisterError, register_of
from documents.sheets.table import table
from documents.sheets.template import template, write_listed, write_rejects
from documents.sheets.workbook import SheetError

__all__ = [
    "REGISTERS",
    "Column",
    "Problem",
    "Register",
    "Row",
    "SheetError",
    "SheetRow",
    "SheetRows",
    "UnknownRegisterError",
    "read",
    "read_entered",
    "register_of",
    "table",
    "template",
    "write_listed",
    "write_rejects",
]

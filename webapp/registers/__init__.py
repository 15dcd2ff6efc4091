"""Registers: lists, pages, entry by hand, and their import from Excel."""

from webapp.registers import (
    acts,
    contact,
    contacts,
    entry,
    exports,
    lists,
    others,
    policy,
    rosters,
    unit,
    views,
)
from webapp.registers.area import blueprint

__all__ = [
    "acts",
    "blueprint",
    "contact",
    "contacts",
    "entry",
    "exports",
    "lists",
    "others",
    "policy",
    "rosters",
    "unit",
    "views",
]

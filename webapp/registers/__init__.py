"""Registers: lists, pages, entry by hand, and their import from Excel."""

from webapp.registers import acts, contact, entry, lists, others, policy, unit, views
from webapp.registers.area import blueprint

__all__ = ["acts", "blueprint", "contact", "entry", "lists", "others", "policy", "unit", "views"]

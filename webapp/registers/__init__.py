"""Registers and their import from Excel."""

from webapp.registers.views import blueprint

__all__ = ["blueprint"]

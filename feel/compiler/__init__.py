"""Syntax trees to closures over slots: compiled once, run many times, no copies of the surroundings."""

from feel.compiler import calls, collections, loops, membership, operators
from feel.compiler.scope import MISSING, Compiler

__all__ = ["MISSING", "Compiler", "calls", "collections", "loops", "membership", "operators"]

"""Decision models: load an element tree that was parsed already, decide with a trace."""

from feel.dmn.analyse import analyse
from feel.dmn.explain import reasons, sentences
from feel.dmn.graph import UnknownDecisionError, decide
from feel.dmn.load import load
from feel.dmn.model import Decision, Finding, InputData, Model, Outcome, Service, Step, TableHit

__all__ = [
    "Decision",
    "Finding",
    "InputData",
    "Model",
    "Outcome",
    "Service",
    "Step",
    "TableHit",
    "UnknownDecisionError",
    "analyse",
    "decide",
    "load",
    "reasons",
    "sentences",
]

"""History run through another diagram: each case with its recorded answers, writing nothing (engine.md §12)."""

from workflows.replay.model import WORDS, Report, Result, Verdict
from workflows.replay.running import replay

__all__ = ["WORDS", "Report", "Result", "Verdict", "replay"]

"""Worked examples of the standard: each is answered from its input alone and compared with what is expected.

`python3 run.py rules FILE [--json]`: one line per example, exit 0 only if all agree.
"""

from rules.examples.command import main
from rules.examples.questions import answer

__all__ = ["answer", "main"]

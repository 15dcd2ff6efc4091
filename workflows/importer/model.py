"""What an import gives: drafts of processes, the list of every rewrite, or a sentence why there is nothing."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from workflows.engine import Finding


class Change(Struct, frozen=True):
    """One rewrite: its rule (import.md §3), the element, a sentence, what stood there before and stands after.

    `decide` marks what only a person can settle: the rewrite lets the diagram run, but somebody has to look at it.
    """

    rule: str
    element: str
    message: str
    before: str = ""
    after: str = ""
    decide: bool = False

    @property
    def key(self) -> str:
        """Return the name by which this rewrite is switched off."""
        return f"{self.rule}:{self.element}"


class Drafted(Struct, frozen=True):
    """One process of the file: its files by the names of a bundle, and what a person must still choose."""

    key: str
    name: str
    files: Mapping[str, bytes]
    decisions: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What no rule could mend: the draft does not compile as long as these stand."""

    @property
    def diagram(self) -> bytes:
        """Return the process's own diagram."""
        return self.files[f"diagrams/{self.key}.bpmn"]


class Imported(Struct, frozen=True):
    """The whole answer for one file: drafts and rewrites, or the sentence why it is refused."""

    drafts: tuple[Drafted, ...] = ()
    changes: tuple[Change, ...] = ()
    refused: str = ""


class RefusedError(Exception):
    """The file holds nothing that could become a process; the message is for people."""

"""Which names of rules/ the product reaches: what its other packages name, and what those rules name in turn."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.sources import ROOT

PRODUCT = ("webapp", "worker", "workflows", "documents", "forms", "store", "demo", "launch")
WORD = re.compile(r"\w+")


@cache
def reached(*roots: str, also: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names of rules/ that are reached from these packages, or from these names, rule by rule."""
    within = {name: used for module in _modules() for name, used in _definitions(module)}
    found: set[str] = set()
    waiting = set(within) & ({word for root in roots for word in _words(ROOT / root)} | also)
    while waiting:
        found |= waiting
        waiting = {used for name in waiting for used in within[name]} & set(within) - found
    return frozenset(found)


def public_rules() -> dict[str, str]:
    """Return the public names of rules/ with their modules."""
    return {
        name: module.stem
        for module in _modules()
        for name, _ in _definitions(module)
        if not name.startswith("_")
    }


def texts(*roots: str) -> frozenset[str]:
    """Return every text that stands in the code of these packages."""
    nodes = (node for root in roots for node in _nodes(ROOT / root) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in nodes if isinstance(node.value, str))


def _modules() -> list[Path]:
    """Give the modules of the rules; what resolves the articles is none."""
    modules = sorted((ROOT / "rules").glob("*.py"))
    return [module for module in modules if not module.stem.startswith("article")]


def _definitions(module: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Give each name that a module defines, with the words of what it is made of."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        words = frozenset(WORD.findall(ast.unparse(_without_docstring(node))))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, words
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((name.id, words) for name in targets if isinstance(name, ast.Name))


def _without_docstring(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
        node.body = node.body[1:] or [ast.Pass()]
    return node


def _words(root: Path) -> Iterator[str]:
    """Give what a package takes from rules/, and the names of attributes, which may be a rule's."""
    for node in _nodes(root):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "rules":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _nodes(root: Path) -> Iterator[ast.AST]:
    for file in sorted(root.rglob("*.py")):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))

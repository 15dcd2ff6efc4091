"""Finding what an article's target names, in the source tree and without importing any of it.

`code:rules.visit_quota.visits_owed` is a function, class, method or constant whose docstring (a constant's:
its module's) cites the article; `diagram:service_visit#make_return_visit` an element of a diagram; `form:` a
form's schema; `document:` a template; `page:/cases` a route of the web application.
"""

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from rules.articles import Article, cited

ROUTE_CALLS = frozenset({"route", "get", "post", "add_url_rule"})


def problems(article: Article, root: Path) -> tuple[str, ...]:
    """Return what is wrong with the article's targets, each as a line; empty if all of them are there."""
    found = ((target, problem(target, article.key, root)) for target in article.targets)
    return tuple(f"{article.name} {target}: {text}" for target, text in found if text)


def problem(target: str, key: str, root: Path) -> str:
    """Return what is wrong with one target of an article, empty if nothing is."""
    kind, colon, name = target.partition(":")
    if not colon or not name:
        return "not of the form kind:name"
    if kind == "code":
        return _code_problem(name, key, root)
    find = _FINDERS.get(kind)
    return f"unknown kind {kind}" if find is None else find(name, root)


def page_paths(root: Path) -> frozenset[str]:
    """Return the paths of all pages: every route of a folder under each prefix of its blueprints."""
    webapp = root / "webapp"
    folders = {file.parent for file in webapp.glob("*/*.py")}
    groups = [[file] for file in webapp.glob("*.py")] + [sorted(folder.glob("*.py")) for folder in folders]
    return frozenset(_plain(path) for files in groups for path in _routes(files))


def _code_problem(name: str, key: str, root: Path) -> str:
    module, path = _module_of(name, root)
    if module is None or not path:
        return "no such module, or no name in it"
    owner: ast.Module | ast.ClassDef = module
    docstring = ast.get_docstring(module)
    for place, part in enumerate(path, 1):
        node = _named(owner, part)
        if node is None:
            return f"no {part} there"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            docstring = ast.get_docstring(node)
        if place < len(path):
            if not isinstance(node, ast.ClassDef):
                return f"{part} is no class"
            owner = node
    return "" if key in cited(docstring or "") else "its docstring does not cite the article"


def _module_of(name: str, root: Path) -> tuple[ast.Module | None, list[str]]:
    """Find the longest part of a dotted name that is a module; give its tree and the rest of the name."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        stem = root.joinpath(*parts[:end])
        for file in (stem.with_suffix(".py"), stem / "__init__.py"):
            if file.is_file():
                return ast.parse(file.read_text(encoding="utf-8")), parts[end:]
    return None, parts


def _named(owner: ast.Module | ast.ClassDef, name: str) -> ast.stmt | None:
    return next((node for node in owner.body if name in _names(node)), None)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [ast.unparse(node.target)]
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets]
    return []


def _diagram_problem(name: str, root: Path) -> str:
    diagram, _, element = name.partition("#")
    file = root / "workflows" / "diagrams" / f"{diagram}.bpmn"
    if not file.is_file():
        return f"no diagram {diagram}"
    try:
        tree = ET.parse(file)  # noqa: S314 a file of this tree, never one that somebody sent
    except ET.ParseError as error:
        return f"not well-formed: {error}"
    known = {node.get("id") for node in tree.iter()}
    return "" if not element or element in known else f"no element {element}"


def _form_problem(name: str, root: Path) -> str:
    file = root / "forms" / "schemas" / f"{name}.json"
    if not file.is_file():
        return f"no file {file.name}"
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        return f"not JSON: {error}"
    return ""


def _document_problem(name: str, root: Path) -> str:
    file = root / "documents" / "templates" / f"{name}.typ"
    return "" if file.is_file() else f"no file {file.name}"


def _page_problem(name: str, root: Path) -> str:
    return "" if _plain(name) in page_paths(root) else "no such route"


_FINDERS: Mapping[str, Callable[[str, Path], str]] = {
    "diagram": _diagram_problem,
    "form": _form_problem,
    "document": _document_problem,
    "page": _page_problem,
}


def _routes(files: list[Path]) -> Iterator[str]:
    calls = [node for file in files for node in ast.walk(_tree(file)) if isinstance(node, ast.Call)]
    prefixes = {_text(word.value) for call in calls for word in call.keywords if word.arg == "url_prefix"}
    if any(_is_bare_blueprint(call) for call in calls) or not prefixes:
        prefixes.add("")
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ROUTE_CALLS and call.args:
            path = _text(call.args[0])
            yield from (prefix + path for prefix in prefixes if path.startswith("/") or not path)


def _is_bare_blueprint(call: ast.Call) -> bool:
    is_blueprint = isinstance(call.func, ast.Name) and call.func.id == "Blueprint"
    return is_blueprint and not any(word.arg == "url_prefix" for word in call.keywords)


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "?"


def _plain(path: str) -> str:
    return path.rstrip("/") or "/"

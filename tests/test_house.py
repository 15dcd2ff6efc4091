"""The house rules that no tool of its own checks: layers, locks, commands, links."""

import ast
import json
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import run
from tests.support.sources import ROOT, files, name_of

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LINKS = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
TERMS = re.compile(r"[0-9一二两三四五六七八九十]+ ?个?工作日[内后]")
LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "setup_steps/requirements-uv.lock",
    "setup_steps/requirements-node.lock",
]
PACKAGE_LOCKS = ["webapp/client/package-lock.json", "documents/fonts/package-lock.json"]


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in PINS.findall((ROOT / lock).read_text(encoding="utf-8")):
        found.setdefault(name.lower().replace("_", "-"), set()).add(version)
    return found


@pytest.mark.parametrize(
    "path",
    [*files(".json", below=ROOT / "forms"), *files(".py", ".html", below=ROOT / "webapp")],
    ids=name_of,
)
def test_no_form_and_no_page_says_a_term_in_figures_of_its_own(path: Path):
    assert TERMS.findall(path.read_text(encoding="utf-8")) == [], "a term is a row of parameters.toml"


@pytest.mark.parametrize(
    "path", [*files(".py", below=ROOT / "rules"), *files(".py", below=ROOT / "feel")], ids=name_of
)
def test_rules_and_feel_import_the_standard_library_and_structs_only(path: Path):
    allowed = set(sys.stdlib_module_names) | {"msgspec", name_of(path).split("/")[0]}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        assert {name.split(".")[0] for name in names} <= allowed


@pytest.mark.parametrize("path", files(".py", below=ROOT / "setup_steps"), ids=name_of)
def test_setting_up_needs_no_library(path: Path):
    allowed = set(sys.stdlib_module_names) | {"setup_steps", "documents"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {a.name.split(".")[0] for a in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in allowed


def test_every_page_folder_is_a_stranger_to_the_others():
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    listed = next(c["modules"] for c in contracts if c["type"] == "independence")
    folders = {f"webapp.{path.parent.name}" for path in (ROOT / "webapp").glob("*/__init__.py")}
    assert folders == set(listed), "name the new folder in pyproject.toml, contract “page folders”"


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_hashed_and_name_no_index(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert text.count("\n    --hash=sha256:") >= len(PINS.findall(text))
    assert re.findall(r"^\S+==[^\\\n]*$", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", [*PYPROJECT["project"]["dependencies"]]),
        ("requirements.lock", [r for e in PYPROJECT["project"]["optional-dependencies"].values() for r in e]),
        ("requirements-dev.lock", [r for g in PYPROJECT["dependency-groups"].values() for r in g]),
    ],
)
def test_locks_hold_what_the_project_asks_for(lock: str, wanted: list[str]):
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(requirement.name.lower().replace("_", "-"), set())
        assert versions, f"{requirement.name} is missing from {lock}: export it again"
        assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_tests_run_on_the_very_versions_that_are_shipped():
    shipped, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("lock", PACKAGE_LOCKS)
def test_package_locks_are_hashed_and_name_no_mirror(lock: str):
    packages = json.loads((ROOT / lock).read_text(encoding="utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    assert [name for name, entry in installed.items() if "integrity" not in entry] == []
    assert [name for name, entry in installed.items() if "resolved" in entry] == []


@pytest.mark.parametrize("name", run.COMMANDS)
def test_every_command_is_there(name: str):
    module, _, function = run.COMMANDS[name].target.partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("path", files(".md"), ids=name_of)
def test_links_between_documents_lead_somewhere(path: Path):
    targets = LINKS.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_decisions_are_numbered_once():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]
    assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)]

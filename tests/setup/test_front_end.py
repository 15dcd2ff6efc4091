"""Bundles and faces are made when they are missing or stale, by commands that a person could repeat."""

import io
from pathlib import Path

import pytest

from setup_steps.front_end import FrontEnd
from setup_steps.node import Node
from setup_steps.progress import Progress, SetupError

FACES = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf", "LICENSE_FONT")
NODE = """#!/bin/sh
echo "$(basename "$PWD") $*" >> "{log}"
case "$*" in
  *build.mjs*) rm -rf ../static/dist; mkdir -p ../static/dist ;;
  *" ci "*) to=node_modules/@expo-google-fonts/noto-sans-sc; mkdir -p $to; cp -r "{faces}/." $to ;;
esac
"""


@pytest.fixture
def checkout(tmp_path) -> Path:
    for name in (
        "webapp/client/package-lock.json",
        "webapp/client/src/app.ts",
        "webapp/templates/base.html",
        "forms/templates/forms/field.html",
        "documents/fonts/package-lock.json",
        *(f"faces/{face}" for face in FACES),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    program = tmp_path / "node"
    program.write_text(NODE.format(log=tmp_path / "log", faces=tmp_path / "faces"))
    program.chmod(0o755)
    return tmp_path


def made(checkout: Path) -> tuple[FrontEnd, Node]:
    program = str(checkout / "node")
    return FrontEnd(checkout, Progress(io.StringIO())), Node(program, (program, "npm-cli.js"))


def calls(checkout: Path) -> list[str]:
    return [" ".join(line.split()[:3]) for line in (checkout / "log").read_text().splitlines()]


def test_bundling_installs_the_packages_first(checkout):
    front_end, node = made(checkout)
    front_end.bundle(node)
    assert front_end.is_bundled()
    assert calls(checkout) == ["client npm-cli.js ci", "client build.mjs"]


def test_a_changed_source_is_bundled_again_without_installing(checkout):
    front_end, node = made(checkout)
    front_end.bundle(node)
    (checkout / "webapp/client/src/app.ts").write_text("export {};")
    assert not front_end.is_bundled()
    front_end.bundle(node)
    assert calls(checkout)[2:] == ["client build.mjs"]


@pytest.mark.parametrize("page", ["webapp/templates/base.html", "forms/templates/forms/field.html"])
def test_a_page_may_name_a_new_icon_so_it_counts_as_a_source(checkout, page):
    front_end, node = made(checkout)
    front_end.bundle(node)
    (checkout / page).write_text("{{ icon('bell') }}")
    assert not front_end.is_bundled()


def test_faces_are_copied_and_the_rest_of_their_package_is_dropped(checkout):
    front_end, node = made(checkout)
    front_end.fetch_faces(node)
    assert front_end.has_faces()
    assert not (checkout / "documents/fonts/node_modules").exists()


def test_a_face_that_was_removed_is_fetched_again(checkout):
    front_end, node = made(checkout)
    front_end.fetch_faces(node)
    (checkout / "documents/fonts/faces/NotoSansSC-Bold.ttf").unlink()
    assert not front_end.has_faces()


def test_a_package_without_a_face_is_told(checkout):
    (checkout / "faces" / FACES[1]).unlink()
    front_end, node = made(checkout)
    with pytest.raises(SetupError, match="字体没有拷成"):
        front_end.fetch_faces(node)
    assert not front_end.has_faces()

"""What the build leaves behind: small enough, licensed, nothing that the policy would block."""

import gzip
import json
import re

import pytest

from webapp.assets import DIST, AssetMissingError, Assets

KILOBYTE = 1024


@pytest.fixture(scope="module")
def bundles() -> dict[str, str]:
    """The manifest of the build."""
    if not (DIST / "manifest.json").exists():
        pytest.skip("the front end is not built: npm run build in webapp/client")
    return json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "limit"), [("app.js", 20), ("app.css", 85), ("icons.svg", 40)])
def test_bundles_stay_small(bundles, name, limit):
    packed = gzip.compress((DIST / bundles[name]).read_bytes())
    assert len(packed) <= limit * KILOBYTE


def test_the_task_page_stays_small(bundles):
    scripts = [DIST / bundles["app.js"], *DIST.glob("chunk-form-*.js"), *DIST.glob("chunk-inbox-*.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 80 * KILOBYTE


def test_a_page_with_a_drawing_stays_small_and_the_viewer_stays_there(bundles):
    viewer = list(DIST.glob("chunk-diagram-*.js"))
    scripts = [DIST / bundles["app.js"], *viewer]
    assert len(viewer) == 1
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 75 * KILOBYTE
    assert b"djs-" not in (DIST / bundles["app.js"]).read_bytes()
    assert b"djs-" not in (DIST / bundles["app.css"]).read_bytes()
    assert len(gzip.compress((DIST / bundles["diagram.css"]).read_bytes())) <= 8 * KILOBYTE


def test_the_editor_of_expressions_stays_on_its_page_and_speaks_no_english(bundles):
    chunks = [chunk.read_bytes() for chunk in DIST.glob("chunk-*.js")]
    editor = [chunk for chunk in chunks if b"cm-content" in chunk]
    assert sum(len(gzip.compress(chunk)) for chunk in editor) <= 140 * KILOBYTE
    assert not any(b"Returns the" in chunk for chunk in chunks)
    assert b"cm-content" not in (DIST / bundles["app.js"]).read_bytes()


def test_every_name_of_the_manifest_is_a_file(bundles):
    assert [name for name in bundles.values() if not (DIST / name).exists()] == []


def test_licences_name_every_library(bundles):
    text = (DIST / "licences.txt").read_text(encoding="utf-8")
    for library in (
        "htmx.org",
        "@tabler/icons",
        "bpmn-js",
        "@bpmn-io/feel-editor",
        "signature_pad",
        "feelin",
        "idb",
    ):
        assert re.search(rf"^{re.escape(library)} \d", text, re.MULTILINE), library


def test_styles_ask_nobody_else_for_anything(bundles):
    css = (DIST / bundles["app.css"]).read_text(encoding="utf-8")
    assert not re.search(r"url\((?!data:)[^)]*//", css)
    assert "@import" not in css


def test_an_unknown_bundle_names_the_remedy(tmp_path):
    with pytest.raises(AssetMissingError, match="npm run build"):
        Assets(tmp_path).file("app.css")
    (tmp_path / "manifest.json").write_text('{"app.css": "app-1.css"}')
    assert Assets(tmp_path).file("app.css") == "app-1.css"

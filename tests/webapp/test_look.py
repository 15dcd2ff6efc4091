"""The look keeps its word: contrast of every pair, both themes complete, blocks that use only tokens."""

import re

import pytest

from tests.support.sources import ROOT, files

STYLES = ROOT / "webapp/client/styles"
TEXT, FIELD = 4.5, 3.0
OF_BPMN_JS = ("bjs-", "djs-")
PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "link")
        for ground in ("bg", "surface", "surface-2", "hover")
    ),
    *((ink, "sunken", TEXT) for ink in ("ink", "ink-2", "ink-3")),
    *((colour, f"{colour}-soft", TEXT) for colour in ("red", "amber", "green", "blue", "violet")),
    ("link", "brand-soft", TEXT),
    ("ink-2", "brand-soft", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    ("rail-ink", "rail", TEXT),
    ("field", "surface", FIELD),
    ("field", "bg", FIELD),
]


def themes() -> dict[str, dict[str, str]]:
    css = (STYLES / "base.css").read_text(encoding="utf-8")
    light, dark = (
        re.search(rf'\[data-theme="{name}"\] \{{(.*?)\n\}}', css, re.DOTALL)[1] for name in ("light", "dark")
    )
    return {
        name: dict(re.findall(r"--([\w-]+): ([^;]+);", block))
        for name, block in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_every_pair_can_be_read(theme, ink, ground, least):
    tokens = themes()[theme]
    assert contrast(tokens[ink], tokens[ground]) >= least - 0.02


def test_the_figures_of_the_measure_are_right():
    assert round(contrast("#FFFFFF", "#000000"), 1) == 21.0
    assert round(contrast(themes()["light"]["ink"], themes()["light"]["surface"]), 1) == 16.5


def test_both_themes_name_the_same_tokens():
    light, dark = themes()["light"], themes()["dark"]
    assert set(light) == set(dark)


@pytest.mark.parametrize("sheet", sorted(path.name for path in STYLES.glob("*.css")))
def test_blocks_use_only_tokens_that_exist(sheet):
    text = (STYLES / sheet).read_text(encoding="utf-8")
    base = (STYLES / "base.css").read_text(encoding="utf-8")
    known = set(re.findall(r"(--[\w-]+):", base + text))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used <= known
    assert "!important" not in text
    assert not re.search(r"^#[a-z]", text, re.MULTILINE)


def test_icons_chosen_by_code_are_listed_for_the_build():
    listed = set((ROOT / "webapp/client/icons.txt").read_text(encoding="utf-8").split())
    chosen = set()
    for path in (ROOT / "webapp").glob("*.py"):
        chosen |= set(re.findall(r'Area\("[^"]+", "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    listing = (ROOT / "webapp/inbox/listing.py").read_text(encoding="utf-8")
    chosen |= set(re.findall(r'lazy\("[^"]+"\), "([a-z0-9-]+)"', listing))
    sections = (ROOT / "webapp/admin/frame.py").read_text(encoding="utf-8")
    chosen |= set(re.findall(r'"([a-z0-9-]+)",\s*"admin\.', sections))
    assert len(chosen) > 20
    assert chosen <= listed


def test_every_class_is_worn_every_token_used_and_every_icon_shown():
    styles = "".join(path.read_text(encoding="utf-8") for path in sorted(STYLES.rglob("*.css")))
    pages = "".join(
        path.read_text(encoding="utf-8")
        for folder in (ROOT / "webapp", ROOT / "forms")
        for path in files(".html", ".py", ".ts", below=folder)
    )
    worn = set(re.findall(r"[A-Za-z][\w-]*", pages))
    composed = tuple(set(re.findall(r"([a-z][\w-]*-)(?:\{|\$\{|\" ?[~+])", pages)))
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", styles, flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors)) - worn
    assert [name for name in sorted(classes) if not name.startswith((*composed, *OF_BPMN_JS))] == []
    tokens = set(re.findall(r"(--[\w-]+):", styles)) - set(re.findall(r"var\((--[\w-]+)", styles + pages))
    assert sorted(tokens) == []
    icons = (ROOT / "webapp/client/icons.txt").read_text(encoding="utf-8").split()
    assert [name for name in icons if not re.search(rf"[\"']{name}[\"']", pages)] == []
    assert len(icons) == len(set(icons))

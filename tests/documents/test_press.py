"""The press: a template runs within bounds of time, memory and output, and reaches nothing."""

import sys

import pytest

from documents import press
from documents.fonts.coverage import FontSet
from documents.press import Broken
from documents.render import TemplateError, render, render_pages
from documents.samples import SAMPLES
from documents.samples.hazards import HAZARD_NOTICE
from documents.sources import Source, shipped_source


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return FontSet.find()


def broken(text: str, fonts: FontSet) -> Broken:
    with pytest.raises(TemplateError) as caught:
        render("hazard_notice", HAZARD_NOTICE, fonts, Source(text, ""))
    assert caught.value.template == "hazard_notice"
    return caught.value.broken


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('#read("/etc/passwd")', "broken"),
        ('#read("../../etc/passwd")', "broken"),
        ('#image("/etc/hostname")', "broken"),
        ('#import "@preview/cetz:0.3.0"', "outside"),
        ('#import ("@preview" + "/cetz:0.3.0")', "outside"),
        ('#plugin("a.wasm")', "outside"),
        ("#while true {}", "broken"),
        ("#let f(x) = f(x)\n#f(1)", "broken"),
        ('#("x" * 2000000000)', "memory"),
        ("#for i in range(100000000) [a]", "memory"),
        ("a" * 10_000_000, "source"),
        ("#let x = ", "broken"),
    ],
)
def test_a_hostile_template_is_refused(text, kind, fonts):
    assert broken(text, fonts).kind == kind


@pytest.mark.skipif(sys.platform != "linux", reason="the network is left where the system has name spaces")
def test_a_package_is_not_even_asked_for(fonts):
    message = broken('#import ("@preview" + "/cetz:0.3.0")', fonts).message
    assert "refused" in message or "unreachable" in message, message


def test_a_loop_without_end_ends(fonts, monkeypatch):
    monkeypatch.setattr(press, "SECONDS", 1)
    assert broken("#lorem(1000000000)", fonts).kind == "seconds"


def test_a_child_that_does_not_answer_is_given_up(fonts, monkeypatch):
    monkeypatch.setattr(press, "PATIENCE", 0.05)
    assert broken("a", fonts).kind == "seconds"


def test_a_paper_that_is_too_large_is_refused(fonts, monkeypatch):
    monkeypatch.setattr(press, "OUTPUT", 10_000)
    assert (
        broken('#set page(paper: "a4")\n#range(400).map(n => [#n#pagebreak()]).join()', fonts).kind
        == "output"
    )


def test_what_is_wrong_has_its_line(fonts):
    found = broken("一行\n二行\n#unknown", fonts)
    assert (found.kind, found.file, found.line) == ("broken", "main.typ", 3)
    assert "unknown variable" in found.message


def test_a_preview_gives_each_page_as_a_picture(fonts):
    pages = render_pages("hazard_notice", HAZARD_NOTICE, fonts)
    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_a_changed_template_is_printed_in_place_of_the_shipped_one(fonts):
    shipped = shipped_source("fund_ledger")
    changed = Source(shipped.text + "\n#pagebreak()\n", shipped.frame)
    sample = SAMPLES["fund_ledger"]
    assert render("fund_ledger", sample, fonts, changed) != render("fund_ledger", sample, fonts)

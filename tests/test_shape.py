"""Every source file is short, safe and worded as the style guide asks."""

from pathlib import Path

import pytest

from tests.support import shape
from tests.support.sources import ROOT, files, name_of

MODULES = files(".py")
SHIPPED = [path for path in MODULES if not name_of(path).startswith(("tests/", "bench/"))]
TEMPLATES = [path for path in files(".html") if "templates" in path.parts]
BELOW_THE_PAGES = ("rules", "feel", "store", "forms", "documents", "workflows")
WALL_CLOCK = {
    "workflows/runtime.py",  # hands the clock down
    "store/types.py",  # the order of ids made where no moment is at hand
    "store/tables/base.py",  # `created_at` of rows that no command stamped
}
BAD = """
import pickle
from marshal import loads
import os, subprocess, yaml
from flask import render_template_string
eval("1"); exec("1"); compile("1", "", "exec")
os.system("ls")
yaml.load("a")
render_template_string("{{ 1 }}")
subprocess.run("ls", shell=True)
"""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path: Path):
    found = list(shape.too_long(path.read_text(encoding="utf-8")))
    if (
        path not in SHIPPED
    ):  # a test module is one plain list of claims; its functions stay short all the same
        found = [entry for entry in found if entry.startswith("line ")]
    assert found == []


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_no_module_runs_data_as_code(path: Path):
    assert list(shape.dangerous(path.read_text(encoding="utf-8"))) == []


def test_the_ban_list_finds_each_kind_in_a_bad_file():
    found = " ".join(shape.dangerous(BAD))
    for word in ("pickle", "marshal", "eval", "exec", "compile", "os.system", "yaml.load", "shell=True"):
        assert word in found
    assert "render_template_string" in found


def test_a_long_function_and_a_long_module_are_found():
    body = "    x = 1\n" * shape.LONGEST_FUNCTION
    assert list(shape.too_long(f"def f():\n{body}")) == ["line 1: f has 41 lines"]
    assert list(shape.too_long("x = 1\n" * 301)) == ["301 lines; split it by idea"]


@pytest.mark.parametrize(
    "path", [p for p in MODULES if name_of(p).split("/")[0] in BELOW_THE_PAGES], ids=name_of
)
def test_below_the_pages_the_clock_is_an_argument(path: Path):
    found = list(shape.clocks(path.read_text(encoding="utf-8")))
    assert found == [] or name_of(path) in WALL_CLOCK


def test_readings_of_the_clock_are_found():
    assert list(shape.clocks("import datetime\ndatetime.datetime.now()\ndate.today()\nruntime.now()")) == [
        "line 2: datetime.datetime.now()",
        "line 3: date.today()",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_need_no_exception_from_the_content_policy(path: Path):
    assert list(shape.against_policy(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_use_the_words_that_users_know(path: Path):
    for_policyholders = bool({"portal", "policyholder_pages"} & set(path.parts))
    found = list(shape.ill_worded(path.read_text(encoding="utf-8"), for_policyholders=for_policyholders))
    assert found == []


@pytest.mark.parametrize(
    "template",
    [
        '<p style="color:red">',
        "<button onclick='go()'>",
        "<script>go()</script>",
        "{{ text | safe }}",
        '<a hx-on:click="go()">',
    ],
)
def test_inline_style_script_and_unescaped_output_are_found(template: str):
    assert list(shape.against_policy(template))


@pytest.mark.parametrize(
    "template", ["已超期", "您好", "保存成功！", "<button>请提交</button>", "<button>确定</button>"]
)
def test_forbidden_words_are_found(template: str):
    assert list(shape.ill_worded(template, for_policyholders=False))


def test_scripts_and_styles_are_short():
    client = ROOT / "webapp" / "client"
    lengths = {
        name_of(p): len(p.read_text(encoding="utf-8").splitlines())
        for p in files(".ts", ".css", below=client)
    }
    assert {name: length for name, length in lengths.items() if length > shape.LONGEST_MODULE} == {}

"""`run.py` answers wrong use and odd machines in one line, never with a traceback."""

import argparse
import ast
import subprocess
import sys

import pytest

import run
from launch import LaunchError
from setup_steps import SetupError
from setup_steps.arguments import speak_chinese
from tests.support.sources import ROOT

SOURCE = (ROOT / "run.py").read_text(encoding="utf-8")


def test_an_old_python_can_read_the_file_as_far_as_the_check():
    ast.parse(SOURCE, feature_version=(3, 7))
    imports = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert ast.unparse(imports[0]) == "import sys"
    assert SOURCE.index("sys.version_info < (3, 11)") < SOURCE.index("import argparse")


def test_an_old_python_is_told_in_one_line():
    file = str(ROOT / "run.py")
    code = f"import runpy, sys; sys.version_info = (3, 9, 0); runpy.run_path({file!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "需要 Python 3.11 或更新的版本，现在是 3.9。请安装后用它运行，例如：python3.12 run.py"
    ]


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert run.main(["nothing"]) == run.WRONG_USE
    shown = capsys.readouterr().err
    assert "没有命令“nothing”" in shown
    assert all(name in shown for name in run.COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["policies", "--prot", "1"], "没有这样的选项：--prot 1"),
        (["policies", "--port"], "--port：后面要带一个值"),
        (["policies", "--port", "many"], "--port：'many' 不是要的那种值（int）"),
        (["policies", "--size", "huge"], "--size：没有 'huge'，可以用"),
        ([], "还缺：register"),
        (["policies", "--dry=1"], "--dry：后面不带值，多了 '1'"),
    ],
)
def test_wrong_options_are_told_in_words(capsys, monkeypatch, arguments, told):
    monkeypatch.setattr(argparse, "_", argparse._)  # put back after the test
    speak_chinese()
    parser = argparse.ArgumentParser(prog="run.py import")
    parser.add_argument("register")
    parser.add_argument("--port", type=int)
    parser.add_argument("--size", choices=["demo", "load"])
    parser.add_argument("--dry", action="store_true")
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)
    shown = capsys.readouterr().err
    assert f"✗ {told}" in shown
    assert shown.startswith("用法：run.py import")


def test_help_needs_no_installation(capsys, monkeypatch):
    monkeypatch.setattr(run, "prepare", None)
    assert run.main(["--help"]) == run.GOOD
    assert "用法：python3 run.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"), [(["serve", "--help"], "--no-demo"), (["--prot", "1"], "没有这样的选项：--prot 1")]
)
def test_the_options_of_the_first_command_are_read_before_anything_is_installed(
    capsys, monkeypatch, arguments, told
):
    monkeypatch.setattr(run, "prepare", None)
    with pytest.raises(SystemExit):
        run.main(arguments)
    assert told in "".join(capsys.readouterr())


@pytest.mark.parametrize("error", [SetupError("先做这个"), LaunchError("先做这个")])
def test_what_is_in_the_way_is_told_in_one_line(capsys, monkeypatch, error):
    def refuse(*_arguments, **_named):
        raise error

    monkeypatch.setattr(run, "prepare", refuse)
    assert run.main(["rules"]) == run.FOUND_SOMETHING
    assert capsys.readouterr().err == "✗ 先做这个\n"


def test_ctrl_c_while_installing_leaves_no_traceback(capsys, monkeypatch):
    def interrupt(*_arguments, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "prepare", interrupt)
    assert run.main([]) == run.INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err


def test_the_database_is_taken_out_of_the_arguments():
    assert run.take_database(["--dry-run", "--database", "a.db", "x.xlsx"]) == (
        "a.db",
        ["--dry-run", "x.xlsx"],
    )
    assert run.take_database(["x"]) == (None, ["x"])


def test_compiled_code_is_kept_inside_the_environment_where_containers_forbid_it_elsewhere():
    kept = run.keeping_bytecode({"PYTHONDONTWRITEBYTECODE": "1", "HOME": "/home/x"}, run.ROOT)
    assert kept == {"HOME": "/home/x", "PYTHONPYCACHEPREFIX": str(run.ROOT / ".venv" / "bytecode")}
    assert run.keeping_bytecode({"HOME": "/home/x"}, run.ROOT) == {"HOME": "/home/x"}

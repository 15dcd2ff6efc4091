"""Other programs are shown, end in time, and their failures say what to do."""

import io
import sys
import time

import pytest

from setup_steps import children
from setup_steps.progress import Progress


def run(folder, script, **named):
    stream = io.StringIO()
    children.run("这一步", [sys.executable, "-c", script], cwd=folder, progress=Progress(stream), **named)
    return stream.getvalue()


def test_output_is_shown_line_by_line(tmp_path):
    assert run(tmp_path, "print('一'); print('二')") == "    一\n    二\n"


def test_the_environment_is_handed_on_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    shown = run(
        tmp_path, "import os; print(os.environ['HTTPS_PROXY'], os.environ['MORE'])", extra={"MORE": "1"}
    )
    assert "http://proxy.example 1" in shown


def test_a_program_that_hangs_is_ended(tmp_path):
    begun = time.monotonic()
    with pytest.raises(children.ChildError):
        run(tmp_path, "import time; time.sleep(60)", limit=0.5)
    assert time.monotonic() - begun < 20


def test_a_failure_names_the_step_and_the_command_to_repeat(tmp_path):
    with pytest.raises(children.ChildError) as caught:
        run(tmp_path, "raise SystemExit(3)")
    assert str(caught.value).startswith("这一步没有成功：")
    assert f"cd {tmp_path} && {sys.executable} -c 'raise SystemExit(3)'" in str(caught.value)


def test_a_program_that_is_missing_is_a_failure_of_the_step(tmp_path):
    with pytest.raises(children.ChildError):
        children.run("这一步", [str(tmp_path / "none")], cwd=tmp_path, progress=Progress(io.StringIO()))


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("error sending request for url; dns error: failed to lookup address", "连不上软件源"),
        ("npm error code ENOTFOUND", "连不上软件源"),
        ("NewConnectionError: Connection refused", "连不上软件源"),
        ("invalid peer certificate: UnknownIssuer", "证书不受信任"),
        ("OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("EACCES: permission denied, mkdir", "不可写"),
        ("something else", ""),
    ],
)
def test_known_failures_have_a_remedy_in_one_sentence(output, word):
    assert word in children.remedy(output)
    assert "\n" not in children.remedy(output)

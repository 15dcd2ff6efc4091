"""Two starts at once do not install into each other's feet."""

import io
import threading

import pytest

from setup_steps.one_at_a_time import only_one
from setup_steps.progress import Progress, SetupError


def test_the_second_waits_for_the_first_and_says_so(tmp_path):
    order: list[str] = []
    said = io.StringIO()
    waiting = threading.Event()

    class Watched(Progress):
        def say(self, text: str) -> None:
            super().say(text)
            waiting.set()

    def second() -> None:
        with only_one(tmp_path, Watched(said)):
            order.append("second")

    with only_one(tmp_path, Progress(said)):
        other = threading.Thread(target=second)
        other.start()
        assert waiting.wait(10)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
    assert "另一个 run.py 正在安装" in said.getvalue()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SetupError, match="不可写") as caught, only_one(file / ".setup", Progress()):
        pass
    assert "\n" not in str(caught.value)

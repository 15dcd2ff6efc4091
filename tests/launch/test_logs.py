"""The log: lines that say what happened, never a personal number."""

import pytest
import structlog

from launch import logs


@pytest.fixture
def log():
    """A logger as the processes have it."""
    before = structlog.get_config()
    logs.configure(as_json=False)
    yield structlog.get_logger()
    structlog.configure(**before)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("联系人 13812345678 没有接", "联系人 138****5678 没有接"),
        ("330302199001011234", "3303**********1234"),
        ("证号33030219900101123X，电话13812345678", "证号3303**********123X，电话138****5678"),
        ("保单 AZX330300000012", "保单 AZX330300000012"),
        ("9133030012345678X1 是信用代码", "9133030012345678X1 是信用代码"),
        ("2026-11-27 08:00:00", "2026-11-27 08:00:00"),
    ],
)
def test_personal_numbers_are_hidden_and_others_are_not(log, capsys, said, shown):
    log.warning("something failed", reason=said)
    (line,) = capsys.readouterr().out.splitlines()
    assert f"reason='{shown}'" in line or f"reason={shown}" in line


def test_a_traceback_hides_them_too(log, capsys):
    log.error("stumbled", exc_info=ValueError("a call to 13812345678"))
    written = capsys.readouterr().out
    assert "ValueError: a call to 138****5678" in written
    assert "13812345678" not in written

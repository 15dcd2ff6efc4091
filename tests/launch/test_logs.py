"""The log: lines that say what happened, never a personal number."""

import json

import pytest
import structlog

from launch import logs


@pytest.fixture(params=[False])
def log(request):
    """A logger as the processes have it; it writes for people."""
    before = structlog.get_config()
    structlog.contextvars.clear_contextvars()
    logs.configure(as_json=request.param)
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


@pytest.mark.parametrize("log", [True], indirect=True)
def test_a_line_of_json_hides_them_and_names_its_cause(log, capsys):
    with structlog.contextvars.bound_contextvars(job="42", case="7"):
        log.warning("job_failed", reason="联系人 13812345678 没有接")
    told = json.loads(capsys.readouterr().out)
    told.pop("timestamp")
    assert told == {
        "event": "job_failed",
        "level": "warning",
        "job": "42",
        "case": "7",
        "reason": "联系人 138****5678 没有接",
    }

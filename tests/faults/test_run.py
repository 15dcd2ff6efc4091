"""The run of faults itself: short, with real processes, on both databases; and it can fail."""

import json

import pytest

from faults import command
from faults.families import FAMILIES
from faults.person import Answer, Command, Journal
from faults.rehearsal import Tally
from store import secrets

SHORT = ("double_click", "lost_ack", "kill_web")
NOTICED = {"key": "double_click", "version": "concurrent", "transaction": "kill_web"}


@pytest.fixture(autouse=True)
def other_keys():
    """A run encrypts with keys of its own; other tests of this process with theirs."""
    yield
    secrets.configure({"test": bytes(range(32))})


def rehearse(capsys, url, *options):
    code = command.main(["--database", url, "--minutes", "0", "--json", *options])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    (tallies,) = told["databases"].values()
    assert told["good"] == (code == 0)
    return code, tallies


def place(request, kind, tmp_path):
    if kind == "sqlite":
        return str(tmp_path / "faults.db")
    return request.getfixturevalue("postgres_server").url("postgres")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_short_run_loses_doubles_and_leaves_nothing(kind, request, tmp_path, capsys):
    url = place(request, kind, tmp_path)
    code, tallies = rehearse(capsys, url, *(word for name in SHORT for word in ("--family", name)))
    assert code == 0, [tally["findings"] for tally in tallies]
    for tally in tallies:
        assert tally["injected"] > 0
        assert tally["recovered"] == tally["injected"]
        assert tally["acknowledged"] >= 12


@pytest.mark.slow
@pytest.mark.parametrize("protection", list(NOTICED))
def test_a_run_without_a_protection_fails(protection, tmp_path, capsys):
    family = NOTICED[protection]
    code, (tally,) = rehearse(
        capsys, str(tmp_path / "faults.db"), "--family", family, "--sabotage", protection
    )
    assert code == 1
    counted = tally["lost"] + tally["doubled"] + (tally["stuck"] if protection == "transaction" else 0)
    assert counted > 0, (
        tally
    )  # half a step is stuck, or told to nobody, by the point at which the process died


def test_the_table_says_what_became_of_each_family(capsys):
    good = Tally("双击", injected=24, recovered=24, acknowledged=12, recovery_seconds=[2.0, 1.0])
    bad = Tally(
        "两人同办", injected=3, recovered=2, acknowledged=2, lost=1, findings=["没看到的改动被盖掉：x"]
    )
    command.tell("SQLite", [good, bad, Tally("数据库突然重启", skipped="SQLite 不适用")])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["族", "注入", "恢复", "确认", "丢失", "重复", "卡住"]
    assert lines[3].split() == ["双击", "24", "24", "12", "0", "0", "0"]
    assert lines[5].split() == ["数据库突然重启", "跳过：SQLite", "不适用"]
    assert lines[6].split() == ["合计", "27", "26", "14", "1", "0", "0"]
    assert "最小 1.0" in lines[7]
    assert lines[8] == "✗ 两人同办：没看到的改动被盖掉：x"


def test_a_family_that_is_unknown_is_refused():
    with pytest.raises(SystemExit) as error:
        command.main(["--family", "earthquake"])
    assert error.value.code == 2
    assert len(FAMILIES) == 10


def test_the_journal_is_on_disk_before_anybody_acts_on_it(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.note(
        "double_click", Command("coordinator", "/x", [], "k", "dispatch_visit"), Answer(303, "/y", "")
    )
    (line,) = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["status"] == 303
    journal.close()

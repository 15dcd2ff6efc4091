"""The benchmarks measure what they say: the same rows on both engines, and both reach the same end."""

import sys

import pytest

import bench
from bench import crowd, dashboards, expressions, hazards, inbox, loops, peers, processes, start, timers
from bench.completions import measure
from bench.measure import interleaved, ratio
from demo.city import SIZES
from feel import dmn
from store.measures.boards import BOARDS


def test_without_a_name_the_benchmarks_are_listed(capsys):
    assert bench.main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(bench.BENCHMARKS)


def test_no_round_at_all_is_refused(capsys):
    assert bench.main(["loops", "--rounds", "0"]) == 2


def test_modes_take_turns_after_one_warm_up():
    seen = []

    def mode(name):
        return lambda: seen.append(name) or float(len(seen))

    found = interleaved({"a": mode("a"), "b": mode("b")}, 2)
    assert seen == ["a", "b"] * 3
    assert found == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert ratio([6.0, 2.0, 9.0], [2.0, 2.0, 3.0]) == 3.0


def test_both_engines_write_the_same_rows_for_the_same_visit(empty_database):
    found = measure("SQLite", empty_database, 1)
    assert found.rows["ours"] == found.rows["library"]
    assert {"case_event", "work_item", "timer", "cases", "command_key"} <= set(found.rows["ours"])
    assert found.state_bytes["ours"] * 20 < found.state_bytes["library"]
    assert found.to_library > 1


def test_a_loop_does_not_grow():
    seconds, sizes = loops.measure(60, 1)
    assert sizes["last"] <= sizes["first"] * 1.05
    assert len(seconds["last"]) == 1


def test_an_idle_tick_is_measured_while_timers_wait(empty_database):
    found = timers.measure("SQLite", empty_database, 1, 10)
    with empty_database.glancing() as connection:
        waiting = connection.exec_driver_sql("SELECT count(*) FROM timer WHERE due_at > '2026'").scalar_one()
    assert waiting == timers.FEW + 10
    assert [len(seconds) for seconds in found.seconds.values()] == [1, 1]
    assert found.milliseconds > 0


def test_dashboards_are_measured_over_a_year_of_work(sqlite_database, monkeypatch):
    monkeypatch.setitem(SIZES, "tiny", 12)
    found = dashboards.measure("SQLite", sqlite_database, 1, "tiny")
    assert found.rows["policy"] == 12
    assert found.rows["hazard"] > 12
    assert {mode.split()[0] for mode in found.seconds} == set(BOARDS)
    assert "风险，一家保险机构" in dashboards.in_words(found)
    slow = dashboards.Result("PostgreSQL", {}, {"risk insurer": [0.6]})
    assert (dashboards.is_met(found), dashboards.is_met(slow)) == (True, False)


def test_expressions_are_measured_and_told(capsys):
    found = expressions.measure(1, {})
    assert set(found) == set(expressions.TITLES) - {"feelin", "pysfeel"}
    told = expressions.in_words(found, {"feelin": "没有 node"})
    assert "feelin 没有测：没有 node" in told
    assert set(expressions.ratios(found)) == {"condition / function", "parse longest / shortest"}


def test_the_measured_table_decides():
    model = dmn.load(expressions.table_of(100))
    inputs = {"premium": 3500, "risk": False, "industry": "x", "staff": 50}
    assert dmn.decide(model, "visits", inputs).value == 3
    assert model.findings == ()


def test_two_processes_complete_their_own_cases(sqlite_database):
    found = processes.measure("SQLite", sqlite_database, 1, visits=1, counts=(1, 2))
    assert {count: len(seconds) for count, seconds in found.seconds.items()} == {1: 1, 2: 1}
    assert "2 个进程" in processes.in_words(found)


def test_both_offices_hold_what_they_say_and_the_reader_has_the_same_in_each(sqlite_database, monkeypatch):
    monkeypatch.setattr(inbox, "ASKED", 1)
    monkeypatch.setattr(crowd, "PEOPLE", 50)
    found = inbox.measure("SQLite", sqlite_database, 1, copies=3, base=1350, depth=3)
    assert found.items == (1360, 1350 + 3 * 100 + 160)
    assert set(found.grown) == set(inbox.QUESTIONS)
    assert "第 1 页" in inbox.in_words(found)


def test_cases_begin_singly_and_together(sqlite_database):
    found = start.measure("SQLite", sqlite_database, 1, 2, 4)
    assert found.gain > 0
    assert "成批开 4 件" in start.in_words(found)


def test_the_last_hazard_takes_turns_with_a_single_one(sqlite_database):
    found = hazards.measure("SQLite", sqlite_database, 1, most=4)
    assert set(found.recorded) == {2, 4}
    assert "有 4 项" in hazards.in_words(found)


def test_a_peer_that_is_missing_is_told(sqlite_database):
    found = peers.measure("SQLite", sqlite_database, 1, {"viewflow": "没有网络"}, cases=1)
    assert found.gain == {}
    assert "viewflow 没有测：没有网络" in peers.in_words(found)


PEER = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"milliseconds": 5, "finished": json.loads(line)["cases"] == 1}), flush=True)
"""


def test_a_peer_counts_only_where_its_cases_came_to_their_end():
    peer = peers.Peer([sys.executable, "-c", PEER])
    assert peer.play(1) == 0.005
    with pytest.raises(peers.PeerError):
        peer.play(2)
    peer.close()

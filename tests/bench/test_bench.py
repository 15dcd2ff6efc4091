"""The benchmarks measure what they say: the same rows on both engines, and both reach the same end."""

import bench
from bench import expressions, loops, timers
from bench.completions import measure
from bench.measure import interleaved, ratio
from feel import dmn


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

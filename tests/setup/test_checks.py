"""The summary of a test run counts what pytest counted."""

import pytest

from setup_steps.checks import Check, Verdict, _carry_out, _print_summary, counts_in


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("= 3 passed in 1.2s =", {"passed": 3}),
        (
            "\x1b[31m1 failed\x1b[0m, \x1b[32m3 passed\x1b[0m, 2 skipped, 1 error in 2s",
            {"failed": 2, "passed": 3, "skipped": 2},
        ),
        ("no tests ran in 0.01s", {}),
        ("1 passed\n5 passed, 1 xfailed in 3s", {"passed": 5, "skipped": 1}),
    ],
)
def test_the_last_counts_are_read(line, counts):
    assert counts_in(line) == counts


def test_the_last_line_is_one_that_any_reader_understands(capsys):
    _print_summary(
        [Verdict("ruff check", 0, 1.0, {"passed": 1}), Verdict("pytest", 1, 2.0, {"passed": 7, "failed": 2})]
    )
    assert capsys.readouterr().out.splitlines()[-1] == "8 passed, 2 failed"


def test_a_check_that_fails_counts_as_failed(tmp_path, capfd):
    verdict = _carry_out(Check("false", ("false",), tmp_path))
    assert (verdict.code, dict(verdict.counts)) == (1, {"failed": 1})

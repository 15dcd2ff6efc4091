"""Numbers have no gaps and no doubles, whoever takes them at once and whatever is rolled back."""

from threading import Thread

import pytest

from store.numbers import take_number
from tests.store.builders import EVERYTHING


def take(database, world, code="GZ", year=2026):
    with database.write(EVERYTHING) as session:
        return take_number(session, world.provider, code, year)


def test_numbers_count_per_organization_kind_and_year(database, mine, theirs):
    taken = [
        take(database, mine),
        take(database, mine),
        take(database, mine, code="FW"),
        take(database, mine, year=2027),
    ]
    assert [number.split("-", 1)[1] for number in taken] == [
        "GZ-2026-000001", "GZ-2026-000002", "FW-2026-000001", "GZ-2027-000001",
    ]  # fmt: skip
    assert take(database, theirs) != taken[0]
    assert taken[0].startswith(f"P{mine.provider.hex[:6]}-")


def test_a_rolled_back_number_is_given_again(database, mine):
    def fail():
        with database.write(EVERYTHING) as session:
            take_number(session, mine.provider, "GZ", 2026)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert take(database, mine).endswith("000001")


def test_parallel_takers_leave_neither_gap_nor_double(database, mine):
    taken = []

    def work():
        taken.extend(take(database, mine) for _ in range(8))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[-6:]) for number in taken) == list(range(1, 33))

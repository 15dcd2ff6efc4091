"""Column types mean the same on both databases."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm.exc import StaleDataError

from store import secrets
from store import tables as t
from store.errors import DamagedValueError, MissingKeyError
from store.types import FAR_FUTURE, canonical, day_of, new_id
from tests.store.builders import EVERYTHING, NOW

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def keys():
    yield secrets.configure
    secrets.configure({"test": OLD})


def test_moments_come_back_aware_and_sort_by_time(database):
    moments = [NOW, NOW.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=1), FAR_FUTURE]
    with database.write(EVERYTHING) as session:
        for n, moment in enumerate(moments):
            session.add(t.Setting(key=str(n), value={}, set_at=moment))
    with database.read(EVERYTHING) as session:
        assert session.scalars(select(t.Setting.set_at).order_by(t.Setting.set_at)).all() == moments
        late = select(t.Setting.key).where(t.Setting.set_at > NOW).order_by(t.Setting.key)
        assert session.scalars(late).all() == ["1", "2"]
        assert all(moment.tzinfo is UTC for moment in session.scalars(select(t.Setting.set_at)))


def test_a_naive_moment_is_refused(database):
    with pytest.raises(StatementError, match="naive"), database.write(EVERYTHING) as session:
        session.add(t.Setting(key="k", value={}, set_at=datetime(2026, 1, 1)))  # noqa: DTZ001  # naive on purpose


def test_money_adds_up_to_the_cent(database, mine):
    with database.write(EVERYTHING, now=NOW) as session:
        for amount in ("0.10", "0.20", "29999.99"):
            session.add(
                t.Endorsement(
                    policy_id=mine.policy,
                    effective=date(2026, 1, 1),
                    premium_delta=Decimal(amount),
                    **mine.owners(),
                )
            )
    with database.read(EVERYTHING) as session:
        assert session.scalar(select(func.sum(t.Endorsement.premium_delta))) == Decimal("30000.29")
        large = select(func.count()).where(t.Endorsement.premium_delta >= Decimal("29999.99"))
        assert session.scalar(large) == 1


@pytest.mark.parametrize("amount", [Decimal("0.001"), 0.1])
def test_money_refuses_floats_and_lost_digits(database, mine, amount):
    with pytest.raises(StatementError), database.write(EVERYTHING) as session:
        session.get(t.Policy, mine.policy).refunded = amount


def test_json_is_canonical_and_comes_back(database):
    value = {"b": [1, None, "汉"], "a": {"z": True}}
    with database.write(EVERYTHING) as session:
        session.add(t.Setting(key="k", value=value, set_at=NOW))
    with database.read(EVERYTHING) as session:
        assert session.get(t.Setting, "k").value == value
        assert session.scalar(text("SELECT value FROM setting")) == '{"a":{"z":true},"b":[1,null,"汉"]}'


def test_canonical_json_knows_decimals_dates_and_sets():
    value = {"m": Decimal("1.10"), "d": date(2026, 1, 2), "s": frozenset({"b", "a"}), "t": NOW}
    assert canonical(value) == b'{"d":"2026-01-02","m":"1.10","s":["a","b"],"t":"2026-11-24T02:00:00Z"}'
    with pytest.raises(TypeError):
        canonical({"x": object()})


def test_a_day_is_read_from_text_or_kept():
    assert day_of("2026-01-02") == day_of(date(2026, 1, 2)) == date(2026, 1, 2)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  # made aware below
def test_ids_are_version_7_and_sort_by_time(moment):
    earlier, later = moment.replace(tzinfo=UTC), moment.replace(tzinfo=UTC) + timedelta(milliseconds=1)
    assert new_id(earlier) < new_id(later)
    assert new_id(earlier).version == 7
    assert new_id(earlier).variant == uuid.RFC_4122


def test_personal_fields_are_not_in_the_database_in_the_clear(database, mine):
    with database.read(EVERYTHING) as session:
        stored = session.execute(text("SELECT mobile, mobile_index FROM policyholder")).one()
        unit = session.get(t.Policyholder, mine.unit)
    assert "13800001234" not in stored.mobile
    assert stored.mobile.startswith("test.")
    assert unit.mobile == "13800001234"
    assert unit.mobile_index == stored.mobile_index == secrets.blind(" 138 0000 1234")


def test_equal_numbers_are_found_by_their_blind_index(database, mine, theirs):
    with database.read(EVERYTHING) as session:
        same = select(func.count()).select_from(t.Policyholder)
        assert session.scalar(same.where(t.Policyholder.mobile_index == secrets.blind("13800001234"))) == 2
        assert session.scalar(same.where(t.Policyholder.mobile_index == secrets.blind("13800001235"))) == 0


def test_a_value_of_another_column_or_a_changed_one_does_not_decrypt():
    stored = secrets.encrypt("330302", "person.mobile")
    assert secrets.decrypt(stored, "person.mobile") == "330302"
    for column, value in (
        ("expert.id_number", stored),
        ("person.mobile", stored[:-4] + "AAA="),
        ("x", "test.!!"),
    ):
        with pytest.raises(DamagedValueError):
            secrets.decrypt(value, column)


def test_an_older_key_still_reads_and_the_newest_writes(keys):
    keys({"old": OLD})
    stored, index = secrets.encrypt("138", "c"), secrets.blind("138")
    keys({"new": NEW, "old": OLD})
    assert secrets.decrypt(stored, "c") == "138"
    assert secrets.encrypt("138", "c").startswith("new.")
    assert secrets.blind("138") == index
    assert secrets.key_ids() == ("new", "old")
    keys({"new": NEW})
    with pytest.raises(MissingKeyError):
        secrets.decrypt(stored, "c")


@pytest.mark.parametrize("bad", [{}, {"a": b"short"}, {"a.b": OLD}])
def test_missing_short_or_odd_keys_are_refused(keys, bad):
    with pytest.raises(ValueError, match=r"key"):
        keys(bad)


def test_nothing_is_blind_nothing():
    assert secrets.blind(None) is None


def test_the_kind_of_a_unit_decides_the_industry_column(mine, database):
    with database.write(EVERYTHING) as session:
        session.get(t.Policyholder, mine.unit).high_risk_kind = "fireworks"
    with database.read(EVERYTHING) as session:
        assert session.get(t.Policyholder, mine.unit).industry == "fireworks"


def test_two_who_change_one_record_are_told(database, mine):
    with database.read(EVERYTHING) as session:
        stale = session.get(t.Visit, mine.visit)
    with database.write(EVERYTHING) as session:
        session.get(t.Visit, mine.visit).place = "a"
    stale.place = "b"
    with pytest.raises(StaleDataError), database.write(EVERYTHING) as session:
        session.add(stale)

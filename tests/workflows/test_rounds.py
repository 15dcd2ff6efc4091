"""The arithmetic of signing rounds: tables for what the office means, properties for what must always hold."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.rounds import How, Mode, Rule, Seat, State, decided, outlook

YES, NO, UNHEARD = True, False, None
SHARES = st.decimals(min_value="0.01", max_value=1, places=2)


@pytest.mark.parametrize(
    ("rule", "votes", "result"),
    [
        (Rule(Mode.ALL), [YES, YES, UNHEARD], None),
        (Rule(Mode.ALL), [YES, YES, YES], True),
        (Rule(Mode.ALL), [UNHEARD, NO, UNHEARD], False),
        (Rule(Mode.ANY), [UNHEARD, UNHEARD], None),
        (Rule(Mode.ANY), [UNHEARD, YES], True),
        (Rule(Mode.ANY), [NO, UNHEARD], False),
        (Rule(Mode.ORDER), [YES, NO, UNHEARD], False),
        (Rule(Mode.SHARE, Decimal("0.5")), [YES, UNHEARD, UNHEARD], None),
        (Rule(Mode.SHARE, Decimal("0.5")), [YES, YES, UNHEARD], True),
        (Rule(Mode.SHARE, Decimal("0.5")), [NO, NO, UNHEARD], False),
        (Rule(Mode.SHARE, Decimal("0.01")), [NO, NO, UNHEARD], None),
    ],
)
def test_a_round_is_decided_as_its_mode_says(rule, votes, result):
    assert decided(rule, dict(enumerate(votes))) is result


@pytest.mark.parametrize(
    ("share", "places", "needed"),
    [
        ("0.6", 5, 3),
        ("0.6", 4, 3),
        ("0.34", 3, 2),
        ("0.33", 3, 1),
        ("1", 7, 7),
        ("0.01", 3, 1),
        ("0.7", 10, 7),
    ],
)
def test_a_share_is_rounded_up_and_counted_exactly(share, places, needed):
    assert Rule(Mode.SHARE, Decimal(share)).needed(places) == needed


def test_one_refusal_of_a_veto_decides_and_who_has_one_is_heard():
    rule = Rule(Mode.SHARE, Decimal("0.5"))
    assert decided(rule, {1: YES, 2: YES, 3: NO, 4: UNHEARD}, {3}) is False
    assert decided(rule, {1: YES, 2: YES, 3: UNHEARD, 4: UNHEARD}, {3}) is None
    assert decided(rule, {1: YES, 2: UNHEARD, 3: YES, 4: UNHEARD}, {3}) is True


@given(
    st.sampled_from([Mode.ALL, Mode.ORDER, Mode.SHARE]),
    SHARES,
    st.lists(st.sampled_from([YES, NO, UNHEARD]), min_size=1, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_a_result_is_certain_exactly_when_no_further_vote_could_change_it(mode, share, votes, powers):
    share = share if mode is Mode.SHARE else Decimal(1)
    vetoes = {place for place in powers if place < len(votes)}

    def passes(complete):
        enough = Fraction(complete.count(YES), len(complete)) >= Fraction(share)
        return enough and all(complete[place] for place in vetoes)

    choices = [[vote] if vote is not None else [YES, NO] for vote in votes]
    ends = {passes(complete) for complete in product(*choices)}
    expected = ends.pop() if len(ends) == 1 else None
    assert decided(Rule(mode, share), dict(enumerate(votes)), vetoes) is expected


def begun(rule, count):
    return after(rule, [Seat(n, place=n) for n in range(1, count + 1)])


def after(rule, seats):
    """Let what follows come true."""
    seen = outlook(rule, seats)
    now = {State.OPEN: seen.opens, State.WAITING: seen.waits, State.VOID: seen.voids}
    for state, ids in now.items():
        seats = [replace(seat, state=state) if seat.id in ids else seat for seat in seats]
    return seats


def sign(rule, seats, number, approves=YES):
    turn = sum(seat.state is State.DONE for seat in seats) + 1
    done = {"state": State.DONE, "approves": approves, "turn": turn}
    return after(rule, [replace(seat, **done) if seat.id == number else seat for seat in seats])


def add(rule, seats, number, to, how):
    place = next(seat.place for seat in seats if seat.id == to)
    return after(rule, [*seats, Seat(number, place, added_to=to, how=how)])


def remove(rule, seats, number):
    return after(rule, [replace(seat, state=State.VOID) if seat.id == number else seat for seat in seats])


def open_ones(seats):
    return [seat.id for seat in seats if seat.state is State.OPEN]


def test_in_order_one_after_the_other_is_asked():
    rule = Rule(Mode.ORDER)
    seats = begun(rule, 3)
    assert open_ones(seats) == [1]
    assert open_ones(sign(rule, seats, 1)) == [2]
    assert outlook(rule, sign(rule, seats, 1, NO)).result is False


def test_who_is_added_before_signs_first_and_gives_the_step_back():
    rule = Rule(Mode.ALL)
    seats = add(rule, begun(rule, 2), 9, to=1, how=How.BEFORE)
    assert open_ones(seats) == [2, 9]
    assert open_ones(sign(rule, seats, 9)) == [1, 2]


def test_a_place_that_nobody_is_asked_in_any_more_says_nothing():
    rule = Rule(Mode.ANY)
    seats = sign(rule, begun(rule, 2), 2, NO)
    assert [seat.state for seat in seats] == [State.VOID, State.DONE]
    assert (outlook(rule, seats).result, outlook(rule, seats).carrier) == (False, 2)


def test_who_is_added_before_and_refuses_spares_the_one_who_asked():
    rule = Rule(Mode.SHARE, Decimal("0.5"))
    seats = sign(rule, add(rule, begun(rule, 3), 9, to=1, how=How.BEFORE), 9, NO)
    assert [seat.id for seat in seats if seat.state is State.VOID] == [1]
    assert outlook(rule, seats).result is None


def test_who_is_added_after_is_asked_when_the_other_has_signed_and_the_next_in_order_waits():
    rule = Rule(Mode.ORDER)
    seats = add(rule, begun(rule, 2), 9, to=1, how=How.AFTER)
    assert open_ones(seats) == [1]
    seats = sign(rule, seats, 1)
    assert open_ones(seats) == [9]
    assert open_ones(sign(rule, seats, 9)) == [2]


def test_who_is_added_beside_signs_at_the_same_time_and_both_are_needed():
    rule = Rule(Mode.ANY)
    seats = add(rule, begun(rule, 1), 9, to=1, how=How.BESIDE)
    assert open_ones(seats) == [1, 9]
    seats = sign(rule, seats, 9)
    assert outlook(rule, seats).result is None
    assert outlook(rule, sign(rule, seats, 1)).result is True


def test_added_signers_give_nobody_more_votes():
    rule = Rule(Mode.SHARE, Decimal("0.5"))
    seats = begun(rule, 3)
    for number in (7, 8, 9):
        seats = sign(rule, add(rule, seats, number, to=1, how=How.BESIDE), number)
    assert outlook(rule, sign(rule, seats, 1)).result is None


def test_without_the_last_one_who_was_awaited_the_round_is_decided():
    rule = Rule(Mode.ALL)
    seats = sign(rule, add(rule, begun(rule, 1), 9, to=1, how=How.AFTER), 1)
    assert outlook(rule, seats).result is None
    assert outlook(rule, remove(rule, seats, 9)).result is True


def test_the_answers_of_the_last_signature_that_votes_as_the_result_are_carried():
    rule = Rule(Mode.SHARE, Decimal("0.6"))
    seats = begun(rule, 3)
    for number, vote in ((2, YES), (3, NO), (1, YES)):
        seats = sign(rule, seats, number, vote)
    assert outlook(rule, seats).carrier == 1


def test_an_opinion_carries_nothing():
    rule = Rule(Mode.ALL)
    seats = add(rule, begun(rule, 1), 9, to=1, how=How.AFTER)
    seats = [replace(seat, carries=seat.id == 1) for seat in seats]
    seats = sign(rule, sign(rule, seats, 1, UNHEARD), 9, UNHEARD)
    assert (outlook(rule, seats).result, outlook(rule, seats).carrier) == (True, 1)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["sign", "sign", "refuse", "add", "remove"]), st.integers(0, 9), st.sampled_from(How)
    ),
    max_size=25,
)


@given(st.sampled_from(Mode), SHARES, st.integers(1, 4), DEEDS)
def test_whatever_people_do_somebody_is_asked_until_it_is_decided_and_nobody_afterwards(
    mode, share, count, deeds
):
    rule = Rule(mode, share)
    seats = begun(rule, count)
    for deed, number, how in deeds:
        if (result := outlook(rule, seats).result) is not None:
            assert open_ones(seats) == []
            assert all(seat.is_over for seat in seats)
            said = [seat.approves for seat in seats if seat.state is State.DONE]
            assert result in said
            return
        assert open_ones(seats)
        settled = outlook(rule, seats)
        assert (settled.opens, settled.waits, settled.voids) == ((), (), ())
        asked = open_ones(seats)
        chosen = asked[number % len(asked)]
        removable = [seat.id for seat in seats if seat.added_to is not None and not seat.is_over]
        if deed == "add":
            seats = add(rule, seats, len(seats) + 1, chosen, how)
        elif deed == "remove" and removable:
            seats = remove(rule, seats, removable[number % len(removable)])
        elif deed != "remove":
            seats = sign(rule, seats, chosen, deed == "sign")

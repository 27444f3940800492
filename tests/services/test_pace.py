"""How fast the bot talks: never faster than allowed, silent when told to be."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.pace import FAILING_CHATS, FIRST_SILENCE, LONGEST_SILENCE, Outage, Pace, Slot

A_HAIR = 1e-6


def sent_at(pace: Pace, delays: list[float], silences: dict[int, float] | None = None) -> list[float]:
    """The moments at which somebody sends who always has something to say and wakes up late by ``delays``."""
    now, moments = 100.0, []
    for index, delay in enumerate(delays):
        if silences and index in silences:
            pace.silence(now + silences[index])
        now += pace.wait(now) + delay
        assert pace.wait(now) == 0
        pace.take(now)
        moments.append(now)
    return moments


def most_in_a_window(moments: list[float], length: float) -> int:
    """The largest number of moments in any half-open window of that length."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= length - A_HAIR:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("per_second", [1, 5, 30, 1000])
def test_a_sender_in_time_uses_what_is_allowed_and_no_more(per_second: int) -> None:
    moments = sent_at(Pace(per_second), [0.0] * per_second * 3)
    assert most_in_a_window(moments, 1) == per_second
    assert moments[-1] - moments[0] < 3.02


delays = st.lists(
    st.one_of(st.just(0.0), st.floats(0, 0.005), st.floats(0, 0.05), st.floats(0, 3)), min_size=1, max_size=200
)


@given(st.sampled_from([1, 2, 5, 20, 30, 100]), delays)
@settings(deadline=None, max_examples=100)
def test_however_late_one_wakes_up_no_second_holds_more_than_is_allowed(per_second: int, late: list[float]) -> None:
    assert most_in_a_window(sent_at(Pace(per_second), late), 1) <= per_second


@given(st.sampled_from([1, 2, 5, 20, 30, 100]), delays)
@settings(deadline=None, max_examples=50)
def test_after_a_long_sleep_there_is_no_burst(per_second: int, late: list[float]) -> None:
    moments = sent_at(Pace(per_second), late)
    assert most_in_a_window(moments, 0.1) <= 0.1 * per_second + 3


def test_less_than_one_a_second_is_possible() -> None:
    moments = sent_at(Pace(0.5), [0.0] * 4)
    gaps = [after - before for before, after in pairwise(moments)]
    assert all(1.9 < gap < 2.1 for gap in gaps)


@given(delays, st.dictionaries(st.integers(0, 50), st.floats(0, 60), max_size=3))
@settings(deadline=None, max_examples=50)
def test_nobody_talks_during_a_silence(late: list[float], silences: dict[int, float]) -> None:
    moments = sent_at(Pace(30), late, silences)
    for index, length in silences.items():
        if 0 < index < len(moments):
            assert moments[index] >= moments[index - 1] + length - A_HAIR


def test_a_shorter_silence_does_not_end_a_longer_one() -> None:
    pace = Pace(30)
    pace.silence(110)
    pace.silence(105)
    assert pace.wait(100) == 10
    assert pace.wait(110) == 0


def test_one_chat_that_is_stuck_is_no_outage() -> None:
    outage = Outage()
    assert [outage.failed(1, moment, 1) for moment in range(20)] == [None] * 20
    assert not outage.noticed
    assert not outage.over()


def test_several_chats_that_fail_are_an_outage_until_something_gets_through() -> None:
    outage = Outage()
    untils = [outage.failed(chat, 100, 1) for chat in range(FAILING_CHATS)]
    assert untils == [None] * (FAILING_CHATS - 1) + [100 + FIRST_SILENCE]
    assert outage.noticed
    assert outage.over()
    assert not outage.noticed
    assert not outage.over()
    assert outage.failed(1, 200, 1) is None


def test_what_gets_through_between_failures_shows_that_it_is_no_outage() -> None:
    outage = Outage()
    for chat in range(20):
        assert outage.failed(chat, 100, 1) is None
        outage.over()


def test_silences_grow_to_a_bound_and_are_not_prolonged_by_what_fails_meanwhile() -> None:
    outage, now, pauses = Outage(), 100.0, []
    for chat in range(FAILING_CHATS - 1):
        outage.failed(chat, now, 1)
    for _ in range(8):
        until = outage.failed(9, now, 1)
        assert until is not None
        assert outage.failed(10, until - 0.01, 1) is None
        pauses.append(until - now)
        now = until
    assert pauses == [0.5, 1, 2, 4, 8, LONGEST_SILENCE, LONGEST_SILENCE, LONGEST_SILENCE]


def test_silences_are_jittered_so_that_not_everybody_comes_back_at_once() -> None:
    outage = Outage()
    for chat in range(FAILING_CHATS - 1):
        outage.failed(chat, 100, 1.3)
    assert outage.failed(9, 100, 1.3) == 100 + FIRST_SILENCE * 1.3


@given(
    st.sampled_from([5, 20, 30]),
    st.lists(st.tuples(st.floats(0, 0.4), st.floats(0, 0.4)), min_size=1, max_size=150),
)
@settings(deadline=None, max_examples=100)
def test_however_uneven_the_journey_no_second_of_telegrams_holds_more_than_is_allowed(
    per_second: int, delays: list[tuple[float, float]]
) -> None:
    """What is late on its way there, or its answer on the way back, comes no closer to what follows a second later."""
    there, back = 0.02, 0.03
    pace, now = Pace(per_second), 100.0
    under_way: list[tuple[float, Slot]] = []
    arrivals: list[float] = []
    for late_there, late_back in [(0.0, 0.0), *delays]:
        while pace.wait(now) > 0 or (under_way and under_way[0][0] <= now):
            ahead = [at for at, _ in under_way]
            now = min([now + pace.wait(now), *ahead]) if pace.wait(now) > 0 else now
            for answered, slot in [each for each in under_way if each[0] <= now]:
                pace.answered(slot, slot.at, answered)
            under_way = sorted([each for each in under_way if each[0] > now], key=lambda each: each[0])
        slot = pace.take(now)
        arrivals.append(now + there + late_there)
        under_way.append((now + there + late_there + back + late_back, slot))
        under_way.sort(key=lambda each: each[0])
    assert most_in_a_window(sorted(arrivals), 1) <= per_second

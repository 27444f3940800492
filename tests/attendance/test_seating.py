"""Who gets a seat, and for how long a freed one waits."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.registration import Status
from bot.attendance.seating import (
    SHORTEST_HOLD,
    Closed,
    NotYet,
    Seats,
    offered_until,
    offers_due,
    registration_window,
    status_on_arrival,
)
from bot.knowledge.event import RegistrationRules
from tests.builders import START, at, registration, session

OPENS, CLOSES = at("2019-09-01 09:00"), at("2019-10-09 16:00")
counts = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("rules", "now", "hindrance"),
    [
        (RegistrationRules(), at("2000-01-01 00:00"), None),
        (RegistrationRules(), START - timedelta(seconds=1), None),
        (RegistrationRules(), START, Closed(START)),
        (RegistrationRules(opens=OPENS), OPENS - timedelta(seconds=1), NotYet(OPENS)),
        (RegistrationRules(opens=OPENS), OPENS, None),
        (RegistrationRules(closes=CLOSES), CLOSES - timedelta(seconds=1), None),
        (RegistrationRules(closes=CLOSES), CLOSES, Closed(CLOSES)),
        (RegistrationRules(closes=START + timedelta(days=1)), START, Closed(START)),
        (RegistrationRules(opens=START + timedelta(days=1)), START, Closed(START)),
        (RegistrationRules(opens=OPENS, closes=CLOSES), at("2019-09-15 12:00"), None),
    ],
)
def test_registration_is_open_from_its_opening_until_its_closing_and_never_after_the_start(
    rules: RegistrationRules, now: datetime, hindrance: NotYet | Closed | None
) -> None:
    assert registration_window(rules, session(), now) == hindrance


@pytest.mark.parametrize(
    ("seats", "free", "status", "offers"),
    [
        (Seats(2, 0, 0), 2, Status.CONFIRMED, 0),
        (Seats(2, 1, 0), 1, Status.CONFIRMED, 0),
        (Seats(2, 2, 0), 0, Status.WAITLISTED, 0),
        (Seats(2, 2, 5), 0, Status.WAITLISTED, 0),
        (Seats(2, 1, 1), 1, Status.WAITLISTED, 1),
        (Seats(5, 2, 1), 3, Status.WAITLISTED, 1),
        (Seats(5, 2, 9), 3, Status.WAITLISTED, 3),
        (Seats(0, 0, 0), 0, Status.WAITLISTED, 0),
        (Seats(1, 3, 2), 0, Status.WAITLISTED, 0),
    ],
)
def test_free_seats_belong_to_the_queue_before_newcomers(seats: Seats, free: int, status: Status, offers: int) -> None:
    assert (seats.free, status_on_arrival(seats), offers_due(seats)) == (free, status, offers)


@given(counts, counts, counts)
@settings(deadline=None, max_examples=100)
def test_offers_never_exceed_what_is_free_or_who_waits(capacity: int, taken: int, waiting: int) -> None:
    offers = offers_due(Seats(capacity, taken, waiting))
    assert 0 <= offers <= waiting
    assert offers == 0 or taken + offers <= capacity


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "held"),
    [
        (timedelta(days=30), timedelta(hours=12)),
        (timedelta(hours=48), timedelta(hours=12)),
        (timedelta(hours=40), timedelta(hours=10)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(hours=1), timedelta(minutes=15)),
        (timedelta(minutes=20), timedelta(minutes=5)),
        (timedelta(minutes=12), timedelta(minutes=5)),
        (timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(minutes=3), timedelta(minutes=3)),
        (timedelta(seconds=1), timedelta(seconds=1)),
        (timedelta(), None),
        (-HOUR, None),
    ],
)
def test_a_freed_seat_waits_a_quarter_of_what_is_left_within_bounds(left: timedelta, held: timedelta | None) -> None:
    now = START - left
    until = offered_until(RegistrationRules(), session(), now)
    assert until == (None if held is None else now + held)


def test_the_event_may_hold_seats_for_a_shorter_time() -> None:
    rules = RegistrationRules(offer_hold=timedelta(minutes=2))
    assert offered_until(rules, session(), START - 10 * HOUR) == START - 10 * HOUR + timedelta(minutes=2)


@given(st.integers(1, 10**8), st.integers(60, 10**7))
@settings(deadline=None, max_examples=100)
def test_an_offer_ends_after_it_begins_and_before_the_session(left: int, hold: int) -> None:
    now = START - timedelta(seconds=left)
    rules = RegistrationRules(offer_hold=timedelta(seconds=hold))
    until = offered_until(rules, session(), now)
    assert until is not None
    assert now < until <= START
    assert until - now <= rules.offer_hold
    assert until - now >= min(SHORTEST_HOLD, rules.offer_hold, START - now)


@pytest.mark.parametrize(("number", "code"), [(1, "A0001"), (999, "A0999"), (9999, "A9999"), (12345, "A12345")])
def test_the_code_for_the_door_is_short(number: int, code: str) -> None:
    assert registration(number=number).code == code

"""Sessions and their numbers of seats, as the file and the coordinator set them."""

from datetime import timedelta

import pytest

from bot.attendance.registration import Status
from bot.attendance.seating import Seats
from bot.storage import people, registrations
from bot.storage.database import Database
from tests.builders import NOON, person

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("file_before", "set_by_hand", "file_now", "in_force"),
    [
        # Nobody set anything by hand: the file is right.
        (10, None, 10, 10),
        (10, None, 20, 20),
        (10, None, 0, 0),
        # Set by hand, and the file still says what it said: the hand is right, restart after restart.
        (10, 15, 10, 15),
        (10, 0, 10, 0),
        # Set by hand, and the file has changed since: who spoke last is right.
        (10, 15, 20, 20),
        (10, 15, 15, 15),
        # Registration is switched on and off in the file.
        (10, 15, None, None),
        (None, None, 10, 10),
        (None, None, None, None),
    ],
)
async def test_who_set_the_number_of_seats_last_is_right(
    database: Database, file_before: int | None, set_by_hand: int | None, file_now: int | None, in_force: int | None
) -> None:
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("talk", file_before)])
        if set_by_hand is not None:
            await registrations.set_capacity(tx, "talk", set_by_hand)
    for _ in range(2):
        async with database.transaction() as tx:
            await registrations.adopt_sessions(tx, [("talk", file_now)])
            assert await tx.value("SELECT capacity FROM sessions") == in_force


async def test_a_session_that_left_the_file_keeps_its_registrations(database: Database) -> None:
    async with database.transaction() as tx:
        await people.save(tx, person(1))
        await registrations.adopt_sessions(tx, [("talk", 2), ("gone", 2)])
        await registrations.add(tx, 1, "Ada", "gone", Status.CONFIRMED, 1, NOON)
        await registrations.adopt_sessions(tx, [("talk", 2)])
        assert await registrations.all_seats(tx) == {"talk": Seats(2, 0, 0), "gone": Seats(2, 1, 0)}


async def test_a_session_without_seats_to_give_is_not_counted(database: Database) -> None:
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("open-door", None)])
        assert await registrations.all_seats(tx) == {}
        for session in ("open-door", "nowhere"):
            with pytest.raises(LookupError):
                await registrations.seats(tx, session)


async def test_confirmed_and_offered_take_a_seat_and_the_cancelled_do_not(database: Database) -> None:
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("talk", 9), ("other", 9)])
        for number in range(1, 7):
            await registrations.add(tx, None, f"Guest {number}", "talk", Status.WAITLISTED, number, NOON)
        await registrations.offer(tx, 1, NOON + HOUR)
        await registrations.confirm(tx, 2, NOON)
        await registrations.confirm(tx, 3, NOON)
        await registrations.cancel(tx, 4, NOON)
        assert await registrations.all_seats(tx) == {"talk": Seats(9, 3, 2), "other": Seats(9, 0, 0)}
        assert await registrations.statuses(tx) == {
            ("talk", Status.CONFIRMED): 2,
            ("talk", Status.WAITLISTED): 2,
            ("talk", Status.OFFERED): 1,
            ("talk", Status.CANCELLED): 1,
        }
        assert [each.number for each in await registrations.expected(tx)] == [1, 2, 3, 5, 6]
        first = await registrations.next_in_line(tx, "talk")
        assert first is not None
        assert (first.number, first.position) == (5, 1)
        assert await registrations.next_in_line(tx, "other") is None


@pytest.mark.parametrize(("later", "lapsed"), [(-1, []), (0, [1]), (1, [1])])
async def test_an_offer_lapses_at_its_very_moment(database: Database, later: int, lapsed: list[int]) -> None:
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("talk", 9)])
        for number in (1, 2):
            await registrations.add(tx, None, f"Guest {number}", "talk", Status.WAITLISTED, number, NOON)
        await registrations.offer(tx, 1, NOON + HOUR)
        moment = NOON + HOUR + timedelta(milliseconds=later)
        assert [each.number for each in await registrations.lapsed_offers(tx, moment)] == lapsed


async def test_a_seat_given_back_is_no_longer_checked_in(database: Database) -> None:
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("talk", 9)])
        await registrations.add(tx, None, "Guest", "talk", Status.CONFIRMED, 1, NOON)
        await registrations.check_in(tx, 1, 900, NOON)
        await registrations.check_in(tx, 1, 901, NOON + HOUR)
        assert await tx.value("SELECT checked_in_by FROM registrations") == 900
        assert await registrations.checked_in(tx) == {"talk": 1}
        await registrations.cancel(tx, 1, NOON)
        assert await registrations.checked_in(tx) == {"talk": 0}


async def test_moments_come_back_as_they_were_to_the_millisecond(database: Database) -> None:
    moment = NOON + timedelta(milliseconds=123, microseconds=456)
    async with database.transaction() as tx:
        await registrations.adopt_sessions(tx, [("talk", 9)])
        number = await registrations.add(tx, None, "Guest", "talk", Status.CONFIRMED, 1, moment)
        found = await registrations.find(tx, number)
    assert found is not None
    assert (found.registered_at, found.confirmed_at) == (NOON + timedelta(milliseconds=123),) * 2

"""Figures, and who stands at the door."""

from datetime import timedelta

import pytest

from bot.attendance.registration import Status
from bot.attendance.seating import Seats
from bot.services import reports
from bot.services.reports import Figures
from bot.storage import questions, registrations
from tests.builders import COORDINATOR, NOON, House, arrival, person

HOUR = timedelta(hours=1)
GUESTS = (
    "Ada Lovelace",
    "Wiesław Urban",
    "Zoë Müller",
    "Jean-Luc Picard",
    "Laura Gredzens",
    "Laura Grēdzēna",
    "Иван Петров",
    "Ólafur Þór Jónsson",
)


@pytest.fixture
async def full_house(home: House) -> House:
    """Everybody of GUESTS is registered, numbered from one."""
    async with home.database.transaction() as tx:
        await registrations.set_capacity(tx, "talk", 99)
        for number, name in enumerate(GUESTS, 1):
            await home.people.meet(tx, person(number, name))
            await registrations.add(tx, number, name, "talk", Status.CONFIRMED, await arrival(tx), NOON)
    return home


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("lovelace", ["Ada Lovelace"]),
        ("  LOVELACE  ada ", ["Ada Lovelace"]),
        # Accents are not everybody's keyboard.
        ("Wieslaw Urban", ["Wiesław Urban"]),
        ("zoe", ["Zoë Müller"]),
        ("Muller", ["Zoë Müller"]),
        ("Mueller", ["Zoë Müller"]),
        ("Olafur", ["Ólafur Þór Jónsson"]),
        ("Ivan Petrov", ["Иван Петров"]),
        ("Петров", ["Иван Петров"]),
        # One slip of the pen.
        ("Lovelase", ["Ada Lovelace"]),
        ("Lovlace", ["Ada Lovelace"]),
        ("Urbna", ["Wiesław Urban"]),
        ("Picrad", ["Jean-Luc Picard"]),
        ("Zoo", ["Zoë Müller"]),
        ("Li", []),
        ("Ad", []),
        # Two in a long name, one in a short one, none in two letters.
        ("Grezdens", ["Laura Gredzens", "Laura Grēdzēna"]),
        # The likeliest first, then by name.
        ("Laura Gredzens", ["Laura Gredzens", "Laura Grēdzēna"]),
        ("Laura", ["Laura Gredzens", "Laura Grēdzēna"]),
        # Nobody is nobody.
        ("Babbage", []),
        ("Ada Babbage", []),
        ("", []),
        ("   ", []),
        ("🎉", []),
        ("a" * 500, []),
        # A code says exactly who.
        ("A0003", ["Zoë Müller"]),
        (" a0003 ", ["Zoë Müller"]),
        ("A9999", []),
    ],
)
async def test_the_door_finds_people_as_they_say_who_they_are(full_house: House, query: str, found: list[str]) -> None:
    async with full_house.database.transaction() as tx:
        assert [each.name for each in await reports.at_the_door(tx, query)] == found


async def test_whoever_has_cancelled_is_not_expected(full_house: House) -> None:
    await full_house.cancel(1, 1)
    async with full_house.database.transaction() as tx:
        assert await reports.at_the_door(tx, "Lovelace") == []
        assert await reports.at_the_door(tx, "A0001") == []


async def test_checking_in_is_noted_once_and_can_be_undone(full_house: House) -> None:
    async with full_house.database.transaction() as tx:
        first = await reports.check_in(tx, 1, COORDINATOR, NOON)
        second = await reports.check_in(tx, 1, COORDINATOR, NOON + HOUR)
        assert first == second
        assert first is not None
        assert first.checked_in_at == NOON
        undone = await reports.undo_check_in(tx, 1)
        assert undone is not None
        assert undone.checked_in_at is None
        again = await reports.check_in(tx, 1, COORDINATOR, NOON + HOUR)
        assert again is not None
        assert again.checked_in_at == NOON + HOUR


@pytest.mark.parametrize(("number", "status"), [(3, Status.OFFERED), (4, Status.WAITLISTED), (1, Status.CANCELLED)])
async def test_without_a_seat_nobody_is_checked_in(home: House, number: int, status: Status) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    async with home.database.transaction() as tx:
        found = await reports.check_in(tx, number, COORDINATOR, NOON)
    assert found is not None
    assert (found.status, found.checked_in_at) == (status, None)


async def test_an_unknown_number_is_nobody(home: House) -> None:
    async with home.database.transaction() as tx:
        assert await reports.check_in(tx, 77, COORDINATOR, NOON) is None
        assert await reports.undo_check_in(tx, 77) is None


async def test_figures_count_seats_people_who_is_here_and_what_waits_for_an_answer(home: House) -> None:
    async with home.database.transaction() as tx:
        assert await reports.figures(tx) == Figures({"talk": Seats(2, 0, 0)}, {}, 0, 0)
    await home.register(1, 2, 3)
    async with home.database.transaction() as tx:
        await reports.check_in(tx, 1, COORDINATOR, NOON)
        await questions.note(tx, 1, "asked", "en", "", NOON)
        await questions.pass_on(tx, await questions.note(tx, 2, "open", "en", "", NOON))
        assert await reports.figures(tx) == Figures({"talk": Seats(2, 2, 1)}, {"talk": 1}, 3, 1)

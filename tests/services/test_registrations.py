"""Seats are taken, queued for, offered, given back: first come, first served, and never one too many."""

import asyncio
import sqlite3
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.attendance.outcomes import (
    Accepted,
    AlreadyRegistered,
    Cancelled,
    NoSuchSession,
    NothingThere,
    Refused,
    Registered,
)
from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Closed, NotYet, Seats
from bot.knowledge.event import RegistrationRules
from bot.messages import registrations as messages
from bot.messages.message import OfferDue, from_json, to_json
from bot.services.privacy import Privacy
from bot.storage import registrations
from tests.builders import END, NOON, START, House, arrival, event, house, person, session, wording

CONFIRMED, WAITLISTED, OFFERED, CANCELLED = Status
HOUR = timedelta(hours=1)
HELD_UNTIL = NOON + 12 * HOUR
"""Until when a seat freed at noon is held: twelve hours, since a quarter of what is left would be more."""


def seat(number: int, holder: int, at: datetime = NOON, *, confirmed_at: datetime | None = None) -> Registration:
    return Registration(number, holder, f"Person {holder}", "talk", CONFIRMED, at, confirmed_at or at)


def place(number: int, holder: int, position: int, at: datetime = NOON) -> Registration:
    return Registration(number, holder, f"Person {holder}", "talk", WAITLISTED, at, position=position)


def offered(number: int, holder: int, until: datetime = HELD_UNTIL, at: datetime = NOON) -> Registration:
    return Registration(number, holder, f"Person {holder}", "talk", OFFERED, at, offered_until=until)


@pytest.mark.parametrize(
    ("there", "outcome"),
    [
        ((), Registered(seat(1, 9))),
        ((1,), Registered(seat(2, 9))),
        ((1, 2), Registered(place(3, 9, 1))),
        ((1, 2, 3), Registered(place(4, 9, 2))),
        ((9,), AlreadyRegistered(seat(1, 9))),
        ((1, 2, 3, 9), AlreadyRegistered(place(4, 9, 2))),
    ],
)
async def test_a_newcomer_gets_a_free_seat_or_the_end_of_the_queue(
    home: House, there: tuple[int, ...], outcome: object
) -> None:
    await home.register(*there)
    assert await home.outcome_of_registering(9) == outcome
    assert await home.outbox() == []


@pytest.mark.parametrize(
    ("rules", "now", "outcome"),
    [
        (RegistrationRules(opens=NOON + HOUR), NOON, NotYet(NOON + HOUR)),
        (RegistrationRules(opens=NOON), NOON, Registered(seat(1, 9))),
        (RegistrationRules(closes=NOON), NOON, Closed(NOON)),
        (RegistrationRules(), START, Closed(START)),
        (RegistrationRules(), END, Closed(START)),
    ],
)
async def test_nobody_registers_too_early_or_too_late(
    tmp_path: Path, rules: RegistrationRules, now: datetime, outcome: object
) -> None:
    async with house(tmp_path, event(registration=rules), now) as home:
        assert await home.outcome_of_registering(9) == outcome


async def test_whoever_is_registered_hears_so_after_the_closing_too(home: House) -> None:
    await home.register(1)
    home.clock.moment = END
    assert await home.outcome_of_registering(1) == AlreadyRegistered(seat(1, 1))


@pytest.mark.parametrize("wanted", ["nowhere", "", "open-door", "TALK"])
async def test_only_sessions_with_a_number_of_seats_take_registrations(tmp_path: Path, wanted: str) -> None:
    async with house(tmp_path, event(session(), session("open-door", capacity=None))) as home:
        assert await home.outcome_of_registering(9, wanted) == NoSuchSession()
        assert await home.rows("SELECT * FROM registrations") == []


async def test_with_no_seats_at_all_everybody_queues(tmp_path: Path) -> None:
    async with house(tmp_path, event(session(capacity=0))) as home:
        assert await home.register(1, 2) == [place(1, 1, 1), place(2, 2, 2)]


async def test_sessions_fill_independently(tmp_path: Path) -> None:
    async with house(tmp_path, event(session(capacity=1), session("other", capacity=1))) as home:
        await home.register(1, 2)
        await home.register(2, 1, session="other")
        assert await home.statuses() == [(1, CONFIRMED), (2, WAITLISTED)]
        assert await home.statuses("other") == [(2, CONFIRMED), (1, WAITLISTED)]


async def test_the_queue_goes_by_arrival_whatever_the_order_of_writing(home: House) -> None:
    await home.register(1, 2)
    async with home.database.transaction() as tx:
        for holder, came in ((3, 30), (4, 20), (5, 25)):
            somebody = await home.people.meet(tx, person(holder))
            await home.registrations.register(tx, somebody, "talk", came, NOON)
    async with home.database.transaction() as tx:
        assert await registrations.find(tx, 3) == place(3, 3, 3)
        assert await registrations.find(tx, 4) == place(4, 4, 1)
        assert await registrations.find(tx, 5) == place(5, 5, 2)
    await home.cancel(1, 1)
    assert (4, OFFERED) in await home.statuses()


@pytest.mark.parametrize(
    ("who", "number", "outcome", "after"),
    [
        # A seat goes to the first in the queue, who has to say yes; the second moves up.
        (1, 1, Cancelled(seat(1, 1)), [(1, CANCELLED), (2, CONFIRMED), (3, OFFERED), (4, WAITLISTED)]),
        # A place in the queue frees no seat.
        (3, 3, Cancelled(place(3, 3, 1)), [(1, CONFIRMED), (2, CONFIRMED), (3, CANCELLED), (4, WAITLISTED)]),
        # Another's registration is nobody's business, and neither is one that never was.
        (4, 1, NothingThere(None), [(1, CONFIRMED), (2, CONFIRMED), (3, WAITLISTED), (4, WAITLISTED)]),
        (1, 77, NothingThere(None), [(1, CONFIRMED), (2, CONFIRMED), (3, WAITLISTED), (4, WAITLISTED)]),
    ],
)
async def test_cancelling_gives_back_only_what_is_ones_own(
    home: House, who: int, number: int, outcome: object, after: list[tuple[int, Status]]
) -> None:
    await home.register(1, 2, 3, 4)
    assert await home.cancel(who, number) == outcome
    assert await home.statuses() == after


async def test_cancelling_twice_changes_nothing_the_second_time(home: House) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    assert await home.cancel(1, 1) == NothingThere("talk")
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (3, OFFERED), (4, WAITLISTED)]


async def test_whoever_cancels_and_comes_back_has_a_new_number_at_the_end_of_the_queue(home: House) -> None:
    await home.register(1, 2, 3)
    await home.cancel(1, 1)
    assert await home.outcome_of_registering(1) == Registered(place(4, 1, 1))


async def test_a_freed_seat_is_offered_in_one_message_to_one_person(home: House) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    async with home.database.transaction() as tx:
        assert await registrations.find(tx, 3) == offered(3, 3)
        assert await registrations.find(tx, 4) == place(4, 4, 1)
    assert await home.outbox() == [(3, "offer:3", "waiting")]
    assert await written(home) == [OfferDue(3)]


async def written(home: House) -> list[object]:
    """What the outbox holds, as values."""
    return [from_json(str(content)) for (content,) in await home.rows("SELECT content FROM outbox ORDER BY number")]


@pytest.mark.parametrize(
    ("who", "number", "later", "outcome", "after"),
    [
        (3, 3, HOUR, Accepted(seat(3, 3, confirmed_at=NOON + HOUR)), [CANCELLED, CONFIRMED, CONFIRMED, WAITLISTED]),
        # The last millisecond counts, the moment itself is too late: the seat goes to the next.
        (
            3,
            3,
            12 * HOUR - timedelta(milliseconds=1),
            Accepted(seat(3, 3, confirmed_at=HELD_UNTIL - timedelta(milliseconds=1))),
            [CANCELLED, CONFIRMED, CONFIRMED, WAITLISTED],
        ),
        (3, 3, 12 * HOUR, NothingThere("talk"), [CANCELLED, CONFIRMED, CANCELLED, OFFERED]),
        (4, 3, HOUR, NothingThere(None), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (4, 4, HOUR, NothingThere("talk"), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (2, 2, HOUR, AlreadyRegistered(seat(2, 2)), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (1, 1, HOUR, NothingThere("talk"), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (3, 77, HOUR, NothingThere(None), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
    ],
)
async def test_an_offer_is_taken_by_whom_it_was_made_to_as_long_as_it_stands(
    home: House, who: int, number: int, later: timedelta, outcome: object, after: list[Status]
) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    home.clock.move(later)
    assert await home.accept(who, number) == outcome
    assert [status for _, status in await home.statuses()] == after


@pytest.mark.parametrize(
    ("who", "number", "outcome", "after"),
    [
        (3, 3, Refused(offered(3, 3)), [CANCELLED, CONFIRMED, CANCELLED, OFFERED]),
        (4, 3, NothingThere(None), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (4, 4, NothingThere("talk"), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (2, 2, AlreadyRegistered(seat(2, 2)), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
        (1, 1, NothingThere("talk"), [CANCELLED, CONFIRMED, OFFERED, WAITLISTED]),
    ],
)
async def test_an_offer_that_is_refused_goes_to_the_next(
    home: House, who: int, number: int, outcome: object, after: list[Status]
) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    assert await home.refuse(who, number) == outcome
    assert [status for _, status in await home.statuses()] == after


async def test_what_was_decided_on_is_not_decided_on_again(home: House) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    await home.accept(3, 3)
    assert await home.accept(3, 3) == AlreadyRegistered(seat(3, 3))
    assert await home.refuse(3, 3) == AlreadyRegistered(seat(3, 3))
    await home.cancel(2, 2)
    await home.refuse(4, 4)
    assert await home.refuse(4, 4) == NothingThere("talk")
    assert await home.accept(4, 4) == NothingThere("talk")


async def test_an_offer_that_was_not_yet_sent_is_taken_back_with_the_registration(home: House) -> None:
    await home.register(1, 2, 3)
    await home.cancel(1, 1)
    await home.cancel(3, 3)
    assert await home.rows("SELECT key, state, content, reason FROM outbox") == [
        ("offer:3", "withdrawn", None, "cancelled")
    ]


async def test_an_offer_that_lapses_goes_to_the_next_with_one_word_to_whoever_let_it_lapse(home: House) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    home.clock.moment = HELD_UNTIL - timedelta(seconds=1)
    await home.lapse_offers()
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (3, OFFERED), (4, WAITLISTED)]
    home.clock.moment = HELD_UNTIL
    await home.lapse_offers()
    await home.lapse_offers()
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (3, CANCELLED), (4, OFFERED)]
    assert await home.outbox() == [
        (3, "offer:3", "withdrawn"),
        (4, "offer:4", "waiting"),
        (3, "lapsed:3", "waiting"),
    ]
    lapsed = messages.lapsed(wording(home.event), home.event.sessions[0], home.now)
    assert await home.rows("SELECT content FROM outbox WHERE key = 'lapsed:3'") == [(to_json(lapsed),)]


async def test_once_the_session_has_started_nothing_is_given_back_and_nobody_is_offered_a_seat(home: House) -> None:
    await home.register(1, 2, 3)
    home.clock.moment = START
    await home.cancel(1, 1)
    async with home.database.transaction() as tx:
        await home.registrations.set_capacity(tx, "talk", 3, START)
    assert await home.statuses() == [(1, CONFIRMED), (2, CONFIRMED), (3, WAITLISTED)]
    assert await home.outbox() == []


@pytest.mark.parametrize(
    ("capacity", "seats", "after"),
    [
        (0, Seats(0, 2, 3), [CONFIRMED, CONFIRMED, WAITLISTED, WAITLISTED, WAITLISTED]),
        (1, Seats(1, 2, 3), [CONFIRMED, CONFIRMED, WAITLISTED, WAITLISTED, WAITLISTED]),
        (2, Seats(2, 2, 3), [CONFIRMED, CONFIRMED, WAITLISTED, WAITLISTED, WAITLISTED]),
        (3, Seats(3, 3, 2), [CONFIRMED, CONFIRMED, OFFERED, WAITLISTED, WAITLISTED]),
        (9, Seats(9, 5, 0), [CONFIRMED, CONFIRMED, OFFERED, OFFERED, OFFERED]),
    ],
)
async def test_more_seats_serve_the_queue_and_fewer_take_nobodys_away(
    home: House, capacity: int, seats: Seats, after: list[Status]
) -> None:
    await home.register(1, 2, 3, 4, 5)
    await home.set_capacity(capacity)
    assert [status for _, status in await home.statuses()] == after
    async with home.database.transaction() as tx:
        assert await registrations.seats(tx, "talk") == seats
    assert [key for _, key, _ in await home.outbox()] == [
        f"offer:{number}" for number, status in enumerate(after, 1) if status is OFFERED
    ]


async def test_seats_given_back_are_not_given_out_again_until_the_number_fits(home: House) -> None:
    await home.register(1, 2, 3)
    await home.set_capacity(1)
    await home.cancel(1, 1)
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (3, WAITLISTED)]
    await home.cancel(2, 2)
    assert await home.statuses() == [(1, CANCELLED), (2, CANCELLED), (3, OFFERED)]


async def test_a_restart_with_more_seats_in_the_file_serves_the_queue(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.register(1, 2, 3)
    async with house(tmp_path, event(session(capacity=3))) as home:
        assert await home.statuses() == [(1, CONFIRMED), (2, CONFIRMED), (3, OFFERED)]
    async with house(tmp_path, event(session(capacity=3))) as home:
        assert await home.outbox() == [(3, "offer:3", "waiting")]


async def test_somebody_added_by_name_gets_a_seat_and_no_message(home: House) -> None:
    await home.register(1, 2)
    async with home.database.transaction() as tx:
        await registrations.add(tx, None, "A guest", "talk", WAITLISTED, await arrival(tx), NOON)
    await home.cancel(1, 1)
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (None, OFFERED)]
    assert await home.outbox() == []
    home.clock.moment = HELD_UNTIL
    await home.lapse_offers()
    assert await home.statuses() == [(1, CANCELLED), (2, CONFIRMED), (None, CANCELLED)]
    assert await home.outbox() == []


async def test_a_session_that_left_the_file_is_given_back_in_silence(tmp_path: Path) -> None:
    async with house(tmp_path, event(session(), session("gone"))) as home:
        await home.register(1, 2, 3, session="gone")
        await home.cancel(1, 1)
    async with house(tmp_path, event(session()), HELD_UNTIL) as home:
        await home.lapse_offers()
        assert await home.statuses("gone") == [(1, CANCELLED), (2, CONFIRMED), (3, CANCELLED)]
        assert await home.outbox() == [(3, "offer:3", "withdrawn")]


T = TypeVar("T")
SESSIONS = ("talk", "workshop")
PEOPLE = (1, 2, 3, 4, 5)
TWO_SESSIONS = event(session(capacity=2), session("workshop", capacity=1, start=START + 24 * HOUR, end=None))
people_ids, session_ids = st.sampled_from(PEOPLE), st.sampled_from(SESSIONS)


class Attendance(RuleBasedStateMachine):
    """Whatever people and coordinators do, in whatever order, the rules of seats and queues hold."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.folder = TemporaryDirectory()
        self.opened = house(Path(self.folder.name), TWO_SESSIONS)
        self.house = self.do(self.opened.__aenter__())
        self.arrivals = 0
        self.taken_before = dict.fromkeys(SESSIONS, 0)

    def do(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.do(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    def number_of(self, holder: int, of: str, *statuses: Status) -> int | None:
        wanted = ", ".join(f"'{each}'" for each in statuses)
        found = self.do(
            self.house.rows(
                f"SELECT number FROM registrations WHERE person = {holder} AND session = '{of}'"
                f" AND status IN ({wanted})"
            )
        )
        return int(str(found[0][0])) if found else None

    @rule(holder=people_ids, of=session_ids)
    def register(self, holder: int, of: str) -> None:
        had = self.number_of(holder, of, CONFIRMED, WAITLISTED, OFFERED)
        outcome = self.do(self._register(holder, of))
        if had is not None:
            assert isinstance(outcome, AlreadyRegistered)
            assert outcome.registration.number == had
        elif self.house.now >= self.house.event.sessions_by_id[of].start:
            assert isinstance(outcome, Closed)
        else:
            assert isinstance(outcome, Registered)

    async def _register(self, holder: int, of: str) -> object:
        self.arrivals += 1
        async with self.house.database.transaction() as tx:
            somebody = await self.house.people.meet(tx, person(holder))
            return await self.house.registrations.register(tx, somebody, of, self.arrivals, self.house.now)

    @rule(holder=people_ids, of=session_ids)
    def cancel(self, holder: int, of: str) -> None:
        number = self.number_of(holder, of, CONFIRMED, WAITLISTED, OFFERED)
        if number is not None:
            assert isinstance(self.do(self.house.cancel(holder, number)), Cancelled)

    @rule(holder=people_ids, of=session_ids)
    def accept(self, holder: int, of: str) -> None:
        number = self.number_of(holder, of, OFFERED)
        if number is not None:
            assert isinstance(self.do(self.house.accept(holder, number)), Accepted)

    @rule(holder=people_ids, of=session_ids)
    def refuse(self, holder: int, of: str) -> None:
        number = self.number_of(holder, of, OFFERED)
        if number is not None:
            assert isinstance(self.do(self.house.refuse(holder, number)), Refused)

    @rule(forger=people_ids, number=st.integers(1, 12), wanted=st.sampled_from(["cancel", "accept", "refuse"]))
    def press_a_button_that_is_anothers(self, forger: int, number: int, wanted: str) -> None:
        others = self.do(self.house.rows(f"SELECT 1 FROM registrations WHERE number = {number} AND person <> {forger}"))
        if others:
            assert self.do(getattr(self.house, wanted)(forger, number)) == NothingThere(None)

    @precondition(lambda self: self.house.now < START + 30 * HOUR)
    @rule(minutes=st.sampled_from([1, 10, 60, 6 * 60, 13 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.house.clock.move(timedelta(minutes=minutes))
        self.do(self.house.lapse_offers())

    @rule(of=session_ids, capacity=st.integers(0, 4))
    def set_capacity(self, of: str, capacity: int) -> None:
        self.do(self.house.set_capacity(capacity, of))

    @rule()
    def restart(self) -> None:
        self.do(self.house.open_doors())

    @rule(holder=people_ids)
    def delete_my_data(self, holder: int) -> None:
        self.do(self._delete(holder))
        assert self.do(self.house.rows(f"SELECT 1 FROM registrations WHERE person = {holder}")) == []

    async def _delete(self, holder: int) -> None:
        async with self.house.database.transaction() as tx:
            await Privacy(self.house.event, self.house.registrations).delete(tx, holder, self.house.now)

    @invariant()
    def the_rules_hold(self) -> None:
        self.do(self._check())

    async def _check(self) -> None:
        async with self.house.database.transaction() as tx:
            seats = await registrations.all_seats(tx)
            active = await registrations.expected(tx)
            came = {row["number"]: row["arrival"] for row in await tx.all("SELECT number, arrival FROM registrations")}
            notices = [row["key"] for row in await tx.all("SELECT key FROM outbox WHERE state = 'waiting'")]
        for of in SESSIONS:
            here = [each for each in active if each.session == of]
            self._check_seats(of, seats[of])
            assert len({each.person for each in here}) == len(here)
            waiting = sorted((each for each in here if each.position is not None), key=lambda each: each.position or 0)
            assert [each.position for each in waiting] == list(range(1, len(waiting) + 1))
            seated = [each for each in here if each.position is None]
            # Whoever has a seat came before all who wait, and who wait stand as they came.
            order = [*sorted(came[each.number] for each in seated), *(came[each.number] for each in waiting)]
            assert order == sorted(order)
        # One that was taken before its notice left is found out when the notice's turn comes.
        told = [each for each in active if each.status is OFFERED or f"offer:{each.number}" in notices]
        assert sorted(key for key in notices if key.startswith("offer:")) == sorted(f"offer:{n.number}" for n in told)
        assert {each.status for each in told} <= {OFFERED, CONFIRMED}

    def _check_seats(self, of: str, seats: Seats) -> None:
        # Only lowering the capacity may leave more taken than there are, and that never grows.
        assert seats.taken <= max(seats.capacity, self.taken_before[of])
        self.taken_before[of] = seats.taken
        if self.house.now < self.house.event.sessions_by_id[of].start:
            assert seats.free == 0 or seats.waiting == 0


TestAttendance = Attendance.TestCase
TestAttendance.settings = settings(deadline=None, max_examples=40, stateful_step_count=30)


async def test_the_schema_stands_behind_the_rules(home: House) -> None:
    """What no rule here can do by mistake: the database refuses the seat that is not there."""
    await home.register(1, 2)
    with pytest.raises(sqlite3.IntegrityError, match="session is full"):
        async with home.database.transaction() as tx:
            await registrations.add(tx, None, "One too many", "talk", CONFIRMED, 99, NOON)
    assert await home.statuses() == [(1, CONFIRMED), (2, CONFIRMED)]

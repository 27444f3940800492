"""Who is written to, once each, and what is kept of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.attendance.audience import Audience
from bot.attendance.registration import Status
from bot.storage import audiences, broadcasts, outbox, people, registrations
from bot.storage.broadcasts import Tally, Unreached
from bot.storage.database import Database, Transaction
from bot.storage.outbox import Due, Finished, Item, Lane
from tests.builders import NOON, person

HOUR = timedelta(hours=1)
DUE = NOON


async def somebody(tx: Transaction, id: int, status: Status, at: datetime = NOON - HOUR, session: str = "talk") -> None:
    await people.save(tx, person(id))
    number = await registrations.add(tx, id, f"Person {id}", session, Status.WAITLISTED, id, at)
    if status is Status.CONFIRMED:
        await registrations.confirm(tx, number, at)
    elif status is Status.OFFERED:
        await registrations.offer(tx, number, NOON + HOUR)
    elif status is Status.CANCELLED:
        await registrations.cancel(tx, number, at)


async def a_crowd(tx: Transaction) -> None:
    """One of each: who is what stands in the number."""
    await registrations.adopt_sessions(tx, [("talk", 99), ("other", 99)])
    await somebody(tx, 1, Status.CONFIRMED)
    await somebody(tx, 2, Status.OFFERED)
    await somebody(tx, 3, Status.WAITLISTED)
    await somebody(tx, 4, Status.CANCELLED)
    await somebody(tx, 5, Status.CONFIRMED, session="other")
    await somebody(tx, 6, Status.CONFIRMED, at=DUE)
    await somebody(tx, 7, Status.CONFIRMED, at=DUE + timedelta(milliseconds=1))
    await somebody(tx, 8, Status.CONFIRMED)
    await people.mute(tx, 8, frozenset({"day-before"}))
    await somebody(tx, 9, Status.CONFIRMED)
    await people.mute(tx, 9, frozenset({"hour-before"}))
    await somebody(tx, 10, Status.CONFIRMED)
    await people.mark_unreachable(tx, 10, NOON)
    await people.save(tx, person(11))
    await registrations.add(tx, None, "A guest", "talk", Status.CONFIRMED, 12, NOON - HOUR)


async def remind(
    tx: Transaction, key: str = "reminder", rule: str | None = "day-before", lead: int | None = None, at_once: int = 99
) -> int:
    """How many are queued, a part at a time."""
    before = await tx.value("SELECT count(*) FROM outbox")
    due, after = Due(key, "talk", rule, lead, DUE, NOON + HOUR), 0
    while (last := await outbox.remind(tx, due, "{}", NOON, after, at_once)) is not None:
        after = last
    return int(await tx.value("SELECT count(*) FROM outbox")) - int(before)


async def test_a_reminder_goes_to_those_who_held_a_seat_when_it_was_due_and_want_it(database: Database) -> None:
    async with database.transaction() as tx:
        await a_crowd(tx)
        assert await remind(tx) == 3
        assert tx.has_notices
        assert await outbox.waiting(tx, Lane.NOTICE, 0, 99) == [
            Item(number, f"reminder:{chat}", Lane.NOTICE, chat, "{}", NOON, NOON + HOUR, 0, None)
            for number, chat in ((1, 1), (2, 6), (3, 9))
        ]


async def test_nobody_is_reminded_twice_and_whoever_comes_back_is_not_left_out(database: Database) -> None:
    async with database.transaction() as tx:
        await a_crowd(tx)
        await remind(tx)
        await outbox.finish(tx, [Finished(await item(tx, 1), "sent", NOON, message=5)])
        await people.mark_reachable(tx, 10)
        assert await remind(tx) == 1
        assert await remind(tx) == 0
        assert await remind(tx, "of another start") == 4


async def fill(tx: Transaction, number: int, at_once: int = 99) -> list[bool]:
    """Queues a broadcast, a part at a time; what each part says of being the last."""
    ends: list[bool] = []
    while not ends or not ends[-1]:
        found = await broadcasts.find(tx, number)
        assert found is not None
        ends.append(await broadcasts.fill(tx, found, NOON, at_once))
    return ends


async def item(tx: Transaction, number: int) -> Item:
    for lane in Lane:
        for each in await outbox.waiting(tx, lane, number - 1, 1):
            if each.number == number:
                return each
    raise LookupError(number)


async def test_a_broadcast_goes_to_everybody_with_a_registration_that_is_not_cancelled(database: Database) -> None:
    async with database.transaction() as tx:
        await a_crowd(tx)
        await somebody(tx, 1, Status.WAITLISTED, session="other")
        number = await broadcasts.draft(tx, 900, "{}", NOON)
        assert await audiences.count(tx, Audience()) == 9
        assert await fill(tx, number, at_once=4) == [False, False, True]
        assert await fill(tx, number) == [True]
        rows = await tx.all("SELECT key, lane, chat, state, reason, broadcast FROM outbox ORDER BY number")
        assert [tuple(row) for row in rows] == [
            (f"broadcast:1:{id}", 2, id, "blocked" if id == 10 else "waiting", "blocked" if id == 10 else None, 1)
            for id in (1, 2, 3, 5, 6, 7, 8, 9, 10)
        ]
        assert await broadcasts.tally(tx, number) == Tally(8, 0, (("blocked", 1),))


async def test_a_tally_adds_up(database: Database) -> None:
    async with database.transaction() as tx:
        await a_crowd(tx)
        number = await broadcasts.draft(tx, 900, "{}", NOON)
        await fill(tx, number)
        ends = [("sent", None), ("gave up", "refused"), ("gave up", "unreachable"), ("blocked", "blocked")]
        await outbox.finish(
            tx, [Finished(await item(tx, index), end, NOON, reason=why) for index, (end, why) in enumerate(ends, 1)]
        )
        tally = await broadcasts.tally(tx, number)
        assert tally == Tally(4, 1, (("blocked", 2), ("refused", 1), ("unreachable", 1)))
        assert tally.not_reached == 4
        missed = [
            Unreached("Person 10", None, "blocked"),
            Unreached("Person 2", None, "refused"),
            Unreached("Person 3", None, "unreachable"),
            Unreached("Person 5", None, "blocked"),
        ]
        assert await broadcasts.unreached(tx, number) == missed
        assert await broadcasts.unreached(tx, number, 2) == missed[:2]


async def test_a_notice_is_queued_once_whatever_became_of_it(database: Database) -> None:
    async with database.transaction() as tx:
        assert await outbox.notify(tx, "offer:1", 1, "one", NOON)
        assert not await outbox.notify(tx, "offer:1", 1, "another", NOON)
        await outbox.finish(tx, [Finished(await item(tx, 1), "sent", NOON, message=77)])
        assert not await outbox.notify(tx, "offer:1", 1, "another", NOON)
        assert await outbox.key_of_message(tx, 1, 77) == "offer:1"
        assert await outbox.key_of_message(tx, 2, 77) is None
        rows = await tx.all("SELECT key, content, state, message FROM outbox")
        assert [tuple(row) for row in rows] == [("offer:1", None, "sent", 77)]


async def test_a_reply_leaves_no_trace_once_it_is_sent(database: Database) -> None:
    async with database.transaction() as tx:
        queued = await outbox.reply(tx, 1, "hello", NOON, NOON + HOUR)
        assert queued == Item(1, None, Lane.REPLY, 1, "hello", NOON, NOON + HOUR, 0, None)
        assert await outbox.waiting(tx, Lane.REPLY, 0, 99) == [queued]
        assert not tx.has_notices
        await outbox.finish(tx, [Finished(queued, "sent", NOON, message=5)])
        assert await tx.value("SELECT count(*) FROM outbox") == 0


async def test_what_was_sent_cannot_be_taken_back(database: Database) -> None:
    async with database.transaction() as tx:
        for key in ("sent", "waiting"):
            await outbox.notify(tx, key, 1, "text", NOON)
        await outbox.finish(tx, [Finished(await item(tx, 1), "sent", NOON)])
        for key in ("sent", "waiting", "unknown"):
            await outbox.withdraw(tx, key, "cancelled", NOON)
        rows = await tx.all("SELECT key, state, content, reason FROM outbox ORDER BY number")
        assert [tuple(row) for row in rows] == [
            ("sent", "sent", None, None),
            ("waiting", "withdrawn", None, "cancelled"),
        ]


async def test_each_lane_is_read_in_order_and_in_portions(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(1, 6):
            await outbox.notify(tx, f"notice:{number}", number % 2, "text", NOON)
            await outbox.reply(tx, 1, "text", NOON, None)
        assert [each.number for each in await outbox.waiting(tx, Lane.NOTICE, 0, 3)] == [1, 3, 5]
        assert [each.number for each in await outbox.waiting(tx, Lane.NOTICE, 5, 3)] == [7, 9]
        assert [each.number for each in await outbox.waiting(tx, Lane.REPLY, 4, 99)] == [6, 8, 10]
        assert await outbox.waiting(tx, Lane.BULK, 0, 99) == []


@pytest.mark.parametrize(("days", "left"), [(1, ["old", "new", "waiting"]), (0, ["new", "waiting"])])
async def test_what_ended_long_ago_is_dropped_and_what_waits_never(
    database: Database, days: int, left: list[str]
) -> None:
    async with database.transaction() as tx:
        for key in ("old", "new", "waiting"):
            await outbox.notify(tx, key, 1, "text", NOON - timedelta(days=365))
        ended = Finished(await item(tx, 1), "sent", NOON - HOUR)
        await outbox.finish(tx, [ended, replace(ended, item=await item(tx, 2), at=NOON)])
        await outbox.prune(tx, NOON - timedelta(days=days))
        assert [row["key"] for row in await tx.all("SELECT key FROM outbox ORDER BY number")] == left

"""Reminders are queued once each, by whoever asks and however often."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.messages.message import ReminderDue, to_json
from bot.services.reminders import Reminders
from tests.builders import DAY_BEFORE, END, FOLLOW_UP, START, House, at, event, house, session

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def tick(home: House, reminders: Reminders, now: datetime) -> int:
    """What happens every second; how many messages that queues."""
    home.clock.moment = now
    before = len(await home.outbox())
    await reminders.queue_due(home.database, now, lambda: None)
    return len(await home.outbox()) - before


def key(rule: str, person: int, start: str = "20191009T143000") -> str:
    return f"reminder:talk:{rule}:{start}:{person}"


async def test_each_rule_reaches_everybody_with_a_seat_once(home: House) -> None:
    await home.register(1, 2, 3)
    reminders = Reminders(home.event)
    moments = [
        (START - DAY - timedelta(milliseconds=1), 0),
        (START - DAY, 2),
        (START - DAY + timedelta(seconds=1), 0),
        (START - HOUR, 2),
        (START - MINUTE, 0),
        (END + 10 * MINUTE, 2),
        (END + 12 * HOUR, 0),
    ]
    assert [await tick(home, reminders, moment) for moment, _ in moments] == [number for _, number in moments]
    assert [chat_and_key[:2] for chat_and_key in await home.outbox()] == [
        (person, key(rule, person)) for rule in ("day-before", "hour-before", "follow-up") for person in (1, 2)
    ]


async def test_a_reminder_says_what_it_is_about_and_until_when_it_is_of_use(home: House) -> None:
    await home.register(1)
    await tick(home, Reminders(home.event), START - DAY)
    rows = await home.rows("SELECT lane, content, expires_at / 1000 FROM outbox")
    assert rows == [(1, to_json(ReminderDue("talk", "day-before")), int(START.timestamp()))]


async def test_a_restart_asks_once_more_and_queues_nothing_twice(home: House) -> None:
    await home.register(1, 2)
    assert await tick(home, Reminders(home.event), START - DAY) == 2
    assert await tick(home, Reminders(home.event), START - DAY) == 0
    assert await tick(home, Reminders(home.event), START - DAY + HOUR) == 0
    assert len(await home.outbox()) == 2


async def test_a_process_asks_the_database_once(home: House) -> None:
    reminders = Reminders(home.event)
    due = reminders.due(START - DAY)
    assert [(lead, each.rule) for lead, each in due] == [(None, DAY_BEFORE)]
    assert reminders.due(START - DAY) == due
    await reminders.queue_due(home.database, START - DAY, lambda: None)
    assert reminders.due(START - DAY) == []


async def test_what_was_missed_while_the_bot_was_down_is_queued_as_long_as_it_is_of_use(home: House) -> None:
    await home.register(1)
    assert await tick(home, Reminders(home.event), START - 2 * DAY) == 0
    assert await tick(home, Reminders(home.event), START - MINUTE) == 2
    assert await tick(home, Reminders(home.event), START) == 0
    assert await tick(home, Reminders(home.event), END + 12 * HOUR) == 1


async def test_who_takes_a_seat_after_the_clock_was_set_back_is_reminded_when_it_comes_there_again(home: House) -> None:
    await home.register(1)
    reminders = Reminders(home.event)
    assert await tick(home, reminders, START - DAY) == 1
    assert await tick(home, reminders, START - DAY - 2 * HOUR) == 0
    await home.register(2)
    assert await tick(home, reminders, START - DAY) == 1
    assert [chat for chat, _, _ in await home.outbox()] == [1, 2]


async def test_down_from_before_until_the_start_nobody_is_reminded_of_what_has_begun(home: House) -> None:
    await home.register(1)
    assert await tick(home, Reminders(home.event), START) == 0
    assert await home.outbox() == []


async def test_who_registers_after_the_moment_is_not_reminded_of_what_they_have_just_read(home: House) -> None:
    await home.register(1)
    await tick(home, Reminders(home.event), START - DAY)
    home.clock.moment = START - DAY + MINUTE
    await home.register(2)
    assert await tick(home, Reminders(home.event), START - DAY + 2 * MINUTE) == 0
    assert await tick(home, Reminders(home.event), START - HOUR) == 2


async def test_who_takes_an_offered_seat_late_gets_what_comes_after(home: House) -> None:
    await home.register(1, 2, 3)
    home.clock.moment = START - DAY - HOUR
    await home.cancel(1, 1)
    assert await tick(home, Reminders(home.event), START - DAY) == 1
    home.clock.move(HOUR)
    await home.accept(3, 3)
    assert await tick(home, Reminders(home.event), home.now) == 0
    assert await tick(home, Reminders(home.event), START - HOUR) == 2


async def test_a_session_that_moves_is_reminded_of_anew(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.register(1)
        await tick(home, Reminders(home.event), START - DAY)
    moved = event(session(start=START + 3 * DAY, end=None))
    async with house(tmp_path, moved, START) as home:
        assert await tick(home, Reminders(moved), START) == 0
        assert await tick(home, Reminders(moved), START + 2 * DAY) == 1
        assert [chat_and_key[1] for chat_and_key in await home.outbox()] == [
            key("day-before", 1),
            key("day-before", 1, "20191012T143000"),
        ]


async def test_in_the_night_when_the_clocks_change_the_day_before_is_at_the_same_time_of_day(tmp_path: Path) -> None:
    start = at("2019-10-27 16:30")
    autumn = event(session(start=start, end=None), reminders=(DAY_BEFORE,))
    async with house(tmp_path, autumn, start - 2 * DAY) as home:
        await home.register(1)
        reminders = Reminders(autumn)
        assert await tick(home, reminders, at("2019-10-26 16:29:59")) == 0
        assert await tick(home, reminders, at("2019-10-26 16:30")) == 1


async def test_sessions_are_reminded_of_one_by_one(tmp_path: Path) -> None:
    both = event(session(), session("workshop", start=START, end=None), reminders=(FOLLOW_UP,))
    async with house(tmp_path, both) as home:
        await home.register(1)
        await home.register(1, 2, session="workshop")
        reminders = Reminders(both)
        assert await tick(home, reminders, START + 10 * MINUTE) == 2
        assert await tick(home, reminders, END + 10 * MINUTE) == 1

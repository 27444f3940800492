"""A reminder of one's own: as long before a session as one likes, once, and not beside an equal one of the event."""

from datetime import datetime, timedelta

import pytest

from tests.e2e.announcing import settled
from tests.e2e.stage import Stage, Visitor, captions, text_of

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def ada(stage: Stage) -> Visitor:
    """Somebody with a seat who hears of no other reminder: five hours before the session, both of the day are over or
    off."""
    await stage.set_clock(START - timedelta(hours=5))
    visitor = await stage.person(101)
    await visitor.register()
    await visitor.press(await visitor.ask("/reminders"), "🔔 1 hour before")
    return visitor


@pytest.fixture
async def bob(stage: Stage, ada: Visitor) -> Visitor:
    """Somebody whose own reminders show that the bot has looked at the clock."""
    visitor = await stage.person(102, "Bob")
    await visitor.register()
    return visitor


async def minutes_before(stage: Stage, bob: Visitor, minutes: int) -> None:
    """Moves the clock there and a minute on, each time until Bob is reminded of that: whatever else was due then has
    been queued when the second one comes."""
    for left in (minutes, minutes - 1):
        await bob.ask(f"/reminders {left} minutes")
        await stage.set_clock(START - left * MINUTE)
        await bob.hears(f"starts in {left} minutes.")


async def reminded(visitor: Visitor) -> list[tuple[str, int]]:
    """What is left according to each reminder, and how many seconds before the session it came."""
    return [
        (text_of(each).splitlines()[0].partition(" starts in ")[2], round(START.timestamp() - each["date"]))
        for each in await visitor.messages()
        if " starts in " in text_of(each)
    ]


async def test_chosen_by_a_button_it_comes_at_its_moment(stage: Stage, ada: Visitor) -> None:
    chosen = await ada.press(await ada.ask("/reminders"), "30 minutes")
    assert [each for each in captions(chosen) if each.startswith("● ")] == ["● 30 minutes"]
    await stage.set_clock(START - 30 * MINUTE - 3 * SECOND)
    assert await reminded(ada) == []
    await ada.hears("starts in 30 minutes.")
    [(left, before)] = await reminded(ada)
    assert (left, before in (1800, 1799)) == ("30 minutes.", True)


async def test_written_it_survives_a_kill_and_comes_once(stage: Stage, ada: Visitor, bob: Visitor) -> None:
    chosen = await ada.ask("/reminders 45 minutes")
    assert [each for each in captions(chosen) if each.startswith("● ")] == ["● 45 minutes"]
    await stage.bot.kill()
    await stage.bot.start()
    await stage.set_clock(START - 45 * MINUTE)
    await ada.hears("starts in 45 minutes.")
    await settled(stage)
    await stage.bot.kill()
    await stage.bot.start()
    await minutes_before(stage, bob, 40)
    assert [left for left, _ in await reminded(ada)] == ["45 minutes."]


async def test_where_the_event_reminds_at_the_same_moment_it_is_not_doubled(
    stage: Stage, ada: Visitor, bob: Visitor
) -> None:
    """Ada has switched the event's own off, Cyd has not: each hears it once."""
    cyd = await stage.person(103, "Cyd")
    await cyd.register()
    for each in (ada, cyd):
        await each.press(await each.ask("/reminders"), "1 hour")
    await stage.set_clock(START - 60 * MINUTE)
    for each in (ada, cyd):
        await each.hears("starts in 1 hour.")
    await minutes_before(stage, bob, 50)
    assert [[left for left, _ in await reminded(each)] for each in (ada, cyd)] == [["1 hour."], ["1 hour."]]


async def test_chosen_after_its_moment_it_sends_nothing(stage: Stage, ada: Visitor, bob: Visitor) -> None:
    await stage.set_clock(START - 20 * MINUTE)
    await ada.press(await ada.ask("/reminders"), "30 minutes")
    await minutes_before(stage, bob, 10)
    assert await reminded(ada) == []


async def test_given_up_again_it_does_not_come(stage: Stage, ada: Visitor, bob: Visitor) -> None:
    chosen = await ada.ask("/reminders 45 minutes")
    none = await ada.press(chosen, "None of my own")
    assert [each for each in captions(none) if each.startswith("● ")] == ["● None of my own"]
    await minutes_before(stage, bob, 44)
    assert await reminded(ada) == []

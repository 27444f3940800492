"""A session that the knowledge file has moved: those concerned hear of it once, everybody else nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.e2e.announcing import settled, two_sessions
from tests.e2e.stage import Stage, Visitor, captions, staged, text_of
from tests.e2e.test_registrations import event_with

TITLE = "Smart Specialisation: trans-regional innovation and investment opportunities for EU regions and SMEs"
NOTICED = "Please note: "


@asynccontextmanager
async def one_seat(folder: Path) -> AsyncIterator[tuple[Stage, Path, list[Visitor]]]:
    """A bot on an event of its own, with Ada in its only seat, Bob in the queue, and Cyd, who only asked something."""
    path = Path(event_with(folder, "capacity: 120", "capacity: 1"))
    async with staged(folder, KNOWLEDGE_FILE=str(path)) as stage:
        people = [await stage.person(id, name) for id, name in ((101, "Ada"), (102, "Bob"), (103, "Cyd"))]
        for each in people[:2]:
            await each.register()
        await people[2].ask("/help")
        await (await stage.coordinator()).ask("/stats")
        yield stage, path, people
        assert stage.bot.complaints == []


async def edit(stage: Stage, path: Path, *changes: tuple[str, str]) -> None:
    """Stops the bot, changes the knowledge file, and starts it again."""
    await stage.bot.stop()
    text = path.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    await stage.bot.start()
    await stage.bot.running()


async def noticed(visitor: Visitor) -> list[str]:
    return [text for text in await visitor.heard() if NOTICED in text or "in the knowledge file" in text]


async def test_a_new_time_and_room_are_told_once_to_those_with_a_seat_or_in_the_queue(tmp_path: Path) -> None:
    async with one_seat(tmp_path) as (stage, path, [ada, bob, cyd]):
        clara = await stage.coordinator()
        times = (("2019-10-09T16:30", "2019-10-10T10:00"), ("2019-10-09T19:00", "2019-10-10T12:30"))
        await edit(stage, path, *times, ("room: 313+315", "room: 201"))
        for each in (ada, bob):
            await each.hears(NOTICED)
        notice = next(each for each in await ada.messages() if NOTICED in text_of(each))
        assert text_of(notice).splitlines()[:3] == [
            f"⚠️ Please note: “{TITLE}” has changed.",
            "🗓 It was planned for Wednesday, 9 October 2019, 16:30–19:00.",
            "📍 It was planned for room 313+315.",
        ]
        assert "🗓 Thursday, 10 October 2019, 10:00–12:30 (Brussels time)\n📍 Room 201" in text_of(notice)
        assert captions(notice) == ["📋 My seat", "↩️ Cancel", "📍 How to get there"]
        await clara.hears(
            f"“{TITLE}” has changed in the knowledge file. I tell the 2 people who are registered for it."
        )
        await settled(stage)
        await stage.bot.kill()
        await stage.bot.start()
        await cyd.ask("/status")
        assert [len(await noticed(each)) for each in (ada, bob, cyd, clara)] == [1, 1, 0, 1]


async def test_reminders_follow_the_new_time(tmp_path: Path) -> None:
    async with one_seat(tmp_path) as (stage, path, [ada, bob, _]):
        await edit(stage, path, ("2019-10-09T16:30", "2019-10-09T18:00"))
        await ada.hears(NOTICED)
        start = datetime.fromisoformat("2019-10-09T18:00:00+02:00")
        await stage.set_clock(start - timedelta(days=1))
        await ada.hears("starts in 1 day.")
        await stage.set_clock(start - timedelta(hours=1, seconds=3))
        assert not any("starts in 1 hour." in text for text in await ada.heard())
        await ada.hears("starts in 1 hour.")
        assert [sum("starts in" in text for text in await each.heard()) for each in (ada, bob)] == [2, 0]


async def test_a_better_title_rings_no_phone(tmp_path: Path) -> None:
    async with one_seat(tmp_path) as (stage, path, people):
        clara = await stage.coordinator()
        await edit(stage, path, (f'title: "{TITLE}"', 'title: "Smart regions"'))
        assert "Smart regions" in text_of(await people[0].ask("/status"))
        assert [await noticed(each) for each in (*people, clara)] == [[], [], [], []]


async def test_a_session_that_is_gone_is_told_to_the_coordinator_alone(tmp_path: Path) -> None:
    path = Path(two_sessions(tmp_path))
    async with staged(tmp_path, KNOWLEDGE_FILE=str(path)) as stage:
        clara, ada = await stage.coordinator(), await stage.person(101)
        await clara.ask("/stats")
        choice = await ada.ask("/register")
        await ada.press(await ada.press(choice, captions(choice)[0]), "✅")
        text = path.read_text("utf-8")
        beginning, end = text.index("  - id: smart-specialisation"), text.index("  - id: workshop")
        await edit(stage, path, (text[beginning:end], ""))
        await clara.hears(
            f"“{TITLE}” (smart-specialisation) is no longer in the knowledge file. 1 person is registered for it and "
            "has not been told."
        )
        await edit(stage, path)
        await ada.ask("/help")
        assert [len(await noticed(each)) for each in (ada, clara)] == [0, 1]


async def test_a_session_that_was_gone_for_a_while_and_is_back_at_another_time_is_told(tmp_path: Path) -> None:
    async with one_seat(tmp_path) as (stage, path, [ada, bob, _]):
        await edit(stage, path, ("  - id: smart-specialisation", "  - id: another"))
        await edit(
            stage, path, ("  - id: another", "  - id: smart-specialisation"), ("2019-10-09T16:30", "2019-10-09T15:30")
        )
        await ada.ask("/status")
        await bob.ask("/status")
        assert [len(await noticed(each)) for each in (ada, bob)] == [1, 1]

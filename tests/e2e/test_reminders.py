"""Reminders and follow-ups: on time, once, in the session's own time, and only to those who hold a seat."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.announcing import written
from tests.e2e.stage import SAMPLE, Stage, Visitor, eventually, staged, text_of

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
END = datetime.fromisoformat("2019-10-09T19:00:00+02:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
async def registered(stage: Stage) -> Visitor:
    ada = await stage.person(101)
    await ada.register()
    return ada


async def reminders_sent(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT key FROM outbox WHERE key LIKE 'reminder:%' AND state = 'sent' ORDER BY key")


async def test_each_reminder_comes_at_its_moment_and_once(stage: Stage, registered: Visitor) -> None:
    for before, left in ((timedelta(days=1), "1 day"), (timedelta(hours=1), "1 hour")):
        await stage.set_clock(START - before - 3 * SECOND)
        assert not any(f"starts in {left}." in text for text in await registered.heard())
        await registered.hears(f"starts in {left}.")
    await stage.set_clock(END + timedelta(minutes=10) - 3 * SECOND)
    assert not any("Agora Village" in text for text in await registered.heard())
    await registered.hears("Agora Village")
    await stage.set_clock(END + timedelta(minutes=11))
    await registered.ask("/status")
    assert len(await reminders_sent(stage)) == 3
    assert sum("starts in" in text for text in await registered.heard()) == 2


async def test_a_reminder_leaves_within_a_second_of_its_moment(stage: Stage) -> None:
    await stage.set_clock(START - timedelta(hours=2))
    ada = await stage.person(101)
    await ada.register()
    due = START - timedelta(hours=1)
    await stage.set_clock(due - 2 * SECOND)
    await ada.hears("starts in 1 hour.")
    sent = [each for each in await ada.messages() if "starts in 1 hour." in text_of(each)]
    late = sent[0]["date"] - due.timestamp()
    assert 0 <= late <= 1


async def test_nobody_without_a_seat_is_reminded(stage: Stage, registered: Visitor) -> None:
    bob = await stage.person(102, "Bob")
    await bob.register()
    await bob.press(await bob.ask("/cancel"), "✅")
    await stage.set_clock(START - timedelta(days=1))
    await registered.hears("starts in 1 day.")
    await bob.ask("/status")
    assert not any("starts in" in text for text in await bob.heard())


async def test_who_registers_late_gets_only_what_still_lies_ahead(stage: Stage) -> None:
    await stage.set_clock(START - timedelta(hours=3))
    ada = await stage.person(101)
    await ada.register()
    await stage.set_clock(START - timedelta(hours=1))
    await ada.hears("starts in 1 hour.")
    assert sum("starts in" in text for text in await ada.heard()) == 1


async def test_one_that_was_missed_is_sent_late_with_the_time_that_is_true_then(
    stage: Stage, registered: Visitor
) -> None:
    await stage.set_clock(START - timedelta(days=1))
    await registered.hears("starts in 1 day.")
    await written(stage)
    await stage.bot.kill()
    await stage.set_clock(START - timedelta(minutes=12, seconds=5))
    await stage.bot.start()
    await registered.hears("starts in 12 minutes.")
    assert sum("starts in" in text for text in await registered.heard()) == 2


async def test_one_that_is_no_longer_useful_is_not_sent(stage: Stage, registered: Visitor) -> None:
    await stage.bot.stop()
    await stage.set_clock(START + timedelta(minutes=1))
    await stage.bot.start()
    await stage.bot.running()
    await registered.ask("/status")
    assert not any("starts in" in text for text in await registered.heard())
    await stage.bot.stop()
    await stage.set_clock(END + timedelta(hours=12, minutes=11))
    await stage.bot.start()
    await stage.bot.running()
    await registered.ask("/status")
    assert not any("Agora Village" in text for text in await registered.heard())


async def test_a_follow_up_that_was_missed_is_sent_within_twelve_hours(stage: Stage, registered: Visitor) -> None:
    await stage.bot.stop()
    await stage.set_clock(END + timedelta(hours=11))
    await stage.bot.start()
    await registered.hears("Agora Village")


async def test_a_session_that_moves_is_reminded_of_at_its_new_time(tmp_path: Path) -> None:
    event = tmp_path / "event.yaml"
    event.write_text(SAMPLE.read_text("utf-8"), "utf-8")
    async with staged(tmp_path, KNOWLEDGE_FILE=str(event)) as stage:
        ada = await stage.person(101)
        await ada.register()
        await stage.set_clock(START - timedelta(days=1))
        await ada.hears("starts in 1 day.")
        await stage.bot.stop()
        moved = event.read_text("utf-8").replace("2019-10-09T16:30", "2019-10-10T10:00")
        event.write_text(moved.replace("2019-10-09T19:00", "2019-10-10T12:30"), "utf-8")
        await stage.bot.start()
        await stage.bot.running()
        await stage.set_clock(datetime.fromisoformat("2019-10-09T15:30:00+02:00"))
        await ada.ask("/status")
        assert not any("starts in 1 hour." in text for text in await ada.heard())
        await stage.set_clock(datetime.fromisoformat("2019-10-10T09:00:00+02:00"))
        await ada.hears("starts in 1 hour.")
        assert any("Thursday, 10 October 2019, 10:00–12:30" in text for text in await ada.heard())


async def test_one_can_switch_a_reminder_off_and_on_again(stage: Stage, registered: Visitor) -> None:
    settings = await registered.ask("/reminders")
    off = await registered.press(settings, "🔔 1 day before")
    await registered.press(off, "🔔 1 hour before")
    on = (await registered.messages())[-1]
    await registered.press(on, "🔕 1 hour before")
    await stage.set_clock(START - timedelta(days=1))
    await stage.set_clock(START - timedelta(hours=1))
    await registered.hears("starts in 1 hour.")
    assert not any("starts in 1 day." in text for text in await registered.heard())


async def test_a_kill_between_due_and_sent_loses_no_reminder_and_repeats_none(stage: Stage) -> None:
    await stage.set_clock(START - timedelta(hours=2))
    people = [await stage.person(1000 + number, f"P{number}") for number in range(20)]
    for each in people:
        await each.register()
    await stage.trouble(latency_ms=150)
    await stage.set_clock(START - timedelta(hours=1))
    await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE key LIKE 'reminder:%'") == [(20,)])
    await stage.bot.kill()
    await stage.trouble(latency_ms=0)
    await stage.bot.start()
    for each in people:
        await each.hears("starts in")
    heard = [text for each in people for text in await each.heard() if "starts in" in text]
    assert 0 <= len(heard) - 20 <= 48

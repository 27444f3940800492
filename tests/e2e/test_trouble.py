"""Trouble on the way to Telegram, with the disk and with the clock: nothing is lost, and the log says it once."""

import resource
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.announcing import draft, gather_registered, heard_by, let_go, said
from tests.e2e.stage import Stage, Visitor, eventually, staged, text_of

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
HOUR = timedelta(hours=1)
NEWS = "Room 315 instead of 313!"
NO_ROOM = 16_384
"""Bytes beyond which no file may be written: less than any database, more than the log."""


def said_in_log(stage: Stage, words: str) -> int:
    return sum(words in line for line in stage.bot.log.splitlines())


def said_more_than_once(stage: Stage) -> list[str]:
    """What the log complains of again and again, without the moments."""
    lines = [line.split(maxsplit=2)[2] for line in stage.bot.log.splitlines() if " WARNING " in line]
    return [line for line, times in Counter(lines).items() if times > 1]


def sent(stage: Stage, kind: str) -> int:
    """How many notices whose key begins so are in people's hands."""
    return int(stage.rows("SELECT count(*) FROM outbox WHERE state = 'sent' AND key LIKE ?", f"{kind}:%")[0][0])


@asynccontextmanager
async def slow_stage(folder: Path) -> AsyncIterator[Stage]:
    """Twenty-five messages a second, so that things can happen in the middle; three hours before the session."""
    async with staged(folder, MESSAGES_PER_SECOND="25") as stage:
        await stage.set_clock(START - 3 * HOUR)
        yield stage
        assert stage.bot.complaints == []


async def test_telegram_goes_away_in_the_middle_of_reminders_and_comes_back(tmp_path: Path) -> None:
    async with slow_stage(tmp_path) as stage:
        people = await gather_registered(stage, 25)
        await stage.set_clock(START - HOUR)
        await eventually(lambda: sent(stage, "reminder") > 3)
        await stage.trouble(down=True)
        await eventually(lambda: said_in_log(stage, "Telegram cannot be reached") > 0)
        await eventually(lambda: said_in_log(stage, "updates cannot be fetched") > 0)
        await stage.fair_weather()
        await people[0].say("/status")
        await people[0].hears("You have a seat", times=2)
        await eventually(lambda: sent(stage, "reminder") == 25, 30)
        heard = await heard_by(people, "starts in")
        [(repeats,)] = stage.rows("SELECT sum(repeats) FROM outbox")
        assert min(heard) == 1
        assert sum(heard) - 25 <= repeats
        assert [
            said_in_log(stage, words)
            for words in ("cannot be reached (", "can be reached again", "cannot be fetched", "come in again")
        ] == [1, 1, 1, 1]


async def test_a_connection_that_breaks_after_telegram_took_the_message_is_told_in_the_report(stage: Stage) -> None:
    people, clara = await gather_registered(stage, 6), await stage.coordinator()
    for each in (people[1], people[4]):
        await stage.trouble(kind="drop_after", method="sendMessage", chat_id=each.id)
    await let_go(stage, clara, await draft(clara, NEWS))
    report = await said(clara, "Your announcement reached 6 people.")
    assert text_of(report).splitlines()[1:] == ["• 2 messages may have arrived twice: Telegram did not answer in time."]
    assert await heard_by(people, NEWS) == [1, 2, 1, 1, 2, 1]
    assert stage.rows("SELECT chat, repeats FROM outbox WHERE repeats > 0 ORDER BY chat") == [(1001, 1), (1004, 1)]


async def test_a_silence_that_telegram_asks_for_holds_for_everything_that_is_said(tmp_path: Path) -> None:
    """Reminders, an announcement, answers and acknowledgements: nothing leaves for two seconds but what was already
    on the wire."""
    async with slow_stage(tmp_path) as stage:
        people, clara = await gather_registered(stage, 15), await stage.coordinator()
        asker = await stage.person(500, "Asker")
        menu = await asker.ask("/start")
        await clara.press(await draft(clara, NEWS), "✅")
        await stage.set_clock(START - HOUR)
        await eventually(lambda: sent(stage, "reminder") + sent(stage, "broadcast") > 3)
        await stage.trouble(kind="429", method="sendMessage", retry_after=2)
        await eventually(lambda: said_in_log(stage, "asks for 2 s of silence") > 0)
        await asker.say("/help")
        await asker.tap(menu, "🔔")
        await asker.hears("Just write")
        await eventually(lambda: sent(stage, "reminder") + sent(stage, "broadcast") == 30, 30)
        calls = [call for call in stage.sandbox.world.journal.calls() if call.method != "getUpdates"]
        [asked] = [call.monotonic for call in calls if call.status == 429]
        in_between = [call for call in calls if asked < call.monotonic < asked + 2]
        assert len(in_between) <= 1
        assert await heard_by(people, "starts in") == await heard_by(people, NEWS) == [1] * 15


@pytest.mark.skipif(sys.platform != "linux", reason="files of another process can be limited on Linux only")
async def test_a_disk_without_room_is_said_once_and_everything_goes_on_when_there_is_room(tmp_path: Path) -> None:
    async with slow_stage(tmp_path) as stage:
        people, clara = await gather_registered(stage, 25), await stage.coordinator()
        await let_go(stage, clara, await draft(clara, NEWS))
        await eventually(lambda: sent(stage, "broadcast") > 3)
        limit_files(stage, NO_ROOM)
        for each in people[:5]:
            await each.say("/status")
        await eventually(lambda: said_in_log(stage, "disk I/O error") > 0)
        asked = len(await stage.calls("getUpdates"))
        await eventually(lambda: asked_again(stage, asked + 2))
        limit_files(stage, resource.RLIM_INFINITY)
        await said(clara, "Your announcement reached 25 people.")
        for each in people[:5]:
            await each.hears("You have a seat", times=2)
        assert await heard_by(people, NEWS) == [1] * 25
        assert said_more_than_once(stage) == []


def limit_files(stage: Stage, size: int) -> None:
    """From now on the running bot can write no file beyond so many bytes."""
    assert stage.bot.process is not None
    resource.prlimit(stage.bot.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def asked_again(stage: Stage, times: int) -> bool:
    return len(await stage.calls("getUpdates")) >= times


async def test_a_database_that_another_program_locks_for_a_while_loses_nothing(tmp_path: Path) -> None:
    async with slow_stage(tmp_path) as stage:
        people, clara = await gather_registered(stage, 25), await stage.coordinator()
        await let_go(stage, clara, await draft(clara, NEWS))
        await eventually(lambda: sent(stage, "broadcast") > 3)
        with closing(sqlite3.connect(stage.database_path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            late = await stage.person(500, "Late")
            await late.say("/register")
            # Longer than the bot waits for a lock before it gives the first try up.
            await eventually(lambda: said_in_log(stage, "database is locked") > 0)
            other.execute("ROLLBACK")
        await late.hears("Shall I keep you a seat")
        await said(clara, "Your announcement reached 25 people.")
        assert await heard_by(people, NEWS) == [1] * 25
        assert said_more_than_once(stage) == []


async def test_a_clock_that_is_set_back_and_forward_again_reminds_everybody_once(stage: Stage) -> None:
    await stage.set_clock(START - 5 * HOUR)
    ada, bob = await stage.person(101), await stage.person(102, "Bob")
    for each in (ada, bob):
        await each.register()
    await stage.set_clock(START - HOUR)
    for each in (ada, bob):
        await each.hears("starts in 1 hour.")
    await stage.set_clock(START - 3 * HOUR)
    cyd = await stage.person(103, "Cyd")
    await cyd.register()
    await cyd.ask("/reminders 150 minutes")
    await stage.set_clock(START - 2.5 * HOUR)
    await cyd.hears("starts in 2 hours 30 minutes.")
    await stage.set_clock(START - HOUR)
    await cyd.hears("starts in 1 hour.")
    await cyd.ask("/reminders 30 minutes")
    await stage.set_clock(START - 0.5 * HOUR)
    await cyd.hears("starts in 30 minutes.")
    assert [await heard_by([each], "starts in") for each in (ada, bob, cyd)] == [[1], [1], [3]]


def block_unnoticed(stage: Stage, person: Visitor, blocked: bool = True) -> None:
    """Blocks the bot without the update that tells of it, as when that was lost."""
    stage.sandbox.world.people[person.id].blocked = blocked


async def tries(stage: Stage, person: Visitor) -> list[int]:
    """How each message to somebody went, by status."""
    calls = await stage.calls("sendMessage")
    return [call["status"] for call in calls if call["params"]["chat_id"] == str(person.id)]


async def test_who_has_blocked_the_bot_is_tried_once_and_not_again_until_they_write(stage: Stage) -> None:
    ada, bob = await stage.person(101), await stage.person(102, "Bob")
    for each in (ada, bob):
        await each.register()
    before = await tries(stage, ada)
    block_unnoticed(stage, ada)
    await stage.set_clock(START - 24 * HOUR)
    await bob.hears("starts in 1 day.")
    await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE state = 'blocked'") == [(1,)])
    await stage.set_clock(START - HOUR)
    await bob.hears("starts in 1 hour.")
    assert await tries(stage, ada) == [*before, 403]
    block_unnoticed(stage, ada, False)
    await ada.ask("/help")
    await stage.set_clock(START + 2.7 * HOUR)
    await ada.hears("Agora Village")
    assert await tries(stage, ada) == [*before, 403, 200, 200]


async def test_who_has_blocked_the_bot_is_tried_once_also_when_two_messages_wait_for_them(stage: Stage) -> None:
    ada, bob = await stage.person(101), await stage.person(102, "Bob")
    for each in (ada, bob):
        await each.register()
    before = await tries(stage, ada)
    await stage.bot.stop()
    block_unnoticed(stage, ada)
    await stage.set_clock(START - HOUR)
    await stage.bot.start()
    await bob.hears("starts in", times=2)
    waiting = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
    await eventually(lambda: stage.rows(waiting) == [(0,)])
    assert await tries(stage, ada) == [*before, 403]


async def test_a_reminder_of_what_has_begun_meanwhile_is_withdrawn_with_its_reason(stage: Stage) -> None:
    await stage.set_clock(START - 3 * HOUR)
    ada = await stage.person(101)
    await ada.register()
    await stage.trouble(down=True)
    await stage.set_clock(START - HOUR)
    await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE key LIKE 'reminder:%'") == [(1,)])
    await stage.set_clock(START)
    await stage.fair_weather()
    reminder = "SELECT state, reason, message FROM outbox WHERE key LIKE 'reminder:%:hour-before:%'"
    await eventually(lambda: stage.rows(reminder) == [("withdrawn", "expired", None)])
    assert await heard_by([ada], "starts in") == [0]

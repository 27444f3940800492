"""Processes that are killed or told to stop in the middle of everything: nothing missing, and little twice."""

import asyncio
import random
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from bot.services.deliveries import CONCURRENCY
from tests.e2e.announcing import COUNTDOWN, draft, gather_registered, heard_by, said, settled
from tests.e2e.stage import Stage, Visitor, eventually, staged, text_of

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
NEWS = "Room 315 instead of 313!"
ANNOUNCEMENTS = [f"{NEWS} ({number} of 3)" for number in (1, 2, 3)]
LEADS = (150, 149, 148)
"""Minutes before the session at which people want a reminder of their own, some each. The clock moves from one to the
next by less than the 150 seconds for which Telegram keeps a press that nobody has fetched."""
KILLS = 7


def perhaps_repeated(stage: Stage) -> list[int]:
    """What each start has said of messages that were on their way."""
    return [int(number) for number in re.findall(r"(\d+) messages were on their way", stage.bot.log)]


async def decided(stage: Stage, number: int) -> None:
    """Waits until the yes to an announcement is on disk."""
    of_it = "SELECT count(*) FROM broadcasts WHERE number = ? AND state <> 'draft'"
    await eventually(lambda: stage.rows(of_it, number) == [(1,)])


async def test_kills_amid_registrations_reminders_and_announcements_lose_nothing_and_repeat_little(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, MESSAGES_PER_SECOND="100") as stage:
        await stage.set_clock(START - timedelta(hours=3))
        seated, clara = await gather_registered(stage, 45), await stage.coordinator()
        leads = {each.id: LEADS[number % 3] for number, each in enumerate(seated)}
        await asyncio.gather(*(each.ask(f"/reminders {leads[each.id]} minutes") for each in seated))
        questions = [await draft(clara, text) for text in ANNOUNCEMENTS]
        newcomers = [await stage.person(2000 + number, f"N{number}") for number in range(40)]
        await stage.trouble(latency_ms=200)

        async def register(visitor: Visitor) -> None:
            await asyncio.sleep(random.uniform(0, 5))
            question = await visitor.ask("/register")
            await visitor.tap(question, "✅")
            await visitor.hears("You have a seat")

        async def announce_and_let_time_pass() -> None:
            for number, (question, minutes) in enumerate(zip(questions, LEADS, strict=True), 1):
                await clara.tap(question, "✅")
                await decided(stage, number)
                await stage.set_clock(START - timedelta(minutes=minutes))
                await asyncio.sleep(1.5)
                await stage.post("clock", {"advance_seconds": COUNTDOWN})

        async def kill_now_and_then() -> None:
            for _ in range(KILLS):
                await asyncio.sleep(random.uniform(0.2, 1.5))
                await stage.bot.kill()
                await stage.bot.start()
                if random.random() < 0.7:  # else it may be killed while it comes up
                    await stage.bot.running()

        killing = asyncio.create_task(kill_now_and_then())
        async with asyncio.timeout(90):
            await asyncio.gather(announce_and_let_time_pass(), *(register(each) for each in newcomers))
            await killing
        await stage.trouble(latency_ms=0)
        await stage.post("clock", {"advance_seconds": COUNTDOWN})
        await settled(stage)
        waiting = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
        await eventually(lambda: stage.rows(waiting) == [(0,)], 30)

        everybody = [*seated, *newcomers]
        rows = await stage.export()
        assert Counter((row["user_id"], row["status"]) for row in rows) == Counter(
            (str(each.id), "confirmed") for each in everybody
        )
        # Newcomers may have come too late for an announcement, but not twice.
        copies = [await heard_by(seated, text) for text in ANNOUNCEMENTS]
        reminders = await heard_by(seated, "starts in 2 hours")
        assert [min(each) for each in (*copies, reminders)] == [1] * 4
        repeats = sum(map(sum, (*copies, reminders))) - 4 * len(seated)
        newcomers_copies = [await heard_by(newcomers, text) for text in ANNOUNCEMENTS]
        repeats += sum(count - 1 for counts in newcomers_copies for count in counts if count)
        counted = int(stage.rows("SELECT sum(repeats) FROM outbox")[0][0])
        assert repeats <= counted <= KILLS * CONCURRENCY
        assert counted == sum(perhaps_repeated(stage))
        assert stage.bot.complaints == []


async def test_told_to_stop_at_a_slow_telegram_it_finishes_what_is_on_the_wire_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, MESSAGES_PER_SECOND="30") as stage:
        people, clara = await gather_registered(stage, 45), await stage.coordinator()
        await clara.press(await draft(clara, NEWS), "✅")
        await stage.trouble(latency_ms=1000)
        await stage.post("clock", {"advance_seconds": COUNTDOWN})
        await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE state = 'sent'") > [(3,)])
        began = asyncio.get_running_loop().time()
        assert await stage.bot.stop() == 0
        assert asyncio.get_running_loop().time() - began < 8
        [(left,)] = stage.rows("SELECT count(*) FROM outbox WHERE broadcast = 1 AND state = 'waiting'")
        assert left == 45 - sum(await heard_by(people, NEWS)) > 0
        assert stage.rows("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(0,)]
        await stage.trouble(latency_ms=0)
        await stage.bot.start()
        report = await said(clara, "Your announcement reached 45 people.")
        assert len(text_of(report).splitlines()) == 1
        assert await heard_by(people, NEWS) == [1] * 45
        assert perhaps_repeated(stage) == []
        assert stage.bot.complaints == []

"""Many at once, and a process that is killed in the middle of it."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any

from tests.e2e.stage import Stage, Visitor, eventually, staged, text_of
from tests.e2e.test_registrations import event_with


async def gather_crowd(stage: Stage, size: int) -> list[Visitor]:
    return [await stage.person(1000 + number, f"P{number}") for number in range(size)]


async def test_200_people_register_while_the_process_is_killed_four_times(stage: Stage) -> None:
    """Nobody unanswered, nobody lost, nobody twice: 120 have a seat, 80 a place in the queue."""
    crowd = await gather_crowd(stage, 200)
    await stage.trouble(latency_ms=20)

    async def come(visitor: Visitor) -> str:
        await asyncio.sleep(random.uniform(0, 4))
        question = await visitor.ask("/register")
        await visitor.tap(question, "✅")
        await visitor.tap(question, "✅")
        await eventually(lambda: settled(visitor), 60)
        return next(text for text in await visitor.heard() if "Your code: " in text or "You are number" in text)

    async def settled(visitor: Visitor) -> bool:
        return any("Your code: " in text or "You are number" in text for text in await visitor.heard())

    async def kill_now_and_then() -> None:
        for _ in range(4):
            await asyncio.sleep(random.uniform(0.6, 0.9))
            await stage.bot.kill()
            await stage.bot.start()

    killer = asyncio.create_task(kill_now_and_then())
    heard = await asyncio.wait_for(asyncio.gather(*(come(each) for each in crowd)), 90)
    await killer
    assert sum("You have a seat" in text for text in heard) == 120
    rows = await stage.export()
    assert Counter(row["user_id"] for row in rows) == Counter(str(each.id) for each in crowd)
    assert Counter(row["status"] for row in rows) == {"confirmed": 120, "waitlisted": 80}
    assert sorted(int(row["position"]) for row in rows if row["position"]) == list(range(1, 81))


async def test_400_people_at_once_for_50_seats_with_doubled_taps(tmp_path: Path) -> None:
    """Exactly 50 seats, and the queue in the order in which Telegram received the taps."""
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 50")) as stage:
        crowd = await gather_crowd(stage, 400)
        await asyncio.gather(*(each.say("/register") for each in crowd))
        await eventually(lambda: stage.rows("SELECT count(*) FROM inbox WHERE state = 'waiting'") == [(0,)], 30)
        questions = {each.id: await the_question(each) for each in crowd}
        order = list(crowd)
        random.shuffle(order)
        for each in order:
            await each.tap(questions[each.id], "✅")
            if random.random() < 0.5:
                await each.tap(questions[each.id], "✅")
        await eventually(lambda: stage.rows("SELECT count(*) FROM registrations") == [(400,)], 30)
        rows = {row["user_id"]: row for row in await stage.export()}
        assert [rows[str(each.id)]["status"] for each in order] == ["confirmed"] * 50 + ["waitlisted"] * 350
        assert [rows[str(each.id)]["position"] for each in order[50:]] == [str(place) for place in range(1, 351)]
        await order[-1].hears("You are number 350 on the waiting list")
        assert stage.bot.complaints == []


async def the_question(visitor: Visitor) -> dict[str, Any]:
    await visitor.hears("Shall I keep you a seat")
    return next(each for each in await visitor.messages() if "Shall I keep" in text_of(each))

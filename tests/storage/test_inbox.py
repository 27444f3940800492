"""Updates are kept once, in order, until their work is done."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.inbox import Letter
from tests.builders import NOON


def update(number: int, text: str = "hello") -> dict[str, Any]:
    return {"update_id": number, "message": {"text": text}}


async def test_updates_wait_in_the_order_in_which_they_came(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(30), update(10)], NOON)
        await inbox.store(tx, [update(20)], NOON)
        waiting = await inbox.waiting(tx, 0, 99)
        assert waiting == [
            Letter(1, json.dumps(update(30)), 0),
            Letter(2, json.dumps(update(10)), 0),
            Letter(3, json.dumps(update(20)), 0),
        ]
        assert [letter.body for letter in waiting] == [update(30), update(10), update(20)]
        assert [letter.number for letter in await inbox.waiting(tx, 1, 1)] == [2]


async def test_an_update_that_comes_again_is_kept_once_done_or_not(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(1), update(1), update(2)], NOON)
        await inbox.done(tx, (await inbox.waiting(tx, 0, 1))[0].number)
        await inbox.store(tx, [update(1), update(2, "changed")], NOON)
        assert [letter.body for letter in await inbox.waiting(tx, 0, 99)] == [update(2)]


async def test_nothing_to_store_is_no_trouble(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [], NOON)
        assert await inbox.waiting(tx, 0, 99) == []


@pytest.mark.parametrize("text", ["", "żółw 🎉", "\x00", "a" * 5000, '"}'])
async def test_every_text_is_kept_as_it_came(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(1, text)], NOON)
        assert [letter.body for letter in await inbox.waiting(tx, 0, 99)] == [update(1, text)]


async def test_half_an_emoji_costs_nobody_the_rest(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(1, "half \ud83c of it"), update(2)], NOON)
        assert [letter.body for letter in await inbox.waiting(tx, 0, 99)] == [update(1, "half ? of it"), update(2)]


async def test_what_is_done_leaves_a_mark_and_no_words(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(1)], NOON)
        await inbox.done(tx, 1)
        rows = await tx.all("SELECT update_id, body, state FROM inbox")
        assert [tuple(row) for row in rows] == [(1, None, "done")]


async def test_tries_are_counted_and_what_is_given_up_is_set_aside(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(1)], NOON)
        assert [await inbox.failed(tx, 1) for _ in range(3)] == [1, 2, 3]
        assert await inbox.waiting(tx, 0, 99) == [Letter(1, json.dumps(update(1)), 3)]
        await inbox.set_aside(tx, 1)
        assert await inbox.waiting(tx, 0, 99) == []
        assert await tx.value("SELECT body IS NOT NULL FROM inbox")


async def test_marks_are_dropped_in_time_and_what_waits_never(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, [update(number) for number in (1, 2, 3)], NOON)
        await inbox.store(tx, [update(4)], NOON + timedelta(days=2))
        for number in (1, 4):
            await inbox.done(tx, number)
        await inbox.set_aside(tx, 2)
        await inbox.prune(tx, NOON + timedelta(days=1))
        rows = await tx.all("SELECT update_id FROM inbox ORDER BY number")
        assert [row["update_id"] for row in rows] == [3, 4]

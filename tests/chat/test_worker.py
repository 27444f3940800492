"""Updates are worked off in order of arrival; one that fails holds up nobody but its sender."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from bot.chat import worker as module
from bot.chat.worker import Worker, private_sender_of, sender_of
from bot.messages.message import Message, to_json
from bot.storage import inbox, outbox, people
from bot.storage.database import SetBack, Transaction
from bot.storage.outbox import Item
from tests.builders import House, NotedMessenger, person

PATIENCE = 5


def letter(number: int, sender: int, text: str = "Hello") -> dict[str, Any]:
    chat = {"id": sender, "type": "private"}
    return {"update_id": number, "message": {"from": {"id": sender}, "chat": chat, "text": text}}


class Echo:
    """An application that answers with what it got, or fails where it is told to."""

    def __init__(self, fails: Callable[[dict[str, Any], int], Exception | None] = lambda raw, tries: None) -> None:
        self.fails = fails
        self.handled: list[int] = []

    async def handle(self, tx: Transaction, arrival: int, raw: dict[str, Any], now: datetime) -> list[Item]:
        number, tries = raw["update_id"], self.handled.count(raw["update_id"])
        self.handled.append(number)
        await people.save(tx, person(raw["message"]["from"]["id"], f"Person of {number}"))
        error = self.fails(raw, tries)
        if error is not None:
            raise error
        content = to_json(Message(f"{number} in place {arrival}"))
        return [await outbox.reply(tx, raw["message"]["from"]["id"], content, now, None)]

    async def apologise(self, tx: Transaction, person: int, now: datetime) -> Item:
        return await outbox.reply(tx, person, to_json(Message("Sorry")), now, None)


@asynccontextmanager
async def working(home: House, application: Echo, messenger: NotedMessenger) -> AsyncIterator[Worker]:
    deliveries = home.deliveries(messenger)
    worker = Worker(home.database, application, deliveries, home.clock)  # type: ignore[arg-type]
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(deliveries.run())]
    try:
        yield worker
    finally:
        worker.stop()
        deliveries.stop()
        await asyncio.wait(tasks)
        for task in tasks:
            task.result()


async def store(home: House, *letters: dict[str, Any]) -> None:
    async with home.database.transaction() as tx:
        await inbox.store(tx, letters, home.now)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for is on disk
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_BETWEEN_TRIES", 0.05)


async def test_letters_are_worked_off_in_the_order_of_arrival(home: House) -> None:
    application, messenger = Echo(), NotedMessenger()
    await store(home, *(letter(100 - number, number) for number in range(1, 6)))
    async with working(home, application, messenger) as worker:
        await until(lambda: len(messenger.handed_over) == 5)
        await store(home, letter(7, 1))
        worker.wake()
        await until(lambda: len(messenger.handed_over) == 6)
    assert application.handled == [99, 98, 97, 96, 95, 7]
    assert messenger.texts == [
        (1, "99 in place 1"),
        (2, "98 in place 2"),
        (3, "97 in place 3"),
        (4, "96 in place 4"),
        (5, "95 in place 5"),
        (1, "7 in place 6"),
    ]
    assert await home.rows("SELECT state, body FROM inbox") == [("done", None)] * 6


async def test_a_letter_that_came_before_is_not_worked_off_again_after_a_restart(home: House) -> None:
    await store(home, letter(1, 1), letter(2, 2))
    for expected in ([1, 2], [3]):
        application, messenger = Echo(), NotedMessenger()
        async with working(home, application, messenger):
            await until(lambda: len(messenger.handed_over) == len(expected))  # noqa: B023
        assert application.handled == expected
        await store(home, letter(1, 1), letter(2, 2), letter(3, 3))


async def test_what_fails_is_tried_three_times_set_aside_and_apologised_for(home: House) -> None:
    application, messenger = (
        Echo(lambda raw, tries: ZeroDivisionError() if raw["update_id"] == 1 else None),
        NotedMessenger(),
    )
    await store(home, letter(1, 1), letter(2, 1), letter(3, 2))
    async with working(home, application, messenger):
        await until(lambda: len(messenger.handed_over) == 3)
    assert application.handled == [1, 3, 1, 1, 2]
    assert messenger.texts == [(2, "3 in place 3"), (1, "Sorry"), (1, "2 in place 2")]
    assert await home.rows("SELECT state, attempts, body IS NULL FROM inbox") == [
        ("set aside", 3, 0),
        ("done", 0, 1),
        ("done", 0, 1),
    ]


async def test_a_try_that_failed_leaves_nothing_and_the_next_may_succeed(home: House) -> None:
    application = Echo(lambda raw, tries: ZeroDivisionError() if tries == 0 else None)
    messenger = NotedMessenger()
    await store(home, letter(1, 1))
    async with working(home, application, messenger):
        await until(lambda: bool(application.handled))
        await until(lambda: len(messenger.handed_over) == 1)
    assert messenger.texts == [(1, "1 in place 1")]
    assert await home.rows("SELECT state, attempts FROM inbox") == [("done", 1)]


async def test_tries_are_counted_across_restarts(home: House) -> None:
    application, messenger = Echo(lambda raw, tries: ZeroDivisionError()), NotedMessenger()
    await store(home, letter(1, 1))
    async with home.database.transaction() as tx:
        assert [await inbox.failed(tx, 1), await inbox.failed(tx, 1)] == [1, 2]
    async with working(home, application, messenger):
        await until(lambda: len(messenger.handed_over) == 1)
    assert (application.handled, messenger.texts) == ([1], [(1, "Sorry")])


async def test_a_database_that_is_busy_costs_no_try_and_is_asked_again_without_further_news(home: House) -> None:
    application = Echo(lambda raw, tries: SetBack("database is locked") if tries == 0 else None)
    messenger = NotedMessenger()
    await store(home, letter(1, 1))
    async with working(home, application, messenger):
        await until(lambda: len(messenger.handed_over) == 1)
    assert (application.handled, messenger.texts) == ([1, 1], [(1, "1 in place 1")])
    assert await home.rows("SELECT attempts FROM inbox") == [(0,)]


async def test_the_log_does_not_quote_what_people_wrote(home: House, caplog: pytest.LogCaptureFixture) -> None:
    application = Echo(lambda raw, tries: ValueError(raw["message"]["text"]))
    messenger = NotedMessenger()
    await store(home, letter(1, 1, "my secret"))
    async with working(home, application, messenger):
        await until(lambda: len(messenger.handed_over) == 1)
    assert "update 1 of the inbox failed with ValueError" in caplog.text
    assert "my secret" not in caplog.text


async def test_a_sender_that_no_database_can_hold_stops_nobody(home: House) -> None:
    application, messenger = Echo(), NotedMessenger()
    await store(home, letter(1, 2**70), letter(2, 2))
    async with working(home, application, messenger):
        await until(lambda: len(messenger.handed_over) == 1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await until(lambda: application.handled.count(1) == 3)
        await store(home, letter(3, 3))
    assert messenger.texts == [(2, "2 in place 2")]
    assert await home.rows("SELECT state FROM inbox LIMIT 1") == [("set aside",)]


@pytest.mark.parametrize(
    ("update", "sender", "private_sender"),
    [
        (letter(1, 7), 7, 7),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, 7, 7),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": 7, "type": "private"}}}},
            7,
            7,
        ),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -7, "type": "group"}}}},
            7,
            None,
        ),
        ({"update_id": 1, "message": {"from": {"id": 7}, "chat": {"id": -7, "type": "supergroup"}}}, 7, None),
        ({"update_id": 1, "channel_post": {"chat": {"id": -7, "type": "channel"}}}, None, None),
        ({"update_id": 1, "message": {"from": {"id": "7"}}}, None, None),
        ({"update_id": 1, "message": {"from": 7}}, None, None),
        ({"update_id": 1, "message": None}, None, None),
        ({"update_id": 1}, None, None),
    ],
)
def test_the_sender_is_read_from_whatever_can_be_read(
    update: dict[str, Any], sender: int | None, private_sender: int | None
) -> None:
    assert (sender_of(update), private_sender_of(update)) == (sender, private_sender)


async def test_updates_that_are_taken_in_are_worked_off_in_the_same_commit(home: House) -> None:
    application, messenger = Echo(), NotedMessenger()
    await store(home, letter(1, 1))
    async with working(home, application, messenger) as worker:
        await worker.take_in([letter(2, 2), letter(3, 3), letter(2, 2)])
        assert await home.rows("SELECT update_id, state FROM inbox") == [(1, "done"), (2, "done"), (3, "done")]
        await until(lambda: len(messenger.handed_over) == 3)
    assert application.handled == [1, 2, 3]


async def test_what_the_database_does_not_take_in_has_not_happened(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    application, messenger = Echo(), NotedMessenger()
    async with working(home, application, messenger) as worker:
        with monkeypatch.context() as patched:
            patched.setattr(inbox, "done", full)
            with pytest.raises(sqlite3.OperationalError):
                await worker.take_in([letter(1, 1)])
        assert await home.rows("SELECT * FROM inbox") == []
        await worker.take_in([letter(1, 1)])
        await until(lambda: len(messenger.handed_over) == 1)
    assert messenger.texts == [(1, "1 in place 1")]


async def test_what_fails_while_it_is_taken_in_is_tried_again_like_anything_else(home: House) -> None:
    application = Echo(lambda raw, tries: ZeroDivisionError() if raw["update_id"] == 1 else None)
    messenger = NotedMessenger()
    async with working(home, application, messenger) as worker:
        await worker.take_in([letter(1, 1), letter(2, 1), letter(3, 2)])
        await until(lambda: len(messenger.handed_over) == 3)
    assert messenger.texts == [(2, "3 in place 3"), (1, "Sorry"), (1, "2 in place 2")]

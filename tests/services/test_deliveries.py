"""Everything in the outbox reaches Telegram, in order, at the allowed pace, whatever happens on the way."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.messages.message import Acknowledge, Message, OfferDue, Sendable, to_json
from bot.services import deliveries as module
from bot.services import lanes, pace
from bot.services.deliveries import CONCURRENCY
from bot.services.notices import Notices
from bot.services.ports import Blocked, Delivery, Refused, Sent, TooMany, Unreachable
from bot.services.reminders import Reminders
from bot.storage import outbox, people
from bot.storage.outbox import Item
from tests.builders import (
    HOUR_BEFORE,
    NOON,
    START,
    House,
    NotedMessenger,
    event,
    everything_arrives,
    house,
    send_all,
    sending,
    session,
    until_nothing_waits,
)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are a hundredth of what they are."""
    for where, name in (
        (module, "FIRST_PAUSE"),
        (module, "LONGEST_PAUSE"),
        (lanes, "SPACING"),
        (pace, "FIRST_SILENCE"),
        (pace, "LONGEST_SILENCE"),
    ):
        monkeypatch.setattr(where, name, getattr(where, name) / 100)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def replies(home: House, *texts: tuple[int, str], expires_in: timedelta | None = None) -> list[Item]:
    """Replies, as (chat, text), queued in one transaction."""
    expires = None if expires_in is None else home.now + expires_in
    async with home.database.transaction() as tx:
        return [await outbox.reply(tx, chat, to_json(Message(text)), home.now, expires) for chat, text in texts]


async def notices(home: House, *texts: tuple[int, str]) -> None:
    async with home.database.transaction() as tx:
        for chat, text in texts:
            await outbox.notify(tx, f"notice:{chat}:{text}", chat, to_json(Message(text)), home.now)


async def bulk(home: House, text: str) -> None:
    """A broadcast to everybody who is registered."""
    await home.announce(Message(text, verbatim=True))


async def ends(home: House) -> list[tuple[object, ...]]:
    """How everything that was not a reply ended, as (chat, state, reason)."""
    return await home.rows("SELECT chat, state, reason FROM outbox WHERE lane <> 0 ORDER BY number")


def failing_first(times: int, with_what: Delivery) -> NotedMessenger:
    """A network that fails so many times and works from then on."""
    return NotedMessenger(lambda _chat, _content, before: with_what if before < times else Sent(1000 + before))


def failing_for(chat: int, with_what: Delivery) -> NotedMessenger:
    """A network that fails for one chat."""
    return NotedMessenger(lambda to, _content, before: with_what if to == chat else Sent(1000 + before))


async def test_each_chat_gets_its_messages_in_order_and_once(home: House) -> None:
    texts = [(number % 3, f"{number:02}") for number in range(30)]
    messenger = NotedMessenger(seconds=0.001)
    await replies(home, *texts)
    await send_all(home, messenger)
    assert [[text for to, text in messenger.texts if to == chat] for chat in range(3)] == [
        [text for to, text in texts if to == chat] for chat in range(3)
    ]


async def test_what_is_queued_in_the_meantime_is_sent_when_the_loop_is_told_of_it(home: House) -> None:
    messenger = NotedMessenger()
    async with sending(home, messenger) as deliveries:
        await asyncio.sleep(0.01)
        deliveries.add(await replies(home, (1, "reply")))
        await until(lambda: len(messenger.texts) == 1)
        await notices(home, (1, "notice"))
        deliveries.wake()
        await until_nothing_waits(home)
    assert messenger.texts == [(1, "reply"), (1, "notice")]
    assert await home.outbox() == [(1, "notice:1:notice", "sent")]


async def test_replies_go_before_notices_and_notices_before_bulk(home: House) -> None:
    await home.register(11, 12)
    await bulk(home, "bulk")
    await notices(home, (21, "notice"), (22, "notice"))
    await replies(home, (31, "reply"), (32, "reply"))
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert [chat for chat, _ in messenger.texts] == [31, 32, 21, 22, 11, 12]


async def test_a_reply_in_the_middle_of_a_broadcast_goes_next(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with house(tmp_path_factory.mktemp("crowd"), event(session(capacity=40))) as home:
        await home.register(*range(1, 41))
        await bulk(home, "bulk")
        messenger = NotedMessenger()
        async with sending(home, messenger, per_second=100) as deliveries:
            await until(lambda: len(messenger.handed_over) >= 5)
            deliveries.add(await replies(home, (99, "reply")))
            await until_nothing_waits(home)
        assert messenger.texts.index((99, "reply")) < 10
        assert len(messenger.texts) == 41


async def test_when_telegram_asks_for_silence_nobody_talks(home: House) -> None:
    moments: list[float] = []

    def judge(_chat: int, _content: Sendable, before: int) -> Delivery:
        moments.append(asyncio.get_running_loop().time())
        return TooMany(0.2) if before == 1 else Sent(before)

    messenger = NotedMessenger(judge)
    await replies(home, *((chat, "hello") for chat in range(1, 7)))
    await send_all(home, messenger, per_second=50)
    assert moments[2] - moments[1] >= 0.2
    assert sorted(chat for chat, _ in messenger.texts) == [1, 2, 2, 3, 4, 5, 6]


async def test_who_has_blocked_the_bot_is_noted_and_not_tried_again(home: House) -> None:
    await home.register(1, 2)
    await notices(home, (1, "notice"), (2, "notice"))
    messenger = failing_for(1, Blocked())
    await send_all(home, messenger)
    assert await ends(home) == [(1, "blocked", "blocked"), (2, "sent", None)]
    assert await home.rows("SELECT id FROM people WHERE unreachable_since IS NOT NULL") == [(1,)]
    await bulk(home, "bulk")
    await send_all(home, messenger)
    assert messenger.texts == [(1, "notice"), (2, "notice"), (2, "bulk")]


async def test_what_telegram_refuses_is_given_up_and_what_follows_is_sent(home: House) -> None:
    await notices(home, (1, "bad"), (1, "good"))
    messenger = NotedMessenger(
        lambda _chat, content, before: Refused("can't parse") if content == Message("bad") else Sent(before)
    )
    await send_all(home, messenger)
    assert messenger.texts == [(1, "bad"), (1, "good")]
    assert await ends(home) == [(1, "gave up", "refused"), (1, "sent", None)]


async def test_what_did_not_get_through_is_tried_again_before_what_follows_it(home: House) -> None:
    await replies(home, (1, "first"), (1, "second"))
    messenger = failing_first(3, Unreachable("timed out"))
    await send_all(home, messenger)
    assert messenger.texts == [(1, "first")] * 4 + [(1, "second")]
    assert await home.outbox() == []


async def test_a_chat_that_is_stuck_holds_nobody_else_up(home: House) -> None:
    await replies(home, (1, "stuck"), (1, "behind it"), *((chat, "hello") for chat in range(2, 9)))
    messenger = failing_for(1, Unreachable("timed out"))
    async with sending(home, messenger):
        await until(lambda: {chat for chat, _ in messenger.texts} == set(range(1, 9)))
        await until(lambda: messenger.texts.count((1, "stuck")) > 2)
    assert (1, "behind it") not in messenger.texts
    assert len([chat for chat, _ in messenger.texts if chat != 1]) == 7
    assert await home.rows("SELECT chat FROM outbox WHERE state = 'waiting'") == [(1,), (1,)]


async def test_many_chats_that_are_stuck_hold_nobody_else_up(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUFFER", 4)
    monkeypatch.setattr(module, "MOST_STUCK", 80)
    monkeypatch.setattr(pace, "FAILING_CHATS", 99)
    await notices(home, *((chat, "stuck") for chat in range(1, 21)), *((chat, "hello") for chat in range(30, 50)))
    messenger = NotedMessenger(
        lambda chat, _content, before: Unreachable("timed out") if chat < 30 else Sent(1000 + before)
    )
    async with sending(home, messenger):
        await until(lambda: {chat for chat, text in messenger.texts if text == "hello"} == set(range(30, 50)))


async def test_an_outage_loses_nothing_and_repeats_only_what_failed(home: House) -> None:
    await replies(home, *((chat, "hello") for chat in range(1, 21)))
    messenger = failing_first(30, Unreachable("no network"))
    await send_all(home, messenger)
    assert {chat for chat, _ in messenger.texts} == set(range(1, 21))
    assert len(messenger.texts) == 20 + 30


@pytest.mark.parametrize(
    ("later", "state"), [(DAY - MINUTE, ("waiting", None)), (DAY, ("gave up", "unreachable"))], ids=["kept", "given up"]
)
async def test_what_cannot_be_sent_is_kept_for_a_day(
    home: House, later: timedelta, state: tuple[str, str | None]
) -> None:
    await notices(home, (1, "notice"))
    home.clock.move(later)
    messenger = failing_for(1, Unreachable("no network"))
    async with sending(home, messenger):
        await until(lambda: len(messenger.handed_over) > 0)
        await asyncio.sleep(0.02)
    assert await ends(home) == [(1, *state)]


async def test_what_may_have_arrived_is_sent_again_counted_and_not_for_ever(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_REPEATS", 3)
    await notices(home, (1, "lost for good"), (2, "lost once"))
    messenger = NotedMessenger(
        lambda chat, _content, before: (
            Unreachable("timed out", unknown_fate=True) if chat == 1 or before < 2 else Sent(7)
        )
    )
    await send_all(home, messenger)
    assert messenger.texts.count((1, "lost for good")) == 3
    assert await home.rows("SELECT chat, state, repeats FROM outbox ORDER BY chat") == [
        (1, "gave up", 3),
        (2, "sent", 1),
    ]


async def test_what_came_too_late_is_not_sent(home: House) -> None:
    await replies(home, (1, "too late"), expires_in=MINUTE)
    await replies(home, (1, "in time"), expires_in=MINUTE + timedelta(milliseconds=1))
    home.clock.move(MINUTE)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert messenger.texts == [(1, "in time")]


async def test_a_new_loop_sends_what_the_last_one_left_and_nothing_twice(home: House) -> None:
    everything = [(chat, f"{number}") for number in range(4) for chat in range(1, 11)]
    await replies(home, *everything)
    before, after = NotedMessenger(seconds=0.002), NotedMessenger()
    async with sending(home, before):
        await until(lambda: len(before.handed_over) >= 15)
    assert len(before.handed_over) < len(everything)
    await send_all(home, after)
    assert sorted(before.texts + after.texts) == sorted(everything)


async def test_what_is_on_the_wire_when_the_loop_stops_is_finished_first(home: House) -> None:
    await notices(home, (1, "notice"))
    messenger = NotedMessenger(seconds=0.05)
    async with sending(home, messenger):
        await until(lambda: messenger.on_the_wire == 1)
    assert await ends(home) == [(1, "sent", None)]


async def test_no_more_than_so_many_messages_are_on_the_wire_at_once(home: House) -> None:
    await replies(home, *((chat, "hello") for chat in range(1, 3 * CONCURRENCY)))
    messenger = NotedMessenger()
    messenger.gate.clear()
    async with sending(home, messenger):
        await until(lambda: messenger.on_the_wire == CONCURRENCY)
        await asyncio.sleep(0.02)
        messenger.gate.set()
        await until_nothing_waits(home)
    assert messenger.most_on_the_wire == CONCURRENCY


async def test_an_end_that_cannot_be_written_is_kept_and_the_message_is_not_sent_again(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notices(home, (1, "notice"))
    finish, failures = outbox.finish, 0

    async def fail_once(*arguments: object) -> None:
        nonlocal failures
        failures += 1
        if failures == 1:
            raise sqlite3.OperationalError("database or disk is full")
        await finish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "finish", fail_once)
    messenger = NotedMessenger()
    async with sending(home, messenger) as deliveries:
        await until(lambda: failures == 1)
        deliveries.wake()
        await until_nothing_waits(home)
    assert messenger.texts == [(1, "notice")]
    assert (await ends(home), failures) == ([(1, "sent", None)], 2)


async def test_a_notice_that_cannot_be_written_yet_is_written_later(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is nobody's fault in particular, and no reason to lose an offer."""
    await home.register(1, 2, 3)
    await home.cancel(1, 1)
    compose, failures = Notices.compose, 0

    async def fail_once(*arguments: object) -> object:
        nonlocal failures
        failures += 1
        if failures == 1:
            raise sqlite3.OperationalError("database or disk is full")
        return await compose(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Notices, "compose", fail_once)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert await ends(home) == [(3, "sent", None)]


async def test_an_outbox_that_cannot_be_read_is_read_later(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await notices(home, (1, "notice"))
    waiting, failures = outbox.waiting, 0

    async def fail_once(*arguments: object) -> object:
        nonlocal failures
        failures += 1
        if failures == 1:
            raise sqlite3.OperationalError("database is locked")
        return await waiting(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "waiting", fail_once)
    messenger = NotedMessenger()
    async with sending(home, messenger) as deliveries:
        await until(lambda: failures == 1)
        deliveries.wake()
        await until_nothing_waits(home)
    assert messenger.texts == [(1, "notice")]


async def test_what_nobody_can_read_is_given_up_and_the_rest_is_sent(home: House) -> None:
    async with home.database.transaction() as tx:
        await outbox.notify(tx, "nonsense", 1, '{"kind": "Nonsense"}', NOON)
    await notices(home, (1, "notice"))
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert messenger.texts == [(1, "notice")]
    assert await ends(home) == [(1, "gave up", "unreachable"), (1, "sent", None)]


@pytest.mark.parametrize("answer", [Sent(), Refused("query is too old"), Unreachable("timed out"), TooMany(9)])
async def test_a_press_is_acknowledged_with_one_try_out_of_turn(home: House, answer: Delivery) -> None:
    async with home.database.transaction() as tx:
        pressed = Acknowledge("77", "Saved")
        items = [await outbox.reply(tx, 1, to_json(pressed), NOON, NOON + MINUTE)]
    messenger = NotedMessenger(lambda _chat, _content, _before: answer)
    async with sending(home, messenger) as deliveries:
        deliveries.add(items)
        await until_nothing_waits(home)
    assert messenger.handed_over == [(1, pressed)]
    assert await home.outbox() == []


async def test_an_offer_that_was_decided_on_before_it_left_is_not_sent(home: House) -> None:
    await home.register(1, 2, 3)
    await home.cancel(1, 1)
    assert await home.rows("SELECT content FROM outbox") == [(to_json(OfferDue(3)),)]
    await home.accept(3, 3)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert messenger.texts == []
    assert await ends(home) == [(3, "withdrawn", "decided")]


@pytest.mark.parametrize(
    ("then", "end"),
    [
        ("cancel", ("withdrawn", "cancelled")),
        ("start", ("withdrawn", "expired")),
        ("nothing", ("sent", None)),
    ],
)
async def test_a_reminder_says_what_is_true_on_arrival_or_nothing(
    home: House, then: str, end: tuple[str, str | None]
) -> None:
    await home.register(1)
    home.clock.moment = START - timedelta(hours=1)
    reminders = Reminders(home.event)
    reminders._queued |= {each.key for _, each in reminders.due(home.now) if each.rule != HOUR_BEFORE}
    await reminders.queue_due(home.database, home.now, lambda: None)
    if then == "cancel":
        await home.cancel(1, 1)
    home.clock.move(timedelta(hours=1) if then == "start" else 48 * MINUTE)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert await ends(home) == [(1, *end)]
    assert [text.split("\n")[0] for _, text in messenger.texts] == (
        ["🔔 <b>Opening talk</b> starts in 12 minutes."] if end[0] == "sent" else []
    )


async def test_a_reply_waits_for_older_replies_that_are_still_on_disk(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUFFER", 4)
    old = [(1, f"{number:02}") for number in range(20)]
    await replies(home, *old)
    messenger = NotedMessenger(seconds=0.001)
    async with sending(home, messenger) as deliveries:
        await until(lambda: len(messenger.handed_over) >= 2)
        deliveries.add(await replies(home, (1, "new")))
        await until_nothing_waits(home)
    assert messenger.texts == [*old, (1, "new")]


async def test_a_message_id_is_kept_so_that_a_reply_to_it_finds_its_question(home: House) -> None:
    await notices(home, (1, "notice"))
    await send_all(home, NotedMessenger(everything_arrives))
    async with home.database.transaction() as tx:
        assert await outbox.key_of_message(tx, 1, 1000) == "notice:1:notice"


async def test_somebody_unknown_who_cannot_be_reached_is_no_trouble(home: House) -> None:
    await notices(home, (1, "notice"))
    await send_all(home, failing_for(1, Blocked()))
    async with home.database.transaction() as tx:
        assert await people.find(tx, 1) is None
    assert await ends(home) == [(1, "blocked", "blocked")]


async def test_a_bug_in_reading_the_outbox_does_not_make_the_bot_mute(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await replies(home, (1, "hello"))
    waiting, failures = outbox.waiting, 0

    async def fail_once(*arguments: object) -> object:
        nonlocal failures
        failures += 1
        if failures == 1:
            raise KeyError("a bug")
        return await waiting(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "waiting", fail_once)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert messenger.texts == [(1, "hello")]

"""Taking updates in: none lost, none twice, in order per person, whatever is in them."""

import asyncio
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.announcing import written
from tests.e2e.stage import Stage, eventually, staged, text_of


def raw_message(update_id: int | None, person: int, text: Any, message_id: int = 50_000) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": f"P{person}"}
    sender = {"id": person, "is_bot": False, "first_name": f"P{person}", "language_code": "en"}
    message = {"message_id": message_id, "date": 1_570_000_000, "chat": chat, "from": sender, "text": text}
    return {"message": message} if update_id is None else {"update_id": update_id, "message": message}


async def test_an_update_that_comes_twice_is_worked_off_once(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    update = raw_message(800_000_000, 101, "/help")
    await stage.post("updates", [update])
    await ada.hears("Just write what you want to know")
    await stage.post("updates", [update, raw_message(800_000_001, 101, "/status")])
    await ada.hears("You have no seat yet")
    assert sum("Just write what you want to know" in text for text in await ada.heard()) == 1


@pytest.mark.parametrize(
    "poison",
    [
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": "soon", "chat": {"id": 666, "type": "private"}, "from": {"id": 666}}},
        {"callback_query": {"id": "1", "from": {"id": 666, "is_bot": False, "first_name": "E"}}},
        {"message": "no object"},
        {"message": raw_message(None, 666, "x")["message"] | {"entities": [{"type": 3}]}},
    ],
    ids=["no date", "date no number", "query without data", "no object", "bad entity"],
)
async def test_what_cannot_be_parsed_is_set_aside_after_three_tries_and_stops_nothing(
    tmp_path: Path, poison: dict[str, Any]
) -> None:
    async with staged(tmp_path) as stage:
        ada = await stage.person(101)
        await stage.person(666, "Eve")
        await stage.post("updates", [poison])
        assert text_of(await ada.ask("/help"))
        await eventually(lambda: stage.rows("SELECT count(*) FROM inbox WHERE state = 'waiting'") == [(0,)])
        assert stage.rows("SELECT attempts FROM inbox WHERE state = 'set aside'") in ([(3,)], [])


async def test_a_person_whose_message_cannot_be_handled_gets_an_apology_and_is_answered_again(stage: Stage) -> None:
    eve, ada = await stage.person(666, "Eve"), await stage.person(101)
    await eve.ask("/start")
    broken = raw_message(None, 666, "hello")
    broken["message"]["date"] = "soon"
    await stage.post("updates", [broken, raw_message(None, 666, "/status")])
    assert text_of(await ada.ask("/help"))
    await eve.hears("Sorry, something went wrong on my side")
    await eve.hears("You have no seat yet")
    texts = await eve.heard()
    assert texts.index(next(t for t in texts if "Sorry" in t)) < texts.index(
        next(t for t in texts if "no seat yet" in t)
    )
    stage.bot._log.write_text("")  # these errors were wanted


async def test_what_one_person_sends_is_answered_in_order(stage: Stage) -> None:
    ada = await stage.person(101)
    await stage.trouble(latency_ms=30)
    commands = ["/status", "/help", "/privacy", "/reminders", "/agenda"] * 4
    for command in commands:
        await ada.say(command)
    beginnings = {
        "/status": "You have no seat",
        "/help": "Just write",
        "/privacy": "🔒",
        "/reminders": "🔔",
        "/agenda": "Smart Spec",
    }

    async def all_answered() -> bool:
        return len(await ada.heard()) >= len(commands)

    await eventually(all_answered)
    heard = await ada.heard()
    assert [text.startswith(beginnings[command]) for command, text in zip(commands, heard, strict=True)] == [True] * 20


async def test_a_hundred_people_are_served_side_by_side(stage: Stage) -> None:
    people = [await stage.person(1000 + number, f"P{number}") for number in range(100)]
    await stage.trouble(latency_ms=300)
    began = time.monotonic()
    for each in people:
        await each.say("/help")
    for each in people:
        await each.hears("Just write")
    assert time.monotonic() - began < 15, "one after another would take thirty seconds"


async def test_one_stuck_chat_holds_nobody_up(stage: Stage) -> None:
    ada, bob = await stage.person(101), await stage.person(102, "Bob")
    await ada.ask("/start")
    await stage.trouble(kind="500", method="sendMessage", chat_id=101, times=3)
    await ada.say("/help")
    assert text_of(await bob.ask("/help"))
    await ada.hears("Just write")


async def test_a_429_is_obeyed_and_nothing_is_lost(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    await stage.trouble(kind="429", method="sendMessage", retry_after=2)
    began = time.monotonic()
    assert text_of(await ada.ask("/help"))
    assert time.monotonic() - began >= 2


async def test_answers_survive_an_api_that_goes_away(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    await stage.trouble(kind="drop_after", method="sendMessage", times=1)
    await stage.trouble(kind="drop_before", method="sendMessage", times=1)
    await ada.say("/help")
    await ada.hears("Just write")
    await stage.trouble(down=True)
    await ada.say("/status")
    await asyncio.sleep(1.5)
    await stage.fair_weather()
    await stage.trouble(down=False)
    await ada.hears("You have no seat yet")


async def test_sigterm_ends_within_eight_seconds_while_people_write(stage: Stage) -> None:
    people = [await stage.person(1000 + number, f"P{number}") for number in range(100)]
    await stage.trouble(latency_ms=500)
    for each in people:
        await each.say("/help")
    began = time.monotonic()
    assert await stage.bot.stop() == 0
    assert time.monotonic() - began < 8
    await stage.trouble(latency_ms=0)
    await stage.bot.start()
    for each in people:
        await each.hears("Just write")
    counts = [len(await each.heard()) for each in people]
    assert sum(counts) - 100 <= 48


async def test_messages_sent_while_the_bot_is_down_are_answered_when_it_is_up(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    await written(stage)
    await stage.bot.kill()
    await ada.say("/help")
    await stage.bot.start()
    await ada.hears("Just write")


async def test_an_update_counts_as_received_only_when_it_is_on_disk(stage: Stage) -> None:
    ada = await stage.person(101)
    for _ in range(5):
        await ada.ask("/help")
    confirmed = (await stage.get("state"))["confirmed_offset"]
    [(stored,)] = stage.rows("SELECT max(update_id) FROM inbox")
    assert confirmed is None or confirmed <= stored + 1


async def test_what_people_wrote_is_erased_from_the_inbox_once_it_is_done(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("my secret question")
    await eventually(lambda: stage.rows("SELECT count(*) FROM inbox WHERE body IS NOT NULL") == [(0,)])


async def test_by_webhook_with_its_secret(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    listen = f"127.0.0.1:{port}"
    async with staged(tmp_path, WEBHOOK_URL=url, WEBHOOK_SECRET="s3cret_-", LISTEN=listen) as stage:
        ada = await stage.person(101)
        assert text_of(await ada.ask("/start"))
        assert (await stage.get("state"))["webhook"]["url"] == url
        forged = raw_message(1, 101, "/help")
        for headers, status in (({}, 403), ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, 403)):
            answer = await stage.client.post(url, json=forged, headers=headers)
            assert answer.status_code == status
        right = {"X-Telegram-Bot-Api-Secret-Token": "s3cret_-"}
        assert (await stage.client.post(url, content=b"{", headers=right)).status_code == 400
        assert (await stage.client.post(url, json=[1], headers=right)).status_code == 400
        assert len(await ada.heard()) == 1
        await ada.register()
        assert await stage.bot.stop() == 0
        await ada.say("/status")
        await stage.bot.start()
        await ada.hears("You have a seat", times=2)
        assert stage.bot.complaints == []


async def test_polling_takes_over_from_a_webhook_without_losing_what_waits(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    await stage.bot.stop()
    token = stage.environment["TELEGRAM_BOT_TOKEN"]
    await stage.client.post(f"/bot{token}/setWebhook", json={"url": "http://127.0.0.1:9/x"})
    await ada.say("/help")
    await stage.bot.start()
    await ada.hears("Just write")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

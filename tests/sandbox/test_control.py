import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Sandbox

from .conftest import ANN
from .wire import Json, Wire


async def test_a_message_becomes_an_update(wire: Wire) -> None:
    told = await wire.tell("messages", {"user_id": ANN, "text": "/start 42"})
    assert told["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert await wire.result("getUpdates") == [{"message": told["message"], "update_id": told["update_id"]}]


async def test_somebody_new_is_made_up(wire: Wire) -> None:
    told = await wire.tell("messages", {"user_id": 55, "text": "hi"})
    assert told["message"]["from"] == {"id": 55, "is_bot": False, "first_name": "User 55"}


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "contact", "document", "forward"])
async def test_everything_people_send_has_a_sample(wire: Wire, kind: str) -> None:
    told = await wire.tell("messages", {"user_id": ANN, kind: True})
    assert ("forward_origin" if kind == "forward" else kind) in told["message"]


async def test_replies_and_edits(wire: Wire) -> None:
    first = (await wire.tell("messages", {"user_id": ANN, "text": "a"}))["message"]
    reply = await wire.tell("messages", {"user_id": ANN, "text": "b", "reply_to_message_id": first["message_id"]})
    assert reply["message"]["reply_to_message"] == first
    await wire.tell("messages", {"user_id": ANN, "text": "c", "edit_message_id": first["message_id"]})
    edited = (await wire.result("getUpdates"))[-1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (first["message_id"], "c")


@pytest.mark.parametrize(
    ("chat_id", "kind", "update", "sender"),
    [(-5, "group", "message", "from"), (-1005, "supergroup", "message", "from")],
)
async def test_groups(wire: Wire, chat_id: int, kind: str, update: str, sender: str) -> None:
    await wire.tell("messages", {"user_id": ANN, "text": "hi", "chat_id": chat_id})
    message = (await wire.result("getUpdates"))[0][update]
    assert (message["chat"]["type"], message[sender]["id"]) == (kind, ANN)
    assert (await wire.call("sendMessage", chat_id=chat_id, text="hi"))["ok"]
    await wire.result("leaveChat", chat_id=chat_id)
    refused = await wire.refusal("sendMessage", chat_id=chat_id, text="hi")
    assert refused == f"Forbidden: bot is not a member of the {kind} chat"


async def test_channels_post_without_a_person(wire: Wire) -> None:
    await wire.tell("chats", {"id": -1009, "type": "channel", "title": "News", "username": "news"})
    await wire.tell("messages", {"user_id": ANN, "text": "hi", "chat_id": -1009})
    post = (await wire.result("getUpdates"))[0]["channel_post"]
    assert (post["sender_chat"]["title"], "from" in post) == ("News", False)
    assert (await wire.result("sendMessage", chat_id="@news", text="hi"))["chat"]["id"] == -1009


@pytest.mark.parametrize("choice", [{"data": "yes"}, {"text": "✅ Go on"}, {"prefix": "✅"}])
async def test_a_button_is_pressed_by_data_caption_or_its_beginning(wire: Wire, choice: Json) -> None:
    sent = await with_buttons(wire)
    told = await wire.tell("presses", {"user_id": ANN, "message_id": sent["message_id"], **choice})
    query = (await wire.result("getUpdates"))[0]["callback_query"]
    assert query == told["callback_query"]
    assert (query["data"], query["message"], query["from"]["id"]) == ("yes", sent, ANN)


async def with_buttons(wire: Wire) -> Json:
    row = [{"text": "✅ Go on", "callback_data": "yes"}, {"text": "Site", "url": "https://a.be"}]
    sent: Json = await wire.result("sendMessage", chat_id=ANN, text="a", reply_markup={"inline_keyboard": [row]})
    return sent


async def test_only_what_is_there_can_be_pressed(wire: Wire) -> None:
    sent = await with_buttons(wire)
    press = {"user_id": ANN, "message_id": sent["message_id"]}
    for wrong in ({"data": "no"}, {"text": "Site"}, {"prefix": "❌"}, {"message_id": 99, "data": "yes"}):
        assert (await wire.tell("presses", {**press, **wrong}))["ok"] is False
    assert await wire.result("getUpdates") == []
    forged = await wire.tell("presses", {**press, "data": "no", "force": True})
    assert forged["callback_query"]["data"] == "no"
    gone = await wire.tell("presses", {**press, "message_id": 99, "data": "no", "force": True})
    assert gone["callback_query"]["message"]["date"] == 0


async def test_waiting_for_a_message_ends_when_it_comes(wire: Wire) -> None:
    waiting = asyncio.create_task(wire.ask(f"chats/{ANN}?timeout=5"))
    await asyncio.sleep(0.05)
    sent = await wire.result("sendMessage", chat_id=ANN, text="a")
    seen = await waiting
    assert seen["messages"] == [sent]
    assert (await wire.ask(f"chats/{ANN}?after={sent['message_id']}"))["messages"] == []
    edited = await wire.result("editMessageText", chat_id=ANN, message_id=sent["message_id"], text="b")
    changed = await wire.ask(f"chats/{ANN}?changed_after={seen['last_event']}")
    assert changed["messages"] == [edited]


async def test_calls_are_recorded_in_order_with_their_answers(wire: Wire) -> None:
    await wire.call("sendMessage", chat_id=ANN, text="a", reply_markup='{"inline_keyboard": []}')
    await wire.call("sendMessage", chat_id=99, text="b")
    await wire.call("getMe")
    calls = (await wire.ask("calls?method=sendmessage"))["calls"]
    assert [(call["number"], call["status"], call["params"]["text"]) for call in calls] == [
        (1, 200, "a"),
        (2, 400, "b"),
    ]
    assert calls[0]["params"]["reply_markup"] == {"inline_keyboard": []}
    assert calls[1]["answer"]["description"] == "Bad Request: chat not found"
    assert calls[0]["monotonic"] <= calls[1]["monotonic"]
    assert [call["method"] for call in (await wire.ask("calls?after=2"))["calls"]] == ["getMe"]


async def test_state_tells_the_queue_and_the_set_up(wire: Wire) -> None:
    update_id = wire.sandbox.visitors.say(ANN, "a")["update_id"]
    await wire.result("getUpdates", offset=update_id + 1)
    wire.sandbox.visitors.say(ANN, "b")
    commands = [{"command": "help", "description": "Help"}]
    await wire.result("setMyCommands", commands=commands, scope={"type": "all_private_chats"}, language_code="de")
    state = await wire.ask("state")
    assert (state["pending_updates"], state["confirmed_offset"]) == (1, update_id + 1)
    assert state["commands"] == {"all_private_chats": {"de": commands}}


async def test_events_are_streamed(wire: Wire) -> None:
    headers = {"Accept": "text/event-stream"}
    wire.sandbox.visitors.say(ANN, "hello")
    async with wire.client.stream("GET", "/sandbox/events", headers=headers) as stream:
        told = await _data_lines(stream.aiter_lines(), 2)
    assert [event["kind"] for event in told] == ["people", "message"]


async def _data_lines(lines: AsyncIterator[str], count: int) -> list[Json]:
    told: list[Json] = []
    async for line in lines:
        if line.startswith("data: "):
            told.append(json.loads(line.removeprefix("data: ")))
        if len(told) == count:
            break
    return told


async def test_the_clock_moves_and_dates_follow(tmp_path: Path) -> None:
    clock_file = tmp_path / "clock.json"
    sandbox = Sandbox(clock_file=clock_file)
    await sandbox.start()
    async with httpx.AsyncClient(base_url=sandbox.url) as client:
        wire = Wire(client, sandbox)
        moved = await wire.tell("clock", {"now": "2019-10-09T16:30:00+02:00"})
        assert moved["now"].startswith("2019-10-09T14:30:0")
        message = sandbox.visitors.say(ANN, "now")["message"]
        assert 0 <= message["date"] - 1570631400 < 5
        later = await wire.tell("clock", {"advance_seconds": 600})
    await sandbox.stop()
    assert json.loads(clock_file.read_text()) == {"offset_seconds": later["offset_seconds"]}
    assert round(later["offset_seconds"] - moved["offset_seconds"]) == 600
    assert Sandbox(clock_file=clock_file).world.clock.offset_seconds == later["offset_seconds"]


async def test_a_port_in_use_is_an_os_error(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    second = Sandbox()
    with pytest.raises(OSError, match="Address already in use"):
        await second.start(port)
    await second.stop()


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--token", "1:a", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/bot1:a/getMe")).json()["result"]["id"] == 1
    process.terminate()
    assert await process.wait() == 0


async def test_the_page_asks_nobody_else_for_anything(wire: Wire) -> None:
    page = await wire.client.get("/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.text
    for name in ("app.js", "phone.js", "layout.css", "chat.css", "icon.svg"):
        assert (await wire.client.get(f"/{name}")).status_code == 200


async def test_shown_files_stay_inert(wire: Wire) -> None:
    sent = await wire.upload("sendDocument", "document", "a.html", b"<script>", chat_id=str(ANN))
    shown = await wire.client.get(f"/sandbox/files/{sent['result']['document']['file_id']}")
    assert shown.headers["Content-Security-Policy"].startswith("sandbox;")
    assert (await wire.client.get("/sandbox/files/none")).status_code == 404

import asyncio
import time

import httpx
import pytest

from bot.sandbox import Person, Sandbox

from .conftest import ANN
from .wire import Wire


async def send(wire: Wire, text: str = "a", chat_id: int = ANN) -> int:
    answer = await wire.call("sendMessage", chat_id=chat_id, text=text)
    return int(answer.get("error_code", 200))


async def test_the_next_calls_are_answered_with_429(wire: Wire) -> None:
    await wire.tell("faults", {"kind": 429, "times": 2, "retry_after": 3, "method": "sendMessage"})
    assert (await wire.call("getMe"))["ok"]
    expected = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert [await wire.call("sendMessage", chat_id=ANN, text="a") for _ in range(2)] == [expected] * 2
    assert await send(wire) == 200


async def test_a_fault_can_strike_one_chat_only(wire: Wire) -> None:
    wire.sandbox.visitors.say(8, "/start")
    await wire.tell("faults", {"kind": "500", "chat_id": 8, "times": None})
    assert [await send(wire, chat_id=chat) for chat in (ANN, 8, 8)] == [200, 500, 500]
    await wire.client.delete("/sandbox/faults")
    assert await send(wire, chat_id=8) == 200


async def test_a_fault_without_a_method_leaves_the_poll_alone(wire: Wire) -> None:
    await wire.tell("faults", {"kind": "502"})
    assert await wire.result("getUpdates") == []
    assert await send(wire) == 502


@pytest.mark.parametrize(("kind", "arrived"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_line_hides_whether_the_message_arrived(wire: Wire, kind: str, arrived: int) -> None:
    await wire.tell("faults", {"kind": kind})
    with pytest.raises(httpx.TransportError):
        await send(wire)
    assert len((await wire.ask(f"chats/{ANN}"))["messages"]) == arrived
    call = (await wire.ask("calls?method=sendMessage"))["calls"][0]
    assert (call["fault"], call["answer"] is None) == (kind, kind == "drop_before")
    assert await send(wire) == 200


async def test_delays_and_latency_hold_answers_back(wire: Wire) -> None:
    await wire.tell("faults", {"kind": "delay", "delay_ms": 60})
    await wire.tell("faults", {"latency_ms": 40})
    began = time.monotonic()
    await send(wire)
    assert time.monotonic() - began >= 0.1


async def test_while_it_is_down_nothing_is_answered(wire: Wire) -> None:
    poll = asyncio.create_task(wire.call("getUpdates", timeout=20))
    await wire.sandbox.world.journal.changed.wait_until(lambda: wire.sandbox.world.journal.last_call == 1, 5)
    await wire.tell("faults", {"down": True})
    with pytest.raises(httpx.TransportError):
        await asyncio.wait_for(poll, 5)
    with pytest.raises(httpx.TransportError):
        await send(wire)
    await wire.tell("faults", {"down": False})
    assert await send(wire) == 200


async def test_the_ceiling_holds_within_any_second(wire: Wire) -> None:
    await wire.tell("faults", {"rate_per_second": 3})
    assert [await send(wire) for _ in range(5)] == [200, 200, 200, 429, 429]
    assert (await wire.call("sendChatAction", chat_id=ANN, action="typing"))["ok"]
    await asyncio.sleep(1.05)
    assert await send(wire) == 200


async def test_each_chat_may_have_a_ceiling_of_its_own() -> None:
    people = [Person(7, "Ann", started=True), Person(8, "Ben", started=True)]
    sandbox = Sandbox(rate_per_chat=1, people=people)
    await sandbox.start()
    async with httpx.AsyncClient(base_url=sandbox.url) as client:
        wire = Wire(client, sandbox)
        assert [await send(wire, chat_id=chat) for chat in (7, 8, 7)] == [200, 200, 429]
    await sandbox.stop()


async def test_blocking_is_told_to_the_bot(wire: Wire) -> None:
    await wire.tell("faults", {"block": ANN})
    await wire.tell("faults", {"unblock": ANN})
    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in await wire.result("getUpdates")]
    assert changes == ["kicked", "member"]
    assert await send(wire) == 200


async def test_unknown_faults_are_refused(wire: Wire) -> None:
    assert (await wire.tell("faults", {"kind": "earthquake"}))["ok"] is False
    assert await wire.tell("faults", {"knd": "429"}) == {"ok": False, "description": "Bad Request: unknown: knd"}

import asyncio

from .conftest import ANN
from .wire import Json, Wire


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_back_until_a_later_offset_confirms_them(wire: Wire) -> None:
    for text in "abc":
        wire.sandbox.visitors.say(ANN, text)
    first = await wire.result("getUpdates")
    assert texts(first) == ["a", "b", "c"]
    assert [update["update_id"] - first[0]["update_id"] for update in first] == [0, 1, 2]
    assert await wire.result("getUpdates", offset=first[0]["update_id"]) == first
    assert await wire.result("getUpdates", offset=first[1]["update_id"], limit=1) == first[1:2]
    assert await wire.result("getUpdates") == first[1:]


async def test_a_negative_offset_forgets_all_but_the_last(wire: Wire) -> None:
    for text in "abc":
        wire.sandbox.visitors.say(ANN, text)
    assert texts(await wire.result("getUpdates", offset=-1)) == ["c"]
    assert texts(await wire.result("getUpdates")) == ["c"]


async def test_a_long_poll_returns_with_the_first_update(wire: Wire) -> None:
    poll = asyncio.create_task(wire.result("getUpdates", timeout=20))
    await wire.sandbox.world.journal.changed.wait_until(lambda: wire.sandbox.world.journal.last_call == 1, 5)
    wire.sandbox.visitors.say(ANN, "a")
    assert texts(await asyncio.wait_for(poll, 5)) == ["a"]


async def test_the_older_of_two_polls_ends_with_409(wire: Wire) -> None:
    older = asyncio.create_task(wire.call("getUpdates", timeout=20))
    await wire.sandbox.world.journal.changed.wait_until(lambda: wire.sandbox.world.journal.last_call == 1, 5)
    await asyncio.sleep(0.05)
    assert await wire.result("getUpdates") == []
    assert await asyncio.wait_for(older, 5) == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
        " running",
    }


async def test_updates_expire(wire: Wire) -> None:
    sent = await wire.result("sendMessage", chat_id=ANN, text="a")
    wire.sandbox.visitors.say(ANN, "kept for a day")
    wire.sandbox.visitors.press(ANN, sent["message_id"], data="x", force=True)
    await wire.tell("clock", {"advance_seconds": 151})
    assert texts(await wire.result("getUpdates")) == ["kept for a day"]
    await wire.tell("clock", {"advance_seconds": 24 * 3600})
    assert await wire.result("getUpdates") == []


async def test_only_the_kinds_asked_for_are_queued(wire: Wire) -> None:
    await wire.result("getUpdates", allowed_updates=["callback_query"])
    assert wire.sandbox.visitors.say(ANN, "unheard")["update_id"] is None
    await wire.result("getUpdates", allowed_updates=[])
    assert wire.sandbox.visitors.say(ANN, "heard")["update_id"] is not None


async def test_raw_updates_are_queued_as_they_are(wire: Wire) -> None:
    told = await wire.tell("updates", [{"update_id": 900_000_000, "novelty": {"a": 1}}, {"message": "no message"}])
    assert told == {"update_ids": [900_000_000, 900_000_001]}
    assert await wire.result("getUpdates") == [
        {"update_id": 900_000_000, "novelty": {"a": 1}},
        {"message": "no message", "update_id": 900_000_001},
    ]


async def test_the_token_and_the_method_must_exist(wire: Wire) -> None:
    wrong = await wire.client.get("/bot1:wrong/getMe")
    assert (wrong.status_code, wrong.json()) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    assert await wire.call("getEverything") == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_parameters_come_by_query_form_json_and_in_any_case(wire: Wire) -> None:
    base = f"/bot{wire.sandbox.token}/SENDmessage"
    markup = '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}'
    values = {"chat_id": str(ANN), "text": "a", "reply_markup": markup}
    answers = [
        await wire.client.get(base, params=values),
        await wire.client.post(base, data=values),
        await wire.client.post(base, json=values),
        await wire.client.post(base, data=values, files={"unused": b"x"}),
    ]
    assert [answer.json()["result"]["reply_markup"]["inline_keyboard"][0][0]["text"] for answer in answers] == [
        "Go"
    ] * 4
    methods = {call.method for call in wire.sandbox.world.journal.calls()}
    assert methods == {"sendMessage"}


async def test_what_cannot_be_read_is_refused(wire: Wire) -> None:
    url = f"/bot{wire.sandbox.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    torn = await wire.client.post(url, content=b"{", headers=headers)
    assert torn.json()["description"] == "Bad Request: can't parse request body as JSON"
    latin = await wire.client.get(f"{url}?text=%E9")
    assert latin.json()["description"] == "Bad Request: strings must be encoded in UTF-8"

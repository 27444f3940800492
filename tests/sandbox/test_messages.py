from typing import Any

import pytest

from .conftest import ANN
from .wire import Json, Wire

BUTTON = {"text": "Go", "callback_data": "go"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x20\0\0\0\x10"


def keyboard(*rows: list[Any]) -> Json:
    return {"inline_keyboard": list(rows)}


async def test_a_sent_message_is_a_whole_message_object(wire: Wire) -> None:
    message = await wire.result(
        "sendMessage", chat_id=ANN, text=" <b>Hi</b> ", parse_mode="HTML", reply_markup=keyboard([BUTTON])
    )
    assert abs(message.pop("date") - wire.sandbox.world.clock.timestamp()) <= 1
    assert message == {
        "message_id": 1,
        "from": {"id": 4200000001, "is_bot": True, "first_name": "Agora", "username": "agora_demo_bot"},
        "chat": {"id": ANN, "type": "private", "first_name": "Ann"},
        "text": "Hi",
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
        "reply_markup": keyboard([BUTTON]),
    }


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🎟" * 2049}, "message is too long"),
        ({"text": "a", "chat_id": 99}, "chat not found"),
        ({"text": "a", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "a", "chat_id": ""}, "chat_id is empty"),
        ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "a", "reply_parameters": {"message_id": 5}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_refused_messages(wire: Wire, params: Json, description: str) -> None:
    answer = await wire.call("sendMessage", **{"chat_id": ANN, **params})
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}


async def test_limits_count_what_is_left_after_the_markup_is_read(wire: Wire) -> None:
    text = "<b>" + "a" * 4094 + "</b>🎟"
    message = await wire.result("sendMessage", chat_id=ANN, text=text, parse_mode="HTML")
    assert len(message["text"]) == 4095


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "callback_data": "x", "url": "https://a.be"},
            "can't parse inline keyboard button: exactly one action must be specified",
        ),
        ({"text": "a", "url": "https://"}, "inline keyboard button URL 'https://' is invalid: URL host is empty"),
        (
            {"text": "a", "url": "ftp://a.be"},
            "inline keyboard button URL 'ftp://a.be' is invalid: Unsupported URL protocol",
        ),
        ({"text": "a", "url": "a b.be"}, "inline keyboard button URL 'a b.be' is invalid: Wrong HTTP URL"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "a", "callback_data": "x", "style": "loud"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_refused_buttons(wire: Wire, button: Json, description: str) -> None:
    refused = await wire.refusal("sendMessage", chat_id=ANN, text="a", reply_markup=keyboard([button]))
    assert refused == f"Bad Request: {description}"


@pytest.mark.parametrize(
    "button",
    [
        {"text": "a", "callback_data": "é" * 32},
        {"text": "a", "url": "https://example.org/x?y=1"},
        {"text": "a", "url": "tg://user?id=7"},
        {"text": "a", "copy_text": {"text": "x" * 256}},
        {"text": "a", "switch_inline_query": ""},
        {"text": "a", "callback_data": "x", "style": "danger"},
    ],
)
async def test_buttons_that_pass(wire: Wire, button: Json) -> None:
    message = await wire.result("sendMessage", chat_id=ANN, text="a", reply_markup=keyboard([button]))
    assert message["reply_markup"] == keyboard([button])


@pytest.mark.parametrize("rows", [[[BUTTON] * 9], [[BUTTON]] * 101])
async def test_keyboards_that_are_too_large(wire: Wire, rows: list[list[Json]]) -> None:
    refused = await wire.refusal("sendMessage", chat_id=ANN, text="a", reply_markup=keyboard(*rows))
    assert refused == "Bad Request: reply markup is too long"


@pytest.mark.parametrize(
    ("trouble", "description"),
    [
        ({"block": ANN}, "Forbidden: bot was blocked by the user"),
        ({"deactivate": ANN}, "Forbidden: user is deactivated"),
    ],
)
async def test_people_who_cannot_be_reached(wire: Wire, trouble: Json, description: str) -> None:
    await wire.tell("faults", trouble)
    answer = await wire.call("sendMessage", chat_id=ANN, text="a")
    assert answer == {"ok": False, "error_code": 403, "description": description}


async def test_a_bot_writes_first_to_nobody(wire: Wire) -> None:
    await wire.tell("users", {"id": 8, "first_name": "Ben"})
    refused = await wire.refusal("sendMessage", chat_id=8, text="a")
    assert refused == "Forbidden: bot can't initiate conversation with a user"
    wire.sandbox.visitors.say(8, "/start")
    assert (await wire.call("sendMessage", chat_id=8, text="a"))["ok"]


async def test_editing_replaces_text_and_buttons(wire: Wire) -> None:
    sent = await wire.result(
        "sendMessage", chat_id=ANN, text="<b>a</b>", parse_mode="HTML", reply_markup=keyboard([BUTTON])
    )
    edited = await wire.result("editMessageText", chat_id=ANN, message_id=sent["message_id"], text="b")
    edited.pop("edit_date")
    assert edited == {name: sent[name] for name in ("message_id", "from", "chat", "date")} | {"text": "b"}


async def test_refused_edits(wire: Wire) -> None:
    sent = await wire.result("sendMessage", chat_id=ANN, text="a")
    theirs = wire.sandbox.visitors.say(ANN, "mine")["message"]
    place = await wire.result("sendLocation", chat_id=ANN, latitude=1, longitude=2)

    async def refusal(message: Json, method: str = "editMessageText", **params: Any) -> str:
        return await wire.refusal(method, chat_id=ANN, message_id=message["message_id"], **params)

    assert await refusal(sent, text="a") == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
        " same as a current content and reply markup of the message"
    )
    assert await refusal(theirs, text="b") == "Bad Request: message can't be edited"
    assert await refusal(place, text="b") == "Bad Request: there is no text in the message to edit"
    assert await refusal(sent, "editMessageCaption", caption="b") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await refusal({"message_id": 99}, text="b") == "Bad Request: message to edit not found"


async def test_messages_are_deleted_within_two_days(wire: Wire) -> None:
    first, second = [await wire.result("sendMessage", chat_id=ANN, text=text) for text in "ab"]
    assert await wire.result("deleteMessage", chat_id=ANN, message_id=first["message_id"]) is True
    assert await wire.refusal("deleteMessage", chat_id=ANN, message_id=first["message_id"]) == (
        "Bad Request: message to delete not found"
    )
    await wire.tell("clock", {"advance_seconds": 48 * 3600})
    assert await wire.refusal("deleteMessage", chat_id=ANN, message_id=second["message_id"]) == (
        "Bad Request: message can't be deleted for everyone"
    )


async def test_a_press_is_answered_until_it_is_too_old(wire: Wire) -> None:
    sent = await wire.result("sendMessage", chat_id=ANN, text="a", reply_markup=keyboard([BUTTON]))
    press = await wire.tell("presses", {"user_id": ANN, "message_id": sent["message_id"], "data": "go"})
    query = press["callback_query"]["id"]
    assert await wire.refusal("answerCallbackQuery", callback_query_id=query, text="a" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    for _ in range(2):
        assert await wire.result("answerCallbackQuery", callback_query_id=query, text="Done") is True
    told = [event.body for event in wire.sandbox.world.journal.events() if event.kind == "answer"]
    assert told == [{"query_id": query, "text": "Done", "alert": False}]
    await wire.tell("clock", {"advance_seconds": 151})
    assert await wire.refusal("answerCallbackQuery", callback_query_id=query) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_documents_are_kept_and_can_be_fetched(wire: Wire) -> None:
    sent = await wire.upload("sendDocument", "document", "a.ics", b"BEGIN", chat_id=str(ANN), caption="Yours")
    document = sent["result"]["document"]
    assert sent["result"]["caption"] == "Yours"
    assert {key: document[key] for key in ("file_name", "mime_type", "file_size")} == {
        "file_name": "a.ics",
        "mime_type": "text/calendar",
        "file_size": 5,
    }
    file = await wire.result("getFile", file_id=document["file_id"])
    fetched = await wire.client.get(f"/file/bot{wire.sandbox.token}/{file['file_path']}")
    assert fetched.content == b"BEGIN"
    again = await wire.result("sendDocument", chat_id=ANN, document=document["file_id"])
    assert again["document"] == document


async def test_photos_have_a_size(wire: Wire) -> None:
    sent = await wire.upload("sendPhoto", "photo", "qr.png", PNG, chat_id=str(ANN))
    assert [(size["width"], size["height"]) for size in sent["result"]["photo"]] == [(32, 16)]
    refused = await wire.upload("sendPhoto", "photo", "qr.png", b"no picture", chat_id=str(ANN))
    assert refused["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    long = await wire.upload("sendPhoto", "photo", "qr.png", PNG, chat_id=str(ANN), caption="a" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"


async def test_a_venue_carries_its_location(wire: Wire) -> None:
    place = {"latitude": 50.8437, "longitude": 4.3562}
    sent = await wire.result("sendVenue", chat_id=ANN, title="SQUARE", address="Mont des Arts", **place)
    assert sent["venue"] == {"location": place, "title": "SQUARE", "address": "Mont des Arts"}
    assert sent["location"] == place
    assert await wire.refusal("sendLocation", chat_id=ANN, latitude=91, longitude=0) == (
        "Bad Request: wrong location specified"
    )


async def test_a_copy_keeps_the_formatting_and_not_the_origin(wire: Wire) -> None:
    original = wire.sandbox.visitors.say(ANN, "go to /agenda")["message"]
    wire.sandbox.visitors.say(8, "/start")
    params = {"chat_id": 8, "from_chat_id": ANN, "message_id": original["message_id"]}
    copy = await wire.result("copyMessage", **params)
    shown = (await wire.ask("chats/8"))["messages"][-1]
    assert copy == {"message_id": shown["message_id"]}
    assert (shown["text"], shown["entities"]) == (original["text"], original["entities"])
    assert await wire.refusal("copyMessage", **{**params, "message_id": 99}) == (
        "Bad Request: message to copy not found"
    )


async def test_pins_reactions_actions_and_drafts_are_told_to_the_page(wire: Wire) -> None:
    message_id = wire.sandbox.visitors.say(ANN, "hello")["message"]["message_id"]
    before = wire.sandbox.world.journal.last_event
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await wire.result("setMessageReaction", chat_id=ANN, message_id=message_id, reaction=thumb)
    await wire.result("pinChatMessage", chat_id=ANN, message_id=message_id)
    await wire.result("unpinChatMessage", chat_id=ANN)
    await wire.result("sendChatAction", chat_id=ANN, action="typing")
    await wire.result("sendMessageDraft", chat_id=ANN, draft_id=1, text="Thinking…")
    events = (await wire.ask(f"events?after={before}"))["events"]
    assert [{k: v for k, v in event.items() if k != "number"} for event in events] == [
        {"kind": "reaction", "chat_id": ANN, "message_id": message_id, "reactions": ["👍"]},
        {"kind": "pinned", "chat_id": ANN, "message_id": message_id},
        {"kind": "pinned", "chat_id": ANN, "message_id": None},
        {"kind": "action", "chat_id": ANN, "action": "typing"},
        {"kind": "draft", "chat_id": ANN, "text": "Thinking…"},
    ]

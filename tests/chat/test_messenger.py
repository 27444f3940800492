"""What is handed to the Bot API, and what its answers mean."""

import json
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.chat.failures import accept_library_habits
from bot.chat.messenger import TelegramMessenger
from bot.messages.actions import Dismiss
from bot.messages.message import (
    Acknowledge,
    Amend,
    Button,
    Commands,
    Copy,
    Delete,
    Edit,
    File,
    Message,
    Part,
    Pin,
    Sendable,
    Style,
    button,
)
from bot.services.ports import Blocked, Delivery, Refused, Sent, TooMany, Unreachable

MESSAGE = {"message_id": 77, "date": 1, "chat": {"id": 5, "type": "private"}}
Answer = dict[str, Any] | Exception


def ok(result: object) -> Answer:
    return {"ok": True, "result": result}


def error(code: int, description: str, **parameters: object) -> Answer:
    return {"ok": False, "error_code": code, "description": description, "parameters": parameters}


class Wire(BaseRequest):
    """Notes each request and gives the answers that it was given, in turn."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, dict[str, Any]]] = []

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @property
    def read_timeout(self) -> float | None:
        return None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        parameters = request_data.parameters if request_data else {}
        self.requests.append((url.rsplit("/", 1)[1], parameters))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return int(answer.get("error_code", 200)), json.dumps(answer).encode()


async def deliver(content: Sendable, *answers: Answer) -> tuple[Delivery, list[tuple[str, dict[str, Any]]]]:
    accept_library_habits()
    wire = Wire(*answers)
    messenger = TelegramMessenger(Bot("12345:token", request=wire, get_updates_request=Wire()))
    return await messenger.deliver(5, content), wire.requests


SILENT_LINKS = {"is_disabled": True}
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "❌ No", "callback_data": "no", "style": "danger"}, {"text": "Site", "url": "https://x.eu"}]
    ]
}
HELLO = Message("<b>Hello</b>", ((button("❌ No", Dismiss(), Style.STOP), Button("Site", url="https://x.eu")),))


@pytest.mark.parametrize(
    ("content", "answer", "sent", "request_made"),
    [
        (
            HELLO,
            MESSAGE,
            Sent(77),
            (
                "sendMessage",
                {
                    "chat_id": 5,
                    "text": "<b>Hello</b>",
                    "parse_mode": "HTML",
                    "reply_markup": KEYBOARD,
                    "link_preview_options": SILENT_LINKS,
                },
            ),
        ),
        (
            Message("1 < 2 & https://x.eu", verbatim=True),
            MESSAGE,
            Sent(77),
            ("sendMessage", {"chat_id": 5, "text": "1 < 2 & https://x.eu"}),
        ),
        (
            Message("psst", silent=True),
            MESSAGE,
            Sent(77),
            (
                "sendMessage",
                {
                    "chat_id": 5,
                    "text": "psst",
                    "parse_mode": "HTML",
                    "disable_notification": True,
                    "link_preview_options": SILENT_LINKS,
                },
            ),
        ),
        (
            Edit(9, Message("New")),
            MESSAGE,
            Sent(9),
            (
                "editMessageText",
                {
                    "chat_id": 5,
                    "message_id": 9,
                    "text": "New",
                    "parse_mode": "HTML",
                    "link_preview_options": SILENT_LINKS,
                },
            ),
        ),
        (
            Acknowledge("42"),
            True,
            Sent(None),
            ("answerCallbackQuery", {"callback_query_id": "42", "show_alert": False}),
        ),
        (
            Acknowledge("42", "Done", True),
            True,
            Sent(None),
            ("answerCallbackQuery", {"callback_query_id": "42", "text": "Done", "show_alert": True}),
        ),
        (
            Pin("Hall", "Square 1", 50.8437, 4.3562),
            MESSAGE,
            Sent(77),
            (
                "sendVenue",
                {"chat_id": 5, "latitude": 50.8437, "longitude": 4.3562, "title": "Hall", "address": "Square 1"},
            ),
        ),
        (
            Copy(6, 8),
            {"message_id": 78},
            Sent(78),
            ("copyMessage", {"chat_id": 5, "from_chat_id": 6, "message_id": 8}),
        ),
        (
            Commands((("start", "Begin"),)),
            True,
            Sent(None),
            (
                "setMyCommands",
                {"commands": [{"command": "start", "description": "Begin"}], "scope": {"type": "chat", "chat_id": 5}},
            ),
        ),
    ],
)
async def test_everything_that_can_be_sent_is_one_request(
    content: Sendable, answer: object, sent: Sent, request_made: tuple[str, dict[str, Any]]
) -> None:
    assert await deliver(content, ok(answer)) == (sent, [request_made])


async def test_a_file_is_uploaded_under_its_name() -> None:
    delivery, [(method, parameters)] = await deliver(File("a.csv", b"1,2", "Two"), ok(MESSAGE))
    assert (delivery, method, parameters["caption"], parameters["chat_id"]) == (Sent(77), "sendDocument", "Two", 5)


@pytest.mark.parametrize(
    ("answer", "delivery"),
    [
        (error(429, "Too Many Requests: retry after 7", retry_after=7), TooMany(7.0)),
        (error(403, "Forbidden: bot was blocked by the user"), Blocked()),
        (error(403, "Forbidden: user is deactivated"), Blocked()),
        (error(403, "Forbidden: bot can't initiate conversation with a user"), Blocked()),
        (error(400, "Bad Request: chat not found"), Blocked()),
        (error(400, "Bad Request: PEER_ID_INVALID"), Blocked()),
        (error(400, "Bad Request: message is too long"), Refused("Message is too long")),
        (error(400, "Bad Request: can't parse entities"), Refused("Can't parse entities")),
        (error(500, "Internal Server Error"), Unreachable("NetworkError: Internal Server Error")),
        (error(502, "Bad Gateway"), Unreachable("NetworkError: Bad Gateway")),
        (TimedOut(), Unreachable("TimedOut: Timed out", True)),
        (NetworkError("httpx.ConnectError"), Unreachable("NetworkError: httpx.ConnectError")),
    ],
)
async def test_what_telegram_says_is_put_into_the_services_words(answer: Answer, delivery: Delivery) -> None:
    assert (await deliver(HELLO, answer))[0] == delivery


async def test_a_message_that_is_gone_already_counts_as_deleted() -> None:
    delivery, requests = await deliver(Delete(9), error(400, "Bad Request: message to delete not found"))
    assert (delivery, [method for method, _ in requests]) == (Sent(), ["deleteMessage"])
    too_old = error(400, "Bad Request: message can't be deleted for everyone")
    assert (await deliver(Delete(9), too_old))[0] == Refused("Message can't be deleted for everyone")


@pytest.mark.parametrize(
    ("part", "method", "field"),
    [(Part.TEXT, "editMessageText", "text"), (Part.CAPTION, "editMessageCaption", "caption")],
)
async def test_the_words_of_a_copy_are_changed_with_their_formatting(part: Part, method: str, field: str) -> None:
    delivery, requests = await deliver(Amend(9, part, "<b>5</b> &amp; 6"), ok(MESSAGE))
    assert (delivery, requests) == (
        Sent(9),
        [(method, {"chat_id": 5, "message_id": 9, field: "<b>5</b> &amp; 6", "parse_mode": "HTML"})],
    )
    same = error(400, "Bad Request: message is not modified: specified new message content …")
    assert (await deliver(Amend(9, part, "x"), same))[0] == Sent(9)
    gone = error(400, "Bad Request: message to edit not found")
    assert (await deliver(Amend(9, part, "x"), gone))[0] == Refused("Message to edit not found")


async def test_an_edit_that_changes_nothing_has_arrived() -> None:
    refusal = error(400, "Bad Request: message is not modified: specified new message content …")
    delivery, requests = await deliver(Edit(9, HELLO), refusal)
    assert (delivery, [method for method, _ in requests]) == (Sent(9), ["editMessageText"])


@pytest.mark.parametrize("description", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
async def test_where_the_old_message_is_gone_the_text_comes_as_a_new_one(description: str) -> None:
    delivery, requests = await deliver(Edit(9, HELLO), error(400, f"Bad Request: {description}"), ok(MESSAGE))
    assert (delivery, [method for method, _ in requests]) == (Sent(77), ["editMessageText", "sendMessage"])


async def test_a_press_that_is_too_old_is_nobodys_trouble() -> None:
    refusal = error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert isinstance((await deliver(Acknowledge("42"), refusal))[0], Refused)

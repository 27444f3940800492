import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from .conftest import ANN
from .wire import Wire


@dataclass
class Receiver:
    """A bot's webhook that answers with the statuses it was given, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    received: list[tuple[str, str | None]] = field(default_factory=list)


class _Handler(RequestHandler):
    def initialize(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def post(self) -> None:
        text = _text_in(self.request.body)
        self._receiver.received.append((text, self.request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        self.set_status(self._receiver.statuses.pop(0) if self._receiver.statuses else 200)


def _text_in(body: bytes) -> str:
    return str(json.loads(body)["message"]["text"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([("/hook", _Handler, {"receiver": receiver})], log_function=lambda _: None))
    server.add_sockets(sockets)
    receiver.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/hook"
    yield receiver
    server.stop()
    await server.close_all_connections()


async def delivered(wire: Wire) -> bool:
    world = wire.sandbox.world
    for _ in range(200):
        if not world.updates.pending():
            return True
        await world.journal.changed.wait(0.02)
    return False


async def test_updates_are_pushed_with_the_secret(wire: Wire, receiver: Receiver) -> None:
    wire.sandbox.visitors.say(ANN, "before")
    assert await wire.result("setWebhook", url=receiver.url, secret_token="s3cret") is True
    wire.sandbox.visitors.say(ANN, "after")
    assert await delivered(wire)
    assert receiver.received == [("before", "s3cret"), ("after", "s3cret")]


async def test_a_refused_update_is_tried_again_before_the_next(wire: Wire, receiver: Receiver) -> None:
    receiver.statuses = [500, 403, 302]
    await wire.result("setWebhook", url=receiver.url)
    wire.sandbox.visitors.say(ANN, "a")
    wire.sandbox.visitors.say(ANN, "b")
    assert await delivered(wire)
    assert receiver.received == [("a", None)] * 4 + [("b", None)]
    info = await wire.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_a_webhook_and_polling_exclude_each_other(wire: Wire, receiver: Receiver) -> None:
    await wire.result("setWebhook", url=receiver.url)
    assert await wire.call("getUpdates") == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete"
        " the webhook first",
    }
    await wire.result("deleteWebhook")
    assert await wire.result("getUpdates") == []
    assert await wire.result("getWebhookInfo") == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


async def test_pending_updates_are_dropped_on_request_only(wire: Wire) -> None:
    wire.sandbox.visitors.say(ANN, "a")
    await wire.result("deleteWebhook")
    assert len(await wire.result("getUpdates")) == 1
    await wire.result("deleteWebhook", drop_pending_updates=True)
    assert await wire.result("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "nowhere"}, "Bad Request: bad webhook: invalid webhook URL specified"),
        ({"url": "https://a.be", "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"),
        ({"url": "https://a.be", "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
    ],
)
async def test_refused_webhooks(wire: Wire, params: dict[str, str], description: str) -> None:
    assert await wire.refusal("setWebhook", **params) == description

"""The stand-in as one HTTP server: Bot API, control API and page on the same port."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler, StaticFileHandler

from bot.sandbox.bot_api import BotApi
from bot.sandbox.bot_server import FileHandler, MethodHandler
from bot.sandbox.clock import SandboxClock
from bot.sandbox.control import ROUTES
from bot.sandbox.faults import Faults, RateLimits
from bot.sandbox.visitors import Visitors
from bot.sandbox.webhook import WebhookDelivery
from bot.sandbox.world import Person, World

PAGE = Path(__file__).with_name("page")
DEFAULT_TOKEN = "4200000001:stand-in-token-of-the-sandbox"
DEFAULT_USERNAME = "agora_demo_bot"
# Telegram takes documents up to 50 MB; the rest is room for the multipart frame.
MAX_BODY_BYTES = 60 * 1024 * 1024


class Sandbox:
    """A Telegram of one's own: start it, point a bot's ``TELEGRAM_API_URL`` at :attr:`url`.

    ``clock_file`` is where the demo's time is kept; the bot's process may read the same file.
    ``rate_per_second`` and ``rate_per_chat`` are Telegram's ceilings, off by default.
    ``webhook_retry_seconds`` is the first growing pause between tries to reach a webhook.
    The rest is for the page: ``people`` who are there from the start, ``moments`` to jump to (label, ISO time),
    ``suggestions`` of what attendees and ``coordinator_suggestions`` of what coordinators may write, the event's
    ``title`` and ``timezone`` (IANA name).

    Everything runs in the event loop that called :meth:`start`; from other threads use the control API.
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        username: str = DEFAULT_USERNAME,
        clock_file: Path | None = None,
        rate_per_second: int | None = None,
        rate_per_chat: int | None = None,
        webhook_retry_seconds: float = 2.0,
        people: Sequence[Person] = (),
        moments: Sequence[tuple[str, str]] = (),
        suggestions: Sequence[str] = (),
        coordinator_suggestions: Sequence[str] = (),
        title: str = "",
        timezone: str = "UTC",
    ) -> None:
        self.token = token
        self.world = World(SandboxClock(clock_file), token, username)
        self.visitors = Visitors(self.world)
        self.faults = Faults(RateLimits(rate_per_second, rate_per_chat))
        for person in people:
            self.world.add_person(person)
        self._page_settings = {
            "title": title,
            "timezone": timezone,
            "suggestions": {"attendee": list(suggestions), "coordinator": list(coordinator_suggestions)},
            "moments": [{"label": label, "time": time} for label, time in moments],
        }
        self._delivery = WebhookDelivery(self.world, webhook_retry_seconds)
        self._pushing: asyncio.Task[None] | None = None
        self._server: HTTPServer | None = None
        self.url = ""

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listen, on a free port when it is 0, and return the URL. Raises OSError when the port is taken."""
        listener = socket.create_server((host, port))
        listener.setblocking(False)
        self._server = HTTPServer(self._application(), max_body_size=MAX_BODY_BYTES, max_buffer_size=MAX_BODY_BYTES)
        self._server.add_socket(listener)
        self._pushing = asyncio.create_task(self._delivery.run())
        self.url = f"http://{host}:{listener.getsockname()[1]}"
        return self.url

    async def stop(self) -> None:
        """Close the port and every connection, long polls included."""
        if self._pushing is not None:
            self._pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pushing
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()
        self._pushing = self._server = None

    def _application(self) -> Application:
        control = {"world": self.world, "visitors": self.visitors, "faults": self.faults}
        bot = {"world": self.world, "api": BotApi(self.world, self.faults), "faults": self.faults}
        static = {"path": str(PAGE), "default_filename": "index.html"}
        return Application(
            [
                (r"/bot([^/]+)/([^/]+)", MethodHandler, bot),
                (r"/file/bot([^/]+)/(.+)", FileHandler, {"world": self.world}),
                *((pattern, handler, control) for pattern, handler in ROUTES),
                (r"/sandbox/page", PageSettingsHandler, {"world": self.world, "settings": self._page_settings}),
                (r"/sandbox/files/([^/]+)", ShownFileHandler, {"world": self.world}),
                (r"/(.*)", StaticFileHandler, static),
            ],
            log_function=_keep_quiet,
        )


class PageSettingsHandler(RequestHandler):
    """What the page needs to know once."""

    def initialize(self, world: World, settings: dict[str, Any]) -> None:
        self._world = world
        self._settings = settings

    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps({**self._settings, "bot": self._world.bot}))


class ShownFileHandler(RequestHandler):
    """A file by its id, for the page, which has no bot's token."""

    def initialize(self, world: World) -> None:
        self._world = world

    def get(self, file_id: str) -> None:
        file = self._world.files.get(file_id)
        if file is None:
            self.send_error(404)
            return
        self.set_header("Content-Type", file.mime_type or "application/octet-stream")
        # A document may be HTML or SVG with scripts in it; shown from our own address it must stay inert.
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(file.content)


def _keep_quiet(handler: RequestHandler) -> None:
    """No access log: the journal holds every call, and tests refuse noise."""

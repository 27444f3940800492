"""Takes updates in: stored first, confirmed to Telegram only then.

python-telegram-bot's own polling confirms what still waits in memory, so a killed process loses messages; here the
next ``getUpdates`` carries a new offset only after the commit. With a webhook the answer 200 plays that part.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Sequence
from typing import Any

import tornado.web
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.application import UPDATES
from bot.chat.failures import Complaint, seconds_of
from bot.chat.worker import Worker, is_storable
from bot.storage.database import SetBack

log = logging.getLogger(__name__)

LONG_POLL = 30
"""Seconds for which Telegram holds a getUpdates open when there is nothing new."""
SHORTEST_ROUND = 0.05
"""Seconds between two requests when nothing comes."""
PAUSES = (0.5, 1, 2, 4, 8, 15)
"""Seconds between tries while Telegram is away."""


class Intake:
    """Takes updates in, whichever way they come: they are on disk when ``store`` returns."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def store(self, updates: Sequence[Any]) -> None:
        """Keeps what is an update at all. Raises SetBack when the database does not take it."""
        kept = [update for update in updates if is_update(update)]
        if len(kept) < len(updates):
            log.warning("%d updates without a number were left out", len(updates) - len(kept))
        # Whoever is told to stop meanwhile does not stop this half-way.
        await asyncio.shield(self._worker.take_in(kept))


def is_update(update: Any) -> bool:
    """Whether the value has what every update has: a number that the database can hold."""
    return isinstance(update, dict) and is_storable(update.get("update_id"))


class Polling:
    """Asks Telegram for updates, for ever; cancel ``run`` to stop it. What is in flight then stays unconfirmed."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None
        self._tries = 0
        self._complaint = Complaint(log, "updates cannot be fetched, trying again: %s", "updates come in again")

    async def run(self) -> None:
        while True:
            try:
                await self._fetch()
            except (TelegramError, SetBack) as error:
                await self._wait_after(error)
            except Exception:
                # A bug here must not make the bot deaf: what it stumbled on stays unconfirmed and is asked for again.
                log.exception("updates could not be taken in")
                await asyncio.sleep(PAUSES[-1])
            else:
                self._tries = 0
                self._complaint.settled()

    async def _fetch(self) -> None:
        asked = asyncio.get_running_loop().time()
        updates = await self._bot.do_api_request(
            "getUpdates",
            {"offset": self._offset, "timeout": LONG_POLL, "limit": 100, "allowed_updates": UPDATES},
            read_timeout=LONG_POLL + 10,
        )
        if not isinstance(updates, list) or not updates:
            # A server that does not hold the request open must not be asked a thousand times a second.
            await asyncio.sleep(max(0.0, SHORTEST_ROUND - (asyncio.get_running_loop().time() - asked)))
            return
        await self._intake.store(updates)
        numbers = [update["update_id"] for update in updates if is_update(update)]
        if numbers:
            self._offset = max(numbers) + 1

    async def _wait_after(self, error: Exception) -> None:
        if isinstance(error, RetryAfter):
            await asyncio.sleep(seconds_of(error))
            return
        if isinstance(error, Conflict):
            self._complaint.raised(f"{error.message} (is another copy of the bot running, or a webhook set?)")
        elif isinstance(error, InvalidToken):
            self._complaint.raised("Telegram does not accept the token")
        else:
            self._complaint.raised(f"{type(error).__name__}: {error}")
        await asyncio.sleep(PAUSES[min(self._tries, len(PAUSES) - 1)])
        self._tries += 1


class WebhookHandler(tornado.web.RequestHandler):
    """Takes one update from Telegram; 200 only once it is on disk."""

    def initialize(self, intake: Intake, secret: str | None) -> None:
        self._intake = intake
        self._secret = secret

    async def post(self) -> None:
        if not self._is_telegram():
            self.set_status(403)
            return
        try:
            update = json.loads(self.request.body)
        except ValueError:
            self.set_status(400)
            return
        if not is_update(update):
            # Not Telegram's doing; a 200 would claim that we have it.
            self.set_status(400)
            return
        try:
            await self._intake.store([update])
        except SetBack:
            self.set_header("Retry-After", "5")
            self.set_status(503)

    def _is_telegram(self) -> bool:
        if self._secret is None:
            return True
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return hmac.compare_digest(given.encode(), self._secret.encode())


class HealthHandler(tornado.web.RequestHandler):
    """Says that the process is up, for whoever watches it."""

    async def get(self) -> None:
        self.write("ok\n")


def webhook_application(intake: Intake, secret: str | None) -> tornado.web.Application:
    """Takes updates at any path, since a proxy may have cut off a part of it; the secret tells who it is."""
    webhook = {"intake": intake, "secret": secret}
    return tornado.web.Application([(r"/health", HealthHandler), (r"/.*", WebhookHandler, webhook)])

"""Brings the bot up, keeps it running, and takes it down within eight seconds."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import tornado.httpserver
import tornado.netutil
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.chat import menus
from bot.chat.application import UPDATES
from bot.chat.failures import Complaint, seconds_of
from bot.chat.intake import PAUSES, Intake, Polling, webhook_application
from bot.chat.jobs import Jobs
from bot.chat.worker import Worker
from bot.errors import AgoraError
from bot.services.deliveries import Deliveries
from bot.services.people import People
from bot.settings import Settings

log = logging.getLogger(__name__)

FINISHING = 6.0
"""Seconds that work under way gets when the process is told to stop; the promise is eight for everything."""
LARGEST_UPDATE = 2**20
T = TypeVar("T")


class ServingFault(AgoraError):
    """The bot cannot come up."""


@dataclass(frozen=True)
class Serving:
    """The running parts, wired by the composition root."""

    settings: Settings
    bot: Bot
    people: People
    deliveries: Deliveries
    worker: Worker
    intake: Intake
    jobs: Jobs
    stopping: asyncio.Event

    async def serve(self) -> None:
        """Runs until told to stop. Raises ServingFault where no amount of waiting would help."""
        deliveries = asyncio.create_task(self.deliveries.run())
        worker = asyncio.create_task(self.worker.run())
        menu = asyncio.create_task(menus.publish(self.bot, self.people))
        self.jobs.start()
        try:
            await self._take_updates()
        finally:
            await self.jobs.stop()
            self.worker.stop()
            # The worker needs milliseconds, so nearly all of the time is for what is on its way to Telegram.
            until = asyncio.get_running_loop().time() + FINISHING
            await _finish([worker, menu], FINISHING / 3)
            self.deliveries.stop()
            await _finish([deliveries], until - asyncio.get_running_loop().time())
            log.info("stopped")

    async def _take_updates(self) -> None:
        if self.settings.webhook_url is None:
            await self._unless_stopped(self._poll())
        else:
            await self._listen(self.settings.webhook_url)

    async def _poll(self) -> None:
        try:
            # A webhook left from before would refuse every getUpdates; what waits there must not be lost.
            await self.bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            log.warning("deleteWebhook failed, and the bot goes on without it: %s", error.message)
        log.info("running, by long polling")
        await Polling(self.bot, self.intake).run()

    async def _listen(self, url: str) -> None:
        secret = self.settings.webhook_secret
        plain = None if secret is None else secret.get_secret_value()
        if plain is None:
            log.warning("WEBHOOK_SECRET is not set: anybody who knows the address can pretend to be Telegram")
        server = tornado.httpserver.HTTPServer(webhook_application(self.intake, plain), max_body_size=LARGEST_UPDATE)
        server.add_sockets(listening_sockets(self.settings.listen))
        try:
            await self._unless_stopped(self._register_webhook(url, plain))
            await self.stopping.wait()
        finally:
            server.stop()
            await server.close_all_connections()

    async def _register_webhook(self, url: str, secret: str | None) -> None:
        await insist(
            lambda: self.bot.set_webhook(
                url, secret_token=secret, allowed_updates=UPDATES, drop_pending_updates=False, max_connections=40
            ),
            "setWebhook",
        )
        log.info("running, by webhook on %s", self.settings.listen)

    async def _unless_stopped(self, work: Awaitable[None]) -> None:
        running = asyncio.ensure_future(work)
        stopped = asyncio.create_task(self.stopping.wait())
        await asyncio.wait([running, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not running.done():
            running.cancel()
            await asyncio.wait([running])
        if not running.cancelled():
            running.result()


def stop_on_signals() -> asyncio.Event:
    """What SIGTERM and SIGINT set from now on, so that the process ends cleanly. To be called before anything slow:
    the first process of a container has no default handler."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stopping.set)
    return stopping


def listening_sockets(listen: str) -> list[socket.socket]:
    """Sockets on ``host:port``. Raises ServingFault where the port is taken or not allowed."""
    host, _, port = listen.rpartition(":")
    try:
        return tornado.netutil.bind_sockets(int(port), host.strip("[]") or None)
    except OSError as error:
        raise ServingFault(f"cannot listen on {listen}: {error.strerror or error}; choose another LISTEN") from None


async def introduce(bot: Bot, stopping: asyncio.Event) -> bool:
    """Waits until Telegram says who the bot is; False when told to stop meanwhile.

    Raises ServingFault for a token that Telegram does not accept.
    """
    asking = asyncio.create_task(insist(bot.initialize, "getMe"))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([asking, stopped], return_when=asyncio.FIRST_COMPLETED)
    answered = asking.done()
    for task in (asking, stopped):
        task.cancel()
    await asyncio.wait([asking, stopped])
    if answered:
        asking.result()
    return answered


async def insist(call: Callable[[], Awaitable[T]], name: str) -> T:
    """Calls until it succeeds, waiting longer from try to try and saying so once.

    Raises ServingFault for a token that Telegram does not accept, which waiting does not mend.
    """
    complaint = Complaint(log, "Telegram cannot be reached (%s), trying again", "Telegram can be reached")
    tries = 0
    while True:
        try:
            result = await call()
        except InvalidToken:
            raise ServingFault(
                "Telegram does not accept TELEGRAM_BOT_TOKEN; please copy it anew from @BotFather"
            ) from None
        except TelegramError as error:
            complaint.raised(f"{name}: {error.message}")
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            await asyncio.sleep(seconds_of(error) if isinstance(error, RetryAfter) else pause)
            tries += 1
        else:
            complaint.settled()
            return result


async def _finish(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    """Waits for the tasks, then cancels what is left: it is all on disk and goes on after the next start."""
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
    for task in tasks:
        if not task.cancelled() and task.exception() is not None:
            log.error("a part of the bot failed", exc_info=task.exception())

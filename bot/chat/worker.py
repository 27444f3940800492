"""Works the inbox off, in the order of arrival.

Updates are worked off one after another, since each is a few milliseconds of one database; what takes long, the
sending, goes on side by side in the delivery loop. So seats are given in exactly the order in which Telegram got
the messages. An update that fails is tried three times and then set aside with an apology; what the same person
sent after it waits meanwhile, everybody else does not.
"""

import asyncio
import logging
import traceback
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.chat.application import Application
from bot.chat.failures import Complaint
from bot.clock import Clock
from bot.services.deliveries import Deliveries
from bot.storage import inbox
from bot.storage.database import Database, SetBack
from bot.storage.inbox import Letter

log = logging.getLogger(__name__)

TRIES = 3
PAUSE_BETWEEN_TRIES = 0.5
AT_ONCE = 100


@dataclass
class _Held:
    """Letters of one person that wait for the first of them to be tried again."""

    retry_at: float
    letters: deque[Letter] = field(default_factory=deque)


class Worker:
    """``run`` until ``stop``; ``wake`` when the inbox has news."""

    def __init__(self, database: Database, application: Application, deliveries: Deliveries, clock: Clock) -> None:
        self._database = database
        self._application = application
        self._deliveries = deliveries
        self._clock = clock
        self._cursor = 0
        self._held: dict[int, _Held] = {}
        self._news = asyncio.Event()
        self._stopping = False
        self._complaint = Complaint(
            log, "the database does not take writes, trying again: %s", "the database is well again"
        )

    def wake(self) -> None:
        self._news.set()

    def stop(self) -> None:
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        while not self._stopping:
            self._news.clear()
            try:
                busy = await self._round()
                self._complaint.settled()
            except SetBack as error:
                self._complaint.raised(error)
                await self._pause(1)
                continue
            except Exception:
                # A bug here must not make the bot deaf: what it stumbled on is still in the inbox.
                log.exception("the inbox could not be worked off")
                await self._pause(1)
                continue
            if not busy and not self._stopping:
                await self._pause(self._until_next_try())

    async def _pause(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    def _until_next_try(self) -> float | None:
        if not self._held:
            return None
        return max(0.0, min(held.retry_at for held in self._held.values()) - _monotonic())

    async def _round(self) -> bool:
        """Works off what is there; whether there may be more."""
        await self._try_held_again()
        async with self._database.transaction() as tx:
            letters = await inbox.waiting(tx, self._cursor, AT_ONCE)
        for letter in letters:
            if self._stopping:
                break
            await self._take(letter)
            self._cursor = letter.number
        return bool(letters)

    async def _take(self, letter: Letter) -> None:
        sender = sender_of(letter.body)
        if sender is not None and sender in self._held:
            self._held[sender].letters.append(letter)
        elif not await self._work(letter):
            self._hold(sender if sender is not None else -letter.number, letter)

    def _hold(self, lane: int, letter: Letter) -> None:
        self._held[lane] = _Held(_monotonic() + PAUSE_BETWEEN_TRIES, deque([letter]))

    async def _try_held_again(self) -> None:
        for lane, held in list(self._held.items()):
            while held.letters and held.retry_at <= _monotonic():
                if await self._work(held.letters[0]):
                    held.letters.popleft()
                else:
                    held.retry_at = _monotonic() + PAUSE_BETWEEN_TRIES
            if not held.letters:
                del self._held[lane]

    async def _work(self, letter: Letter) -> bool:
        """Whether the letter is off the table: done, or set aside for good."""
        try:
            async with self._database.transaction() as tx:
                items = await self._application.handle(tx, letter.number, letter.body, self._clock.now())
                await inbox.done(tx, letter.number)
        except SetBack:
            raise
        except Exception as error:
            return await self._failed(letter, error)
        self._deliveries.add(items)
        if tx.has_notices:
            self._deliveries.wake()
        return True

    async def _failed(self, letter: Letter, error: Exception) -> bool:
        # The message of an exception may quote what somebody wrote, so the log gets its kind and its places.
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("update %d of the inbox failed with %s\n%s", letter.number, type(error).__name__, places.rstrip())
        async with self._database.transaction() as tx:
            attempts = await inbox.failed(tx, letter.number)
            if attempts < TRIES:
                return False
            await inbox.set_aside(tx, letter.number)
            person = private_sender_of(letter.body)
            items = [] if person is None else [await self._application.apologise(tx, person, self._clock.now())]
        log.error("update %d of the inbox is set aside after %d tries", letter.number, attempts)
        self._deliveries.add(items)
        return True


def sender_of(update: dict[str, Any]) -> int | None:
    """Whose turn an update takes, read from whatever of it can be read."""
    for kind in update.values():
        if isinstance(kind, dict):
            sender = kind.get("from")
            if isinstance(sender, dict) and is_storable(sender.get("id")):
                return int(sender["id"])
    return None


def is_storable(number: Any) -> bool:
    """Whether the value is a number that the database can hold."""
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63


def private_sender_of(update: dict[str, Any]) -> int | None:
    """The person to apologise to: the sender, unless they wrote in a group or channel."""
    for kind in update.values():
        if isinstance(kind, dict):
            message = kind.get("message") if isinstance(kind.get("message"), dict) else kind
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict) and chat.get("type") not in (None, "private"):
                return None
    return sender_of(update)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()

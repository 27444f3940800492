"""Works the inbox off, in the order of arrival.

Updates are worked off one after another, since each is about a millisecond of one database; what takes long, the
sending, goes on side by side in the delivery loop. So seats are given in exactly the order in which Telegram got
the messages. Those that wait together share a transaction, each in an attempt of its own: one commit for a burst. An
update that fails is tried three times and then set aside with an apology; what the same person sent after it waits
meanwhile, everybody else does not.
"""

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.application import Application
from bot.chat.failures import Complaint
from bot.clock import Clock
from bot.services.deliveries import Deliveries
from bot.storage import inbox
from bot.storage.database import Database, SetBack, Transaction
from bot.storage.inbox import Letter
from bot.storage.outbox import Item

log = logging.getLogger(__name__)

TRIES = 3
PAUSE_BETWEEN_TRIES = 0.5
AT_ONCE = 50
SHARED = 0.01
"""Seconds after which a transaction takes no further update: what it has answered shall not wait for many more."""


@dataclass
class _Held:
    """Letters of one person that wait for the first of them to be tried again."""

    retry_at: float
    letters: deque[Letter] = field(default_factory=deque)


@dataclass
class _Failed:
    """A letter that failed and why, and what the same person sent after it."""

    error: Exception
    letters: list[Letter]


@dataclass
class _Batch:
    """What became of the letters of one transaction, which counts only once that is committed; ``behind`` are those
    of people whose turn has not come yet, ``cursor`` is the last of all; ``has_more`` when others were left."""

    items: list[Item] = field(default_factory=list)
    failed: dict[int, _Failed] = field(default_factory=dict)
    behind: list[tuple[int, Letter]] = field(default_factory=list)
    cursor: int = 0
    has_more: bool = False


class Worker:
    """``run`` until ``stop``; ``wake`` when the inbox has news."""

    def __init__(self, database: Database, application: Application, deliveries: Deliveries, clock: Clock) -> None:
        self._database = database
        self._application = application
        self._deliveries = deliveries
        self._clock = clock
        self._cursor = 0
        self._held: dict[int, _Held] = {}
        self._uncounted: dict[int, _Failed] = {}
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

    async def take_in(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stores updates and works off as many of those that wait as there is time for, all in one commit; the rest
        is left to ``run``. Raises SetBack when the database does not take it: then nothing has happened."""
        async with self._database.transaction() as tx:
            await inbox.store(tx, updates, self._clock.now())
            batch = await self._work_off(tx)
        self._settle(tx, batch)

    async def _round(self) -> bool:
        """Works off what is there; whether there may be more."""
        await self._count_failures()
        await self._try_held_again()
        async with self._database.transaction() as tx:
            batch = await self._work_off(tx)
        self._settle(tx, batch)
        return batch.has_more or bool(self._uncounted)

    async def _work_off(self, tx: Transaction) -> _Batch:
        batch = _Batch()
        until = _monotonic() + SHARED
        letters = await inbox.waiting(tx, self._cursor, AT_ONCE)
        for letter in letters:
            if self._stopping or _monotonic() >= until:
                break
            await self._take(tx, letter, batch)
        batch.has_more = len(letters) == AT_ONCE or (bool(letters) and batch.cursor < letters[-1].number)
        return batch

    def _settle(self, tx: Transaction, batch: _Batch) -> None:
        """What follows once the transaction is committed."""
        self._deliveries.add(batch.items)
        if tx.has_notices:
            self._deliveries.wake()
        self._cursor = batch.cursor or self._cursor
        again_at = _monotonic() + PAUSE_BETWEEN_TRIES
        for sender, letter in batch.behind:
            self._held.setdefault(sender, _Held(again_at)).letters.append(letter)
        for lane, failed in batch.failed.items():
            self._held[lane] = _Held(again_at, deque(failed.letters))
            self._uncounted[lane] = failed
        if batch.has_more or batch.failed:
            self.wake()

    async def _take(self, tx: Transaction, letter: Letter, batch: _Batch) -> None:
        sender = sender_of(letter.body)
        batch.cursor = letter.number
        if sender is not None and sender in self._held:
            batch.behind.append((sender, letter))
        elif sender is not None and sender in batch.failed:
            batch.failed[sender].letters.append(letter)
        else:
            try:
                batch.items += await self._carry_out(tx, letter)
            except SetBack:
                raise
            except Exception as error:
                lane = sender if sender is not None else -letter.number
                batch.failed[lane] = _Failed(error, [letter])

    async def _carry_out(self, tx: Transaction, letter: Letter) -> list[Item]:
        async with tx.attempt():
            items = await self._application.handle(tx, letter.number, letter.body, self._clock.now())
            await inbox.done(tx, letter.number)
        return items

    async def _count_failures(self) -> None:
        while self._uncounted:
            lane, failed = next(iter(self._uncounted.items()))
            if await self._is_set_aside(failed.letters[0], failed.error):
                self._held[lane].letters.popleft()
            del self._uncounted[lane]

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
                items = await self._carry_out(tx, letter)
        except SetBack:
            raise
        except Exception as error:
            return await self._is_set_aside(letter, error)
        self._deliveries.add(items)
        if tx.has_notices:
            self._deliveries.wake()
        return True

    async def _is_set_aside(self, letter: Letter, error: Exception) -> bool:
        """Counts the try that failed; whether it was the last."""
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

"""One loop that hands the outbox to Telegram: at the allowed pace, in order per chat, surviving whatever happens.

An item leaves the outbox only when its end is on disk, and its chat is not served further before that. So after a
kill at most the messages that were on the wire may come twice: ``CONCURRENCY`` of them.
"""

import asyncio
import logging
import random
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.messages.message import Acknowledge, Sendable, to_json
from bot.services.lanes import Lanes
from bot.services.notices import Notices, Obsolete
from bot.services.pace import Outage, Pace
from bot.services.ports import Blocked, Delivery, Messenger, Refused, Sent, TooMany, Unreachable
from bot.storage import outbox, people
from bot.storage.database import Database, SetBack
from bot.storage.outbox import Finished, Item, Lane

log = logging.getLogger(__name__)

CONCURRENCY = 48
"""Messages on the wire at one moment, at most: the bound of repeats after a kill."""
BUFFER = 500
"""Items of one lane that are held in memory; the rest waits on disk."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds between tries of one item, doubling from one to the other, give or take a third."""
GIVE_UP_AFTER = timedelta(hours=24)
MOST_REPEATS = 20
"""So often one message is sent again without knowing whether it has arrived; each time Telegram has gone silent."""
ACKNOWLEDGEMENTS_AT_ONCE = 16
ACKNOWLEDGEMENT = to_json(Acknowledge(""))[:24]
"""How the JSON of an acknowledgement begins."""


@dataclass(frozen=True)
class Again:
    """The item, as it is now, is to be tried again in ``pause`` seconds."""

    item: Item
    pause: float


class Deliveries:
    """Drains the outbox. ``run`` until ``stop``; tell it of replies with ``add`` and of anything else with ``wake``."""

    def __init__(self, database: Database, messenger: Messenger, notices: Notices, clock: Clock, pace: Pace) -> None:
        self._database = database
        self._messenger = messenger
        self._notices = notices
        self._clock = clock
        self._pace = pace
        self._lanes = Lanes()
        self._cursor = dict.fromkeys(Lane, 0)
        self._more = dict.fromkeys(Lane, True)
        self._reading = False
        self._news = asyncio.Event()
        self._stopping = False
        self._wire: set[asyncio.Task[None]] = set()
        self._ends = _Ends(database)
        self._outage = Outage()
        self._complained = False
        self._acknowledged: set[int] = set()
        self._acknowledging = asyncio.Semaphore(ACKNOWLEDGEMENTS_AT_ONCE)

    def add(self, items: Iterable[Item]) -> None:
        """Replies that were just committed: they go first."""
        if self._more[Lane.REPLY] or self._reading:
            # Older replies may still be on disk; these are there too and come after them.
            self._more[Lane.REPLY] = True
        else:
            for item in items:
                self._take(item)
        self._news.set()

    def _take(self, item: Item) -> None:
        if not item.content.startswith(ACKNOWLEDGEMENT):
            self._lanes.add(item)
        elif item.number not in self._acknowledged:
            self._acknowledged.add(item.number)
            self._start(self._acknowledge(item))

    def wake(self) -> None:
        """Something unsolicited may wait in the outbox."""
        self._more |= {Lane.NOTICE: True, Lane.BULK: True}
        self._news.set()

    async def run(self) -> None:
        """Sends until ``stop``; what is on the wire then is finished first."""
        try:
            while not self._stopping:
                await self._step()
        finally:
            if self._wire:
                await asyncio.wait(self._wire)

    def stop(self) -> None:
        self._stopping = True
        self._news.set()

    async def _step(self) -> None:
        self._news.clear()
        try:
            await self._fill()
            self._complained = False
        except Exception as error:
            # Neither a full disk nor a bug may make the bot mute: what waits is still on disk.
            if not self._complained:
                log.warning("the outbox cannot be read, trying again", exc_info=not isinstance(error, SetBack))
            self._complained = True
            await asyncio.sleep(1)
            return
        if len(self._wire) >= CONCURRENCY:
            await self._sleep(None)
            return
        now = self._monotonic()
        wait = self._pace.wait(now)
        if wait > 0:
            # Sleep first, choose after: whoever asks during the wait is served before any bulk.
            await asyncio.sleep(wait)
            return
        item = self._lanes.next(now)
        if item is None:
            wake_at = self._lanes.wake_at()
            await self._sleep(None if wake_at is None else max(0.0, wake_at - now))
            return
        self._pace.take(now)
        self._start(self._send(item))

    async def _sleep(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._wire.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._wire.discard(task)
        self._news.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("a delivery failed inside the bot", exc_info=task.exception())

    async def _fill(self) -> None:
        for lane in Lane:
            if self._more[lane] and self._lanes.waiting(lane) < BUFFER // 2:
                for item in await self._read(lane):
                    self._cursor[lane] = item.number
                    self._take(item)

    async def _read(self, lane: Lane) -> list[Item]:
        # What is queued while we read asks for another look by setting the mark again.
        self._more[lane], self._reading = False, True
        try:
            async with self._database.transaction() as tx:
                items = await outbox.waiting(tx, lane, self._cursor[lane], BUFFER)
        except BaseException:
            self._more[lane] = True
            raise
        finally:
            self._reading = False
        if len(items) == BUFFER:
            self._more[lane] = True
        return items

    async def _send(self, item: Item) -> None:
        try:
            end = await self._attempt(item)
        except SetBack as error:
            log.warning("the outbox cannot be read, trying again: %s", error)
            end = Again(item, FIRST_PAUSE * 2)
        except Exception:
            log.exception("item %d of the outbox cannot be sent", item.number)
            end = self._finished(item, "gave up", reason="unreachable")
        if isinstance(end, Again):
            self._lanes.again(replace(end.item, tries=item.tries + 1), self._monotonic() + end.pause)
            return
        await self._ends.note(end)
        self._lanes.done(item, self._monotonic())

    async def _attempt(self, item: Item) -> Finished | Again:
        now = self._clock.now()
        if item.expires_at is not None and now >= item.expires_at:
            return self._finished(item, "withdrawn", reason="expired")
        content: Sendable | Obsolete | None = self._notices.ready(item)
        if content is None:
            async with self._database.transaction() as tx:
                content = await self._notices.compose(tx, item, now)
        if isinstance(content, Obsolete):
            return self._finished(item, "withdrawn", reason=content.reason)
        delivery = await self._deliver(item, content)
        if isinstance(delivery, Unreachable) and delivery.unknown_fate:
            async with self._database.transaction() as tx:
                await outbox.count_repeat(tx, item.number)
            item = replace(item, repeats=item.repeats + 1)
        return self._judge(item, delivery)

    async def _deliver(self, item: Item, content: Sendable) -> Delivery:
        delivery = await self._messenger.deliver(item.chat, content)
        if isinstance(delivery, Unreachable):
            self._note_failure(item, delivery)
        elif not isinstance(delivery, TooMany) and self._outage.over():
            log.info("Telegram can be reached again")
        return delivery

    def _note_failure(self, item: Item, delivery: Unreachable) -> None:
        before = self._outage.noticed
        until = self._outage.failed(item.chat, self._monotonic(), _jitter())
        if until is not None:
            self._pace.silence(until)
        if self._outage.noticed and not before:
            log.warning("Telegram cannot be reached (%s); everything waits and goes on by itself", delivery.reason)

    def _judge(self, item: Item, delivery: Delivery) -> Finished | Again:
        match delivery:
            case Sent(message_id):
                return self._finished(item, "sent", message=message_id)
            case TooMany(retry_after):
                log.warning("Telegram asks for %.0f s of silence", retry_after)
                self._pace.silence(self._monotonic() + retry_after)
                return Again(item, retry_after)
            case Blocked():
                return self._finished(item, "blocked", reason="blocked")
            case Refused(reason):
                log.warning("item %d of the outbox was refused: %s", item.number, reason)
                return self._finished(item, "gave up", reason="refused")
            case Unreachable(reason):
                if self._clock.now() - item.created_at < GIVE_UP_AFTER and item.repeats < MOST_REPEATS:
                    return Again(item, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(item.tries, 10)) * _jitter())
                log.warning("item %d of the outbox could not be sent: %s", item.number, reason)
                return self._finished(item, "gave up", reason="unreachable")

    async def _acknowledge(self, item: Item) -> None:
        # It ends a waiting circle on somebody's phone: worth one try, no slot and no order.
        try:
            content = self._notices.ready(item)
            if content is not None and (item.expires_at is None or self._clock.now() < item.expires_at):
                async with self._acknowledging:
                    await self._messenger.deliver(item.chat, content)
        except Exception:
            log.exception("item %d of the outbox cannot be sent", item.number)
        await self._ends.note(self._finished(item, "sent"))
        self._acknowledged.discard(item.number)

    def _finished(self, item: Item, state: str, message: int | None = None, reason: str | None = None) -> Finished:
        return Finished(item, state, self._clock.now(), message, reason)

    @staticmethod
    def _monotonic() -> float:
        return asyncio.get_running_loop().time()


def _jitter() -> float:
    return random.uniform(0.7, 1.3)


class _Ends:
    """Writes how items ended, many in one commit; ``note`` returns when its own end is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: list[tuple[Finished, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def note(self, end: Finished) -> None:
        noted = asyncio.get_running_loop().create_future()
        self._pending.append((end, noted))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())
        await noted

    async def _write(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            await self._write_batch([end for end, _ in batch])
            for _, noted in batch:
                if not noted.done():
                    noted.set_result(None)

    async def _write_batch(self, ends: list[Finished]) -> None:
        complained = False
        while True:
            try:
                async with self._database.transaction() as tx:
                    await outbox.finish(tx, ends)
                    for end in ends:
                        if end.state == "blocked":
                            await people.mark_unreachable(tx, end.item.chat, end.at)
                return
            except SetBack as error:
                # What was sent is not sent again while this process lives, so waiting for the disk repeats nothing.
                if not complained:
                    log.warning("the outbox cannot be written, trying again: %s", error)
                complained = True
            except Exception:
                if not complained:
                    log.exception("the outbox cannot be written, trying again")
                complained = True
            await asyncio.sleep(1)

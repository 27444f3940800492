"""One loop that hands the outbox to Telegram: at the allowed pace, in order per chat, surviving whatever happens.

What nobody asked for is marked on disk as on its way before it is sent, and every item leaves the outbox only when
its end is on disk. So after a kill at most the messages that were on the wire may come twice, ``CONCURRENCY`` of
them, and those marked are counted.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.messages.message import Acknowledge, Sendable, to_json
from bot.services.lanes import Lanes
from bot.services.notices import Notices, Obsolete
from bot.services.pace import Outage, Pace, Slot
from bot.services.ports import Blocked, Delivery, Messenger, Refused, Sent, TooMany, Unreachable
from bot.storage import outbox, people
from bot.storage.database import Database, SetBack, Transaction
from bot.storage.outbox import Finished, Item, Lane, Postponed

log = logging.getLogger(__name__)

CONCURRENCY = 48
"""Messages on the wire or marked for it at one moment, at most: the bound of repeats after a kill."""
BUFFER = 500
"""Items of one lane that are held in memory; the rest waits on disk."""
MOST_STUCK = 20 * BUFFER
"""Items of one lane in memory at most, those of chats that are stuck included."""
AHEAD, MOST_AHEAD = 0.05, 32
"""Seconds' worth of notices and bulk that are marked and written ahead of their slot, in one commit, and how many of
them at most. Few, since a person who writes in that very moment waits for theirs to leave."""
SHORT_WAIT = 0.1
"""Seconds that the loop sleeps through, whatever happens; longer waits end when it is told to stop."""
LONG_SILENCE = 1.0
"""Seconds of silence after which what was written ahead is written anew."""
UNSOLICITED = (Lane.NOTICE, Lane.BULK)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds between tries of one item, doubling from one to the other, give or take a third."""
GIVE_UP_AFTER = timedelta(hours=24)
MOST_REPEATS = 20
"""So often one message is sent again without knowing whether it has arrived; each time Telegram has gone silent."""
GATHERING = 0.01
"""Seconds for which the ends of replies are collected before they are written: in a burst, many share one commit."""
ACKNOWLEDGEMENTS_AT_ONCE = 16
ACKNOWLEDGEMENT = to_json(Acknowledge(""))[:24]
"""How the JSON of an acknowledgement begins."""


@dataclass(frozen=True)
class Ready:
    """An item with what it says, marked as on its way where nobody asked for it."""

    item: Item
    content: Sendable


@dataclass(frozen=True)
class Again:
    """The item is to be tried again in ``pause`` seconds; it may have arrived all the same where ``repeated``."""

    pause: float
    repeated: bool = False


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
        self._stopping = asyncio.Event()
        self._ahead: deque[Ready] = deque()
        self._most_ahead = min(MOST_AHEAD, max(1, round(pace.per_second * AHEAD)))
        self._wire: set[asyncio.Task[None]] = set()
        self._besides: set[asyncio.Task[None]] = set()
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
            self._start(self._acknowledge(item), self._besides)

    def wake(self) -> None:
        """Something unsolicited may wait in the outbox."""
        self._more |= {Lane.NOTICE: True, Lane.BULK: True}
        self._news.set()

    async def run(self) -> None:
        """Sends until ``stop``; what is on the wire then is finished first."""
        try:
            while not self._stopping.is_set():
                await self._step()
        finally:
            if self._wire or self._besides:
                await asyncio.wait(self._wire | self._besides)
            await self._recall()

    def stop(self) -> None:
        self._stopping.set()
        self._news.set()

    async def _step(self) -> None:
        self._news.clear()
        try:
            await self._fill()
            await self._look_ahead()
            self._complained = False
        except Exception as error:
            # Neither a full disk nor a bug may make the bot mute: what waits is still on disk.
            if not self._complained:
                log.warning("the outbox cannot be used, trying again", exc_info=not isinstance(error, SetBack))
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
            await (asyncio.sleep(wait) if wait < SHORT_WAIT else self._sleep(wait))
            return
        ready = self._next(now)
        if ready is None:
            wake_at = self._lanes.wake_at()
            await self._sleep(None if wake_at is None else max(0.0, wake_at - now))
            return
        self._start(self._send(ready, self._pace.take(now)), self._wire)

    def _next(self, now: float) -> Ready | None:
        while (reply := self._lanes.next(now, (Lane.REPLY,))) is not None:
            if self._is_too_late(reply):
                self._start(self._end(self._finished(reply, "withdrawn", reason="expired")), self._besides)
            elif (content := self._read_reply(reply)) is not None:
                return Ready(reply, content)
        return self._ahead.popleft() if self._ahead else None

    def _read_reply(self, item: Item) -> Sendable | None:
        try:
            return self._notices.reply(item)
        except ValueError:
            log.exception("item %d of the outbox cannot be sent", item.number)
            self._start(self._end(self._finished(item, "gave up", reason="unreachable")), self._besides)
            return None

    async def _look_ahead(self) -> None:
        """Marks the next of what nobody asked for as on their way, and writes what they say, in one commit."""
        now = self._monotonic()
        if self._pace.silent_for(now) > LONG_SILENCE:
            # What is said then has to be written then.
            await self._recall()
            return
        free = min(self._most_ahead, CONCURRENCY - len(self._wire)) - len(self._ahead)
        if len(self._ahead) > self._most_ahead // 2 or free <= 0:
            return
        items: list[Item] = []
        while len(items) < free and (item := self._lanes.next(now, UNSOLICITED)) is not None:
            items.append(item)
        if not items:
            return
        try:
            async with self._database.transaction() as tx:
                written = await self._write(tx, items)
        except BaseException:
            for item in items:
                self._lanes.put_back(item)
            raise
        for item, content in zip(items, written, strict=True):
            if content is None:
                self._lanes.done(item, now, sent=False)
            elif isinstance(content, Finished):
                self._start(self._end(content), self._besides)
            else:
                self._ahead.append(Ready(item, content))

    async def _write(self, tx: Transaction, items: list[Item]) -> list[Sendable | Finished | None]:
        """What each item says, or why it says nothing; None for those that have been withdrawn or erased."""
        standing = await outbox.begin(tx, [item.number for item in items])
        blocked = await people.unreachable_among(tx, [item.chat for item in items])
        return [
            await self._compose(tx, item, item.chat in blocked) if item.number in standing else None for item in items
        ]

    async def _compose(self, tx: Transaction, item: Item, is_blocked: bool) -> Sendable | Finished:
        if is_blocked:
            # They blocked the bot since this was queued; they are not tried again until they write.
            return self._finished(item, "blocked", reason="blocked")
        if self._is_too_late(item):
            return self._finished(item, "withdrawn", reason="expired")
        try:
            content = await self._notices.compose(tx, item, self._clock.now())
        except SetBack:
            raise
        except Exception:
            log.exception("item %d of the outbox cannot be sent", item.number)
            return self._finished(item, "gave up", reason="unreachable")
        if isinstance(content, Obsolete):
            return self._finished(item, "withdrawn", reason=content.reason)
        return content

    def _is_too_late(self, item: Item) -> bool:
        return item.expires_at is not None and self._clock.now() >= item.expires_at

    async def _recall(self) -> None:
        """What was marked and not sent waits again."""
        if not self._ahead:
            return
        recalled = [ready.item for ready in self._ahead]
        async with self._database.transaction() as tx:
            await outbox.put_back(tx, [item.number for item in recalled])
        self._ahead.clear()
        for item in recalled:
            self._lanes.put_back(item)

    async def _sleep(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    def _start(self, work: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._wire.discard(task)
        self._besides.discard(task)
        self._news.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("a delivery failed inside the bot", exc_info=task.exception())

    async def _fill(self) -> None:
        for lane in Lane:
            if self._more[lane] and self._has_room(lane):
                for item in await self._read(lane):
                    self._cursor[lane] = item.number
                    self._take(item)

    def _has_room(self, lane: Lane) -> bool:
        # Chats that are stuck hold nobody else up, however many they are, up to what memory bears.
        waiting = self._lanes.waiting(lane)
        return waiting - self._lanes.stuck(lane) < BUFFER // 2 and waiting < MOST_STUCK

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

    async def _send(self, ready: Ready, slot: Slot) -> None:
        item = ready.item
        slot.at = self._monotonic()
        try:
            delivery = await self._deliver(item, ready.content)
            self._pace.answered(slot, slot.at, self._monotonic())
            end = self._judge(item, delivery)
        except Exception:
            log.exception("item %d of the outbox cannot be sent", item.number)
            end = self._finished(item, "gave up", reason="unreachable")
        if isinstance(end, Finished):
            await self._end(end)
            return
        if end.repeated or item.lane is not Lane.REPLY:
            await self._ends.note(Postponed(item, end.repeated))
        changed = replace(item, tries=item.tries + 1, repeats=item.repeats + end.repeated)
        self._lanes.again(changed, self._monotonic() + end.pause)

    async def _end(self, end: Finished) -> None:
        await self._ends.note(end)
        self._lanes.done(end.item, self._monotonic(), sent=end.state != "withdrawn")

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
                return Again(retry_after)
            case Blocked():
                return self._finished(item, "blocked", reason="blocked")
            case Refused(reason):
                log.warning("item %d of the outbox was refused: %s", item.number, reason)
                return self._finished(item, "gave up", reason="refused")
            case Unreachable(reason, unknown_fate):
                repeats = item.repeats + unknown_fate
                if self._clock.now() - item.created_at < GIVE_UP_AFTER and repeats < MOST_REPEATS:
                    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(item.tries, 10)) * _jitter()
                    return Again(pause, unknown_fate)
                log.warning("item %d of the outbox could not be sent: %s", item.number, reason)
                return replace(self._finished(item, "gave up", reason="unreachable"), repeated=unknown_fate)

    async def _acknowledge(self, item: Item) -> None:
        # It ends a waiting circle on somebody's phone: worth one try, no slot and no order.
        try:
            content = self._notices.reply(item)
            async with self._acknowledging:
                if await self._stopped_within(self._pace.silent_for(self._monotonic())):
                    return
                if not self._is_too_late(item):
                    await self._acknowledge_now(item, content)
        except Exception:
            log.exception("item %d of the outbox cannot be sent", item.number)
        await self._ends.note(self._finished(item, "sent"))
        self._acknowledged.discard(item.number)

    async def _stopped_within(self, seconds: float) -> bool:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set() and seconds > 0

    async def _acknowledge_now(self, item: Item, content: Sendable) -> None:
        delivery = await self._messenger.deliver(item.chat, content)
        if isinstance(delivery, TooMany):
            self._pace.silence(self._monotonic() + delivery.retry_after)

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
        self._pending: list[tuple[Finished | Postponed, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._urgent = asyncio.Event()

    async def note(self, end: Finished | Postponed) -> None:
        noted = asyncio.get_running_loop().create_future()
        self._pending.append((end, noted))
        if end.item.lane is not Lane.REPLY:
            # Somebody may answer to it at once, and then its message has to be known.
            self._urgent.set()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())
        await noted

    async def _write(self) -> None:
        while self._pending:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), GATHERING)
            self._urgent.clear()
            batch, self._pending = self._pending, []
            await self._write_batch([end for end, _ in batch])
            for _, noted in batch:
                if not noted.done():
                    noted.set_result(None)

    async def _write_batch(self, ends: list[Finished | Postponed]) -> None:
        finished = [end for end in ends if isinstance(end, Finished)]
        complained = False
        while True:
            try:
                async with self._database.transaction() as tx:
                    await outbox.finish(tx, finished)
                    await outbox.postpone(tx, (end for end in ends if isinstance(end, Postponed)))
                    for end in finished:
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

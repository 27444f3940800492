"""What happens without anybody asking: one tick a second that asks what is due, and housekeeping once an hour.

Nothing is scheduled and remembered, so a moved session, a late registration or a restart need no code of their own.
"""

import asyncio
import logging
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.chat.failures import Complaint
from bot.chat.request import Services
from bot.clock import Clock, SystemClock
from bot.services.deliveries import Deliveries
from bot.services.reminders import Reminders
from bot.storage import inbox, outbox
from bot.storage.database import Database, SetBack

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
HEARTBEAT = 5.0
"""Seconds after which a tick is made without the scheduler: a clock that was set back, or a machine that slept,
stops APScheduler's interval jobs (https://github.com/agronholm/apscheduler/issues/794)."""
KEPT_DONE = timedelta(days=2)
KEPT_SENT = timedelta(days=60)


class Jobs:
    """``start`` and ``stop``; each tick may be missed or repeated without harm."""

    def __init__(
        self, database: Database, services: Services, reminders: Reminders, deliveries: Deliveries, clock: Clock
    ) -> None:
        self._database = database
        self._services = services
        self._reminders = reminders
        self._deliveries = deliveries
        self._clock = clock
        self._turn = asyncio.Lock()
        self._ticked_at = 0.0
        self._heart: asyncio.Task[None] | None = None
        self._complaint = Complaint(log, "a tick failed, trying again: %s", "ticks work again")
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        # On the full second of the scheduler's own clock, since that is when people's reminders are due.
        full_second = SystemClock().now().replace(microsecond=0) + TICK
        self._scheduler.add_job(self.tick, "interval", seconds=TICK.total_seconds(), start_date=full_second)
        self._scheduler.add_job(self.keep_house, "interval", hours=1, next_run_time=full_second)
        self._scheduler.start()
        self._heart = asyncio.get_running_loop().create_task(self._beat())

    async def stop(self) -> None:
        """Ends what has begun and begins nothing more; the scheduler's own way would cancel it half-way."""
        self._scheduler.remove_all_jobs()
        if self._heart is not None:
            self._heart.cancel()
        async with self._turn:
            self._scheduler.shutdown(wait=False)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            if asyncio.get_running_loop().time() - self._ticked_at > HEARTBEAT:
                await self.tick()

    async def tick(self) -> None:
        """Queues what is due, ends offers that lapse, and shows how broadcasts go."""
        async with self._turn:
            self._ticked_at = asyncio.get_running_loop().time()
            try:
                await self._tick()
                self._complaint.settled()
            except SetBack as error:
                self._complaint.raised(error)
            except Exception:
                log.exception("a tick failed")

    async def _tick(self) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await self._services.registrations.lapse_offers(tx, now)
            items = await self._services.broadcasts.follow(tx, now)
        self._deliveries.add(items)
        if tx.has_notices:
            self._deliveries.wake()
        if self._services.questions.has_news:
            await self._services.questions.learn(self._database)
        await self._reminders.queue_due(self._database, now, self._deliveries.wake)
        await self._services.broadcasts.queue_due(self._database, now, self._deliveries.wake)

    async def keep_house(self) -> None:
        """Drops what is no longer needed, personal data first of all."""
        async with self._turn:
            try:
                await self._keep_house()
            except SetBack as error:
                self._complaint.raised(error)
            except Exception:
                log.exception("the housekeeping failed")

    async def _keep_house(self) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await inbox.prune(tx, now - KEPT_DONE)
            await outbox.prune(tx, now - KEPT_SENT)
            await self._services.privacy.erase_if_over(tx, now)

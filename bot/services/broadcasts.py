"""Announcements: a draft, a yes, one transaction that queues them all, progress, and a report."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.messages import broadcasts as messages
from bot.messages.message import Copy, Edit, Message, to_json
from bot.services.people import People
from bot.storage import broadcasts, outbox
from bot.storage.broadcasts import Broadcast, Tally
from bot.storage.database import Transaction
from bot.storage.outbox import Item

NAMED = 20
"""How many of those not reached the report names."""
PROGRESS_EVERY = timedelta(seconds=2)


@dataclass
class Broadcasts:
    people: People
    _shown: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    async def draft(self, tx: Transaction, coordinator: int, content: Message | Copy, now: datetime) -> tuple[int, int]:
        """Keeps what would be sent; (number, how many people it would go to)."""
        number = await broadcasts.draft(tx, coordinator, to_json(content), now)
        return number, await outbox.broadcast_recipients(tx)

    async def send(
        self, tx: Transaction, number: int, coordinator: int, progress: int | None, now: datetime
    ) -> int | None:
        """Queues the draft for everybody; how many people. None where it is another's or was decided on before."""
        found = await self._draft_of(tx, number, coordinator)
        if found is None:
            return None
        recipients = await outbox.broadcast(tx, number, now)
        await broadcasts.begin(tx, number, recipients, progress)
        return recipients

    async def drop(self, tx: Transaction, number: int, coordinator: int) -> bool:
        """Throws the draft away; False where there is none to throw away."""
        found = await self._draft_of(tx, number, coordinator)
        if found is not None:
            await broadcasts.drop(tx, number)
        return found is not None

    async def drop_drafts_of(self, tx: Transaction, coordinator: int, source: Copy) -> bool:
        """Throws away what would have sent copies of ``source``; whether there was anything."""
        return await broadcasts.drop_same(tx, coordinator, to_json(source)) > 0

    async def _draft_of(self, tx: Transaction, number: int, coordinator: int) -> Broadcast | None:
        found = await broadcasts.find(tx, number)
        mine = found is not None and found.coordinator == coordinator and found.state == "draft"
        return found if mine else None

    async def follow(self, tx: Transaction, now: datetime) -> list[Item]:
        """Shows how far the running broadcasts are and reports on those that have ended; what is to be sent."""
        items: list[Item] = []
        for broadcast in await broadcasts.running(tx):
            tally = await broadcasts.tally(tx, broadcast.number)
            if tally.waiting == 0:
                items += await self._report(tx, broadcast, tally, now)
            elif self._is_news(broadcast, tally, now):
                items += await self._show_progress(tx, broadcast, tally, now)
        return items

    def _is_news(self, broadcast: Broadcast, tally: Tally, now: datetime) -> bool:
        shown, at = self._shown.get(broadcast.number, (0, None))
        done = tally.recipients - tally.waiting
        return done != shown and (at is None or not timedelta() <= now - at < PROGRESS_EVERY)

    async def _show_progress(self, tx: Transaction, broadcast: Broadcast, tally: Tally, now: datetime) -> list[Item]:
        self._shown[broadcast.number] = (tally.recipients - tally.waiting, now)
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        message = messages.progress(wording, tally.sent, tally.not_reached, tally.recipients)
        return await self._edit(tx, broadcast, message, now, now + timedelta(seconds=10))

    async def _report(self, tx: Transaction, broadcast: Broadcast, tally: Tally, now: datetime) -> list[Item]:
        self._shown.pop(broadcast.number, None)
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        names = await broadcasts.unreached(tx, broadcast.number, NAMED)
        report = messages.report(wording, tally.sent, tally.reasons, names, tally.repeated)
        await broadcasts.finish(tx, broadcast.number)
        items = await self._edit(tx, broadcast, messages.finished(wording), now, None)
        return [*items, await outbox.reply(tx, broadcast.coordinator, to_json(report), now, None)]

    async def _edit(
        self, tx: Transaction, broadcast: Broadcast, message: Message, now: datetime, expires: datetime | None
    ) -> list[Item]:
        if broadcast.progress_message is None:
            return []
        content = to_json(Edit(broadcast.progress_message, message))
        return [await outbox.reply(tx, broadcast.coordinator, content, now, expires)]

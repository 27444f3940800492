"""Writes a notice at the moment when it is sent, so that what it says is true on arrival."""

from dataclasses import dataclass
from datetime import datetime

from bot.attendance.registration import Status
from bot.knowledge.event import Event
from bot.messages import registrations as registration_messages
from bot.messages import reminders as reminder_messages
from bot.messages.message import OfferDue, ReminderDue, Sendable, from_json
from bot.services.people import People
from bot.storage import broadcasts, registrations
from bot.storage.database import Transaction
from bot.storage.outbox import Item


@dataclass(frozen=True)
class Obsolete:
    """There is nothing left to say, and why."""

    reason: str


class Notices:
    """Composes the items of the outbox."""

    def __init__(self, event: Event, people: People) -> None:
        self._event = event
        self._people = people
        self._rules = {rule.id: rule for rule in event.reminders}
        self._broadcasts: dict[int, Sendable] = {}

    def ready(self, item: Item) -> Sendable | None:
        """What to send, where that needs no look at the database. Raises ValueError as ``compose`` does."""
        if item.broadcast is not None:
            return self._broadcasts.get(item.broadcast)
        content = from_json(item.content)
        return None if isinstance(content, ReminderDue | OfferDue) else content

    async def compose(self, tx: Transaction, item: Item, now: datetime) -> Sendable | Obsolete:
        """What to send for ``item``. Raises ValueError for a content that nothing of ours has written."""
        if item.broadcast is not None:
            return await self._broadcast(tx, item.broadcast)
        content = from_json(item.content)
        if isinstance(content, ReminderDue):
            return await self._reminder(tx, item, content, now)
        if isinstance(content, OfferDue):
            return await self._offer(tx, item, content, now)
        return content

    async def _broadcast(self, tx: Transaction, number: int) -> Sendable | Obsolete:
        if number not in self._broadcasts:
            found = await broadcasts.find(tx, number)
            content = from_json(found.content) if found else None
            if content is None or isinstance(content, ReminderDue | OfferDue):
                return Obsolete("withdrawn")
            self._broadcasts = {number: content}
        return self._broadcasts[number]

    async def _reminder(self, tx: Transaction, item: Item, due: ReminderDue, now: datetime) -> Sendable | Obsolete:
        session, rule = self._event.sessions_by_id.get(due.session), self._rules.get(due.rule)
        if session is None or rule is None:
            return Obsolete("the knowledge file has it no longer")
        registration = await registrations.active(tx, item.chat, due.session)
        if registration is None or registration.status is not Status.CONFIRMED:
            return Obsolete("cancelled")
        if rule.before is not None and now >= session.start:
            return Obsolete("expired")
        return reminder_messages.reminder(await self._people.wording_of(tx, item.chat), session, rule, now)

    async def _offer(self, tx: Transaction, item: Item, due: OfferDue, now: datetime) -> Sendable | Obsolete:
        registration = await registrations.find(tx, due.registration)
        if registration is None or registration.status is not Status.OFFERED:
            return Obsolete("decided")
        session = self._event.sessions_by_id.get(registration.session)
        if session is None:
            return Obsolete("the knowledge file has it no longer")
        wording = await self._people.wording_of(tx, item.chat)
        return registration_messages.offer(wording, session, registration, now)

"""Writes a notice at the moment when it is sent, so that what it says is true on arrival."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.attendance.changes import Told
from bot.attendance.registration import Status
from bot.attendance.reminders import reminder, rule_called
from bot.knowledge.event import Event
from bot.messages import changes as change_messages
from bot.messages import registrations as registration_messages
from bot.messages import reminders as reminder_messages
from bot.messages.message import (
    Amend,
    ChangeDue,
    Composed,
    Delete,
    OfferDue,
    ReminderDue,
    Sendable,
    from_json,
)
from bot.services.people import People
from bot.storage import broadcasts, registrations
from bot.storage.broadcasts import Kind
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

    @staticmethod
    def reply(item: Item) -> Sendable:
        """What a reply says. Raises ValueError for a content that nothing of ours has written as one."""
        if item.said is not None:
            return item.said
        content = from_json(item.content)
        if isinstance(content, Composed):
            raise ValueError("not a reply")
        return content

    async def compose(self, tx: Transaction, item: Item, now: datetime) -> Sendable | Obsolete:
        """What to send for ``item``. Raises ValueError for a content that nothing of ours has written."""
        if item.broadcast is not None:
            return await self._broadcast(tx, item.broadcast, item.chat)
        content = from_json(item.content)
        if isinstance(content, ReminderDue):
            return await self._reminder(tx, item, content, now)
        if isinstance(content, OfferDue):
            return await self._offer(tx, item, content, now)
        if isinstance(content, ChangeDue):
            return await self._change(tx, item, content, now)
        return content

    async def _broadcast(self, tx: Transaction, number: int, chat: int) -> Sendable | Obsolete:
        broadcast = await broadcasts.find(tx, number)
        if broadcast is None or broadcast.stopped_at is not None:
            return Obsolete("stopped")
        content = from_json(broadcast.content)
        if isinstance(content, Composed):
            raise ValueError("not an announcement")
        if broadcast.original is None:
            return content
        copy = await broadcasts.copy_of(tx, broadcast.original, chat)
        if copy is None:
            return Obsolete("gone")
        if broadcast.kind is Kind.WITHDRAWAL:
            return Delete(copy)
        return replace(content, message_id=copy) if isinstance(content, Amend) else Obsolete("gone")

    async def _reminder(self, tx: Transaction, item: Item, due: ReminderDue, now: datetime) -> Sendable | Obsolete:
        session, rule = self._event.sessions_by_id.get(due.session), rule_called(self._event, due.rule)
        if session is None or rule is None:
            return Obsolete("the knowledge file has it no longer")
        registration = await registrations.active(tx, item.chat, due.session)
        if registration is None or registration.status is not Status.CONFIRMED:
            return Obsolete("cancelled")
        if rule.before is not None and now >= session.start:
            return Obsolete("expired")
        if now < reminder(session, rule).due:
            # Moved to a later time since this was queued; the new time has reminders of its own.
            return Obsolete("moved")
        return reminder_messages.reminder(await self._people.wording_of(tx, item.chat), session, rule, now)

    async def _change(self, tx: Transaction, item: Item, due: ChangeDue, now: datetime) -> Sendable | Obsolete:
        session, before = self._event.sessions_by_id.get(due.session), Told.from_json(due.told)
        if session is None or await registrations.active(tx, item.chat, due.session) is None:
            return Obsolete("cancelled")
        if not before.differs(Told.of(session)):
            return Obsolete("as before")
        return change_messages.changed(await self._people.wording_of(tx, item.chat), session, before)

    async def _offer(self, tx: Transaction, item: Item, due: OfferDue, now: datetime) -> Sendable | Obsolete:
        registration = await registrations.find(tx, due.registration)
        if registration is None or registration.status is not Status.OFFERED:
            return Obsolete("decided")
        session = self._event.sessions_by_id.get(registration.session)
        if session is None:
            return Obsolete("the knowledge file has it no longer")
        wording = await self._people.wording_of(tx, item.chat)
        return registration_messages.offer(wording, session, registration, now)

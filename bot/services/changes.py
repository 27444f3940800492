"""A session that the knowledge file has moved since the bot last ran: those who come are told, and so is the
coordinator."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.attendance.changes import Told
from bot.knowledge.event import Event, Session
from bot.messages import changes as messages
from bot.messages.message import ChangeDue, Message, to_json
from bot.services.people import People
from bot.storage import outbox, registrations
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Changes:
    event: Event
    people: People

    async def tell(self, tx: Transaction, now: datetime) -> None:
        """Compares the knowledge file with what people were told last, as at every start."""
        for session_id, text in (await registrations.told(tx)).items():
            session = self.event.sessions_by_id.get(session_id)
            before = None if text is None else Told.from_json(text)
            if session is None and before is not None and not before.gone:
                await self._tell_of_removal(tx, session_id, before, now)
            elif session is not None:
                await self._tell_of_move(tx, session, before, now)

    async def _tell_of_move(self, tx: Transaction, session: Session, before: Told | None, now: datetime) -> None:
        after = Told.of(session)
        if before == after:
            return
        await registrations.note_told(tx, session.id, after.to_json())
        if before is None or not before.differs(after) or max(before.start, after.start) <= now:
            return
        content = to_json(ChangeDue(session.id, before.to_json()))
        until = max(before.start, after.end or after.start)
        people = await outbox.notify_registered(tx, session.id, f"change:{session.id}", content, now, until)
        if people:
            await self._tell_coordinators(tx, session.id, lambda wording: messages.told(wording, session, people), now)

    async def _tell_of_removal(self, tx: Transaction, session_id: str, before: Told, now: datetime) -> None:
        await registrations.note_told(tx, session_id, replace(before, gone=True).to_json())
        people = await registrations.count_active(tx, session_id)
        if people and before.start > now:
            await self._tell_coordinators(
                tx, session_id, lambda wording: messages.removed(wording, before, session_id, people), now
            )

    async def _tell_coordinators(self, tx: Transaction, session_id: str, said: messages.Said, now: datetime) -> None:
        for coordinator in sorted(self.people.coordinators):
            message: Message = said(await self.people.wording_of(tx, coordinator))
            key = f"changed:{session_id}:{now.isoformat()}:{coordinator}"
            await outbox.notify(tx, key, coordinator, to_json(message), now)

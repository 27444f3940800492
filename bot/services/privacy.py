"""A person's own data: all of it on request, none of it when they wish or when its time is over."""

import json
from dataclasses import dataclass
from datetime import datetime

from bot.attendance.person import Person
from bot.knowledge.duration import format_duration
from bot.knowledge.event import Event
from bot.services.registrations import Registrations
from bot.storage import people, questions, registrations
from bot.storage.database import Transaction
from bot.storage.moments import EPOCH


@dataclass(frozen=True)
class Privacy:
    event: Event
    registrations: Registrations

    async def data_of(self, tx: Transaction, person: Person) -> bytes:
        """All that is kept of the person, as JSON that a person can read."""
        kept = {
            "person": {
                "telegram_id": person.id,
                "name": person.name,
                "username": person.username,
                "telegram_language": person.telegram_language,
                "chosen_language": person.language,
                "reminders_switched_off": sorted(person.muted),
                "own_reminder": None if person.lead is None else format_duration(person.lead) + " before",
            },
            "registrations": await registrations.everything_of(tx, person.id, self.event.timezone),
            "questions": [
                {"question": each.text, "answer": each.answer} for each in await questions.of_person(tx, person.id)
            ],
            "conversation": await people.remembered_conversation(tx, person.id, EPOCH),
        }
        return json.dumps(kept, ensure_ascii=False, indent=2).encode()

    async def delete(self, tx: Transaction, person: int, now: datetime) -> None:
        """Gives back what the person holds and erases the rest."""
        for registration in await registrations.active_of(tx, person):
            await self.registrations.release(tx, registration, now)
        await registrations.forget(tx, person)
        await people.forget(tx, person)

    async def erase_if_over(self, tx: Transaction, now: datetime) -> bool:
        """Erases what is as old as the knowledge file's ``erase_after`` says, once that has passed since the last
        session. Whoever writes after the event is over is kept as long from then on."""
        kept_since = now - self.event.registration.erase_after
        if kept_since < self.event.last_end:
            return False
        await people.forget_everything_before(tx, kept_since)
        return True

"""Who writes to the bot, in which language, and with which rights."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.attendance.person import Person
from bot.i18n.catalog import DEFAULT_LANGUAGE, closest_language
from bot.knowledge.event import Event
from bot.messages.help import commands
from bot.messages.message import Commands, to_json
from bot.messages.wording import Wording
from bot.storage import outbox, people
from bot.storage.database import Transaction


@dataclass(frozen=True)
class People:
    """Knows the coordinators by Telegram's ids."""

    event: Event
    coordinators: frozenset[int]

    async def meet(self, tx: Transaction, person: Person) -> Person:
        """The person as we know them, with what Telegram now says of them. Writes only what is new."""
        known = await people.find(tx, person.id)
        if known is None:
            await people.save(tx, person)
            return person
        seen = replace(known, name=person.name, username=person.username, telegram_language=person.telegram_language)
        if seen != known or known.unreachable_since is not None:
            await people.save(tx, seen)
        return replace(seen, unreachable_since=None)

    def is_coordinator(self, person: int) -> bool:
        return person in self.coordinators

    def language_of(self, person: Person | None) -> str:
        """The language to speak with somebody: their choice, else Telegram's, else the event's, else English."""
        if person is None:
            return self._default_language
        return person.language or closest_language(person.telegram_language) or self._default_language

    @cached_property
    def _default_language(self) -> str:
        return closest_language(self.event.language) or DEFAULT_LANGUAGE

    def wording_for(self, person: Person | None) -> Wording:
        return Wording(self.event, self.language_of(person))

    async def renew_menus(self, tx: Transaction, now: datetime) -> None:
        """Gives the coordinators whom we know the menu of this version; the others get it with their first /start."""
        for coordinator in sorted(self.coordinators):
            known = await people.find(tx, coordinator)
            if known is not None:
                menu = Commands(commands(self.wording_for(known), coordinator=True))
                await outbox.reply(tx, coordinator, to_json(menu), now, None)

    async def wording_of(self, tx: Transaction, person: int) -> Wording:
        """The wording for somebody who is not in the room, by id."""
        return self.wording_for(await people.find(tx, person))

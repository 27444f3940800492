"""One thing that somebody wants, with all that a handler needs, and what is said in return."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attendance.person import Person
from bot.chat.rendering import fitting
from bot.knowledge.event import Event, Session
from bot.messages.actions import short
from bot.messages.message import Acknowledge, Edit, Message, Part, Sendable
from bot.messages.wording import Wording
from bot.services.broadcasts import Broadcasts
from bot.services.people import People
from bot.services.privacy import Privacy
from bot.services.questions import Questions
from bot.services.registrations import Registrations
from bot.storage import people
from bot.storage.database import Transaction

PRESS_LIFETIME = timedelta(seconds=150)
"""How long Telegram takes an answer to a press, after which the waiting circle has gone by itself."""
DIALOGUE = timedelta(minutes=15)
"""How long a dialogue waits for the text that it asked for."""


@dataclass(frozen=True)
class Services:
    """Every use case, wired."""

    event: Event
    people: People
    questions: Questions
    registrations: Registrations
    broadcasts: Broadcasts
    privacy: Privacy

    def session(self, key: str) -> Session | None:
        """The session that an action names, by id or by the digest of a long one."""
        return next((each for each in self.event.sessions if short(each.id) == key), None)


@dataclass(frozen=True)
class Press:
    """A button was pressed: Telegram's id of that, the message under which it stood, and its caption."""

    callback_id: str
    message_id: int | None
    caption: str | None


@dataclass
class Request:
    """``arrival`` is the update's place in the order in which Telegram gave them to us; ``html`` are the message's
    own words with their formatting, ``part`` says which they are, ``reply_part`` which the one has that it replies to.
    """

    tx: Transaction
    services: Services
    person: Person
    now: datetime
    arrival: int
    press: Press | None = None
    arguments: str = ""
    message_id: int | None = None
    reply_to: int | None = None
    html: str = ""
    part: Part = Part.NONE
    reply_part: Part = Part.NONE
    said: list[Sendable] = field(default_factory=list)
    note: str = ""

    def __post_init__(self) -> None:
        self.wording: Wording = self.services.people.wording_for(self.person)

    @property
    def event(self) -> Event:
        return self.services.event

    @property
    def is_coordinator(self) -> bool:
        return self.services.people.is_coordinator(self.person.id)

    def say(self, content: Sendable) -> None:
        """A new message."""
        self.said.append(content)

    def show(self, message: Message) -> None:
        """In place of the message whose button was pressed; a new message otherwise."""
        if self.press is not None and self.press.message_id is not None:
            self.said.append(Edit(self.press.message_id, message))
        else:
            self.said.append(message)

    def speak(self, person: Person) -> None:
        """Goes on in another language."""
        self.person = person
        self.wording = self.services.people.wording_for(person)

    async def expect(self, dialogue: str) -> None:
        """The person's next text belongs to ``dialogue``."""
        await people.await_text(self.tx, self.person.id, dialogue, self.now + DIALOGUE)

    async def expect_nothing(self) -> None:
        await people.await_text(self.tx, self.person.id, None, self.now)

    def replies(self) -> Iterator[tuple[Sendable, datetime | None]]:
        """What goes out, each with the moment from which it is of no use."""
        if self.press is not None:
            yield Acknowledge(self.press.callback_id, self.note), self.now + PRESS_LIFETIME
        for content in self.said:
            for piece in fitting(content):
                yield piece, None

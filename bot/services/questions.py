"""Questions: answered from the knowledge file, or passed on to a coordinator and back, and known from then on."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.answering.answer import Answer, FollowUp, SeatCount
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.attendance.person import Person
from bot.knowledge.event import Event, FaqEntry
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.writer import write_faq_entry
from bot.messages import questions as messages
from bot.messages.message import to_json
from bot.services.people import People
from bot.storage import outbox, people, questions, registrations
from bot.storage.database import Database, Transaction
from bot.storage.questions import Answered, Asked, Question

REMEMBERED = timedelta(minutes=30)
"""How long "and where?" still knows what was spoken of."""
MOST_WORDINGS = 5
"""So many wordings of a question go into the entry for the knowledge file."""


@dataclass(frozen=True)
class Replied:
    """A coordinator's answer is on its way to so many ``people``; ``entry`` is it as the knowledge file would hold it,
    and ``number`` the one under which the bot knows it from now on."""

    people: int
    number: int
    entry: str


@dataclass
class Questions:
    """``answerer`` is replaced when coordinators have taught it something."""

    answerer: Answerer
    people: People
    has_news: bool = field(default=False, init=False)
    _is_taught: bool = field(default=False, init=False)

    @property
    def event(self) -> Event:
        return self.people.event

    async def learn(self, database: Database) -> None:
        """Takes over what coordinators have answered: from now on the bot answers it like the file's own FAQ."""
        self.has_news = False
        async with database.transaction() as tx:
            learned = await questions.learned(tx)
        entries = tuple(_entry(each) for each in learned)
        if not entries and not self._is_taught:
            return
        self._is_taught = bool(entries)
        # In a thread, since a large programme takes a while to be read anew.
        self.answerer = await asyncio.to_thread(Answerer, replace(self.event, faq=(*self.event.faq, *entries)))

    async def ask(self, tx: Transaction, person: Person, text: str, now: datetime) -> tuple[Answer, int | None]:
        """The answer, and the number under which an unanswered question can be passed on."""
        language = self.people.language_of(person)
        before = Conversation.from_json(await people.remembered_conversation(tx, person.id, now - REMEMBERED))
        counts = await self._seat_counts(tx)
        answer, after = self.answerer.answer(text, now, language, before, counts)
        if after != before:
            await people.remember_conversation(tx, person.id, after.to_json(), now)
        return answer, await self._note(tx, person, answer, now)

    async def _seat_counts(self, tx: Transaction) -> dict[str, SeatCount]:
        seats = await registrations.all_seats(tx)
        return {session: SeatCount(each.capacity, each.taken, each.waiting) for session, each in seats.items()}

    async def _note(self, tx: Transaction, person: Person, answer: Answer, now: datetime) -> int | None:
        if answer.answered or not self.people.coordinators or not _worth_passing_on(answer):
            return None
        gist = self.answerer.gist(answer.question, answer.language)
        return await questions.note(tx, person.id, answer.question, answer.language, gist, now)

    async def pass_on(self, tx: Transaction, person: int, number: int, now: datetime) -> bool:
        """Sends the question to every coordinator, unless somebody asked the same before; False where it is not this
        person's, is no longer kept, or has been dealt with."""
        question = await questions.find(tx, number)
        if question is None or question.person != person or question.state not in ("asked", "open"):
            return False
        known = await questions.answer_to(tx, question.gist)
        await questions.pass_on(tx, number)
        if known is not None:
            await self._answer(tx, question, known, person, now)
        elif len(await questions.open_like(tx, question)) == 1:
            await self._tell_coordinators(tx, question, now)
        return True

    async def _tell_coordinators(self, tx: Transaction, question: Question, now: datetime) -> None:
        for coordinator in sorted(self.people.coordinators):
            wording = await self.people.wording_of(tx, coordinator)
            content = to_json(messages.for_coordinator(wording, question.number, question.text))
            await outbox.notify(tx, f"question:{question.number}:{coordinator}", coordinator, content, now)

    async def open_ones(self, tx: Transaction) -> list[Asked]:
        """What waits for an answer, the most asked first."""
        return await questions.open_ones(tx)

    async def find_open(self, tx: Transaction, number: int) -> Question | None:
        question = await questions.find(tx, number)
        return question if question is not None and question.state == "open" else None

    async def question_behind(self, tx: Transaction, chat: int, message: int) -> int | None:
        """The number of the question that a coordinator's chat shows as ``message``."""
        key = await outbox.key_of_message(tx, chat, message)
        kind, _, rest = (key or "").partition(":")
        return int(rest.split(":")[0]) if kind == "question" else None

    async def reply(self, tx: Transaction, number: int, reply: str, coordinator: int, now: datetime) -> Replied | None:
        """Sends a coordinator's answer to the asker and to all who ask the same, and keeps it; None where the question
        has been dealt with."""
        question = await self.find_open(tx, number)
        if question is None:
            return None
        alike = await questions.open_like(tx, question)
        for each in alike:
            await self._answer(tx, each, reply, coordinator, now)
        wordings = list(dict.fromkeys(each.text for each in alike))[:MOST_WORDINGS]
        kept = await questions.learn(tx, question, wordings, reply, coordinator, now)
        self.has_news = True
        people_reached = len({each.person for each in alike})
        return Replied(people_reached, kept.number, write_faq_entry(_entry(kept)))

    async def _answer(self, tx: Transaction, question: Question, reply: str, coordinator: int, now: datetime) -> None:
        await questions.answered(tx, question.number, reply, coordinator, now)
        wording = await self.people.wording_of(tx, question.person)
        content = to_json(messages.from_coordinator(wording, question.text, reply))
        await outbox.notify(tx, f"answer:{question.number}", question.person, content, now)

    async def forget(self, tx: Transaction, number: int) -> bool:
        """The bot no longer gives this answer by itself; False where it does not know it."""
        forgotten = await questions.unlearn(tx, number)
        self.has_news = self.has_news or forgotten
        return forgotten

    async def dismiss(self, tx: Transaction, number: int, coordinator: int, now: datetime) -> bool:
        """Closes the question without an answer, and says so to all who asked; False where it has been dealt with."""
        question = await self.find_open(tx, number)
        if question is None:
            return False
        for each in await questions.open_like(tx, question):
            await questions.dismissed(tx, each.number, coordinator, now)
            wording = await self.people.wording_of(tx, each.person)
            content = to_json(messages.left_unanswered(wording, each.text))
            await outbox.notify(tx, f"answer:{each.number}", each.person, content, now)
        return True


def _worth_passing_on(answer: Answer) -> bool:
    # A question asked back, or one that has nothing to do with the event, is nothing for a coordinator.
    return FollowUp.ASK_COORDINATOR in answer.follow_ups


def _entry(known: Answered) -> FaqEntry:
    return FaqEntry(
        f"organisers-{known.number}",
        tuple(LocalizedText.of(each, known.language) for each in known.questions),
        LocalizedText.of(known.answer, known.language),
    )

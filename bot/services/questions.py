"""Questions: answered from the knowledge file, or passed on to a coordinator and back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.answering.answer import Answer, FollowUp, SeatCount
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.attendance.person import Person
from bot.messages import questions as messages
from bot.messages.message import to_json
from bot.services.people import People
from bot.storage import outbox, people, questions, registrations
from bot.storage.database import Transaction
from bot.storage.questions import Question

REMEMBERED = timedelta(minutes=30)
"""How long "and where?" still knows what was spoken of."""


@dataclass(frozen=True)
class Questions:
    answerer: Answerer
    people: People

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
        return await questions.note(tx, person.id, answer.question, answer.language, now)

    async def pass_on(self, tx: Transaction, person: int, number: int, now: datetime) -> bool:
        """Sends the question to every coordinator; False where it is not this person's, is no longer kept, or has
        been dealt with."""
        question = await questions.find(tx, number)
        if question is None or question.person != person or question.state not in ("asked", "open"):
            return False
        await questions.pass_on(tx, number)
        for coordinator in sorted(self.people.coordinators):
            wording = await self.people.wording_of(tx, coordinator)
            content = to_json(messages.for_coordinator(wording, number, question.text))
            await outbox.notify(tx, f"question:{number}:{coordinator}", coordinator, content, now)
        return True

    async def open_ones(self, tx: Transaction) -> list[Question]:
        return await questions.open_ones(tx)

    async def find_open(self, tx: Transaction, number: int) -> Question | None:
        question = await questions.find(tx, number)
        return question if question is not None and question.state == "open" else None

    async def question_behind(self, tx: Transaction, chat: int, message: int) -> int | None:
        """The number of the question that a coordinator's chat shows as ``message``."""
        key = await outbox.key_of_message(tx, chat, message)
        kind, _, rest = (key or "").partition(":")
        return int(rest.split(":")[0]) if kind == "question" else None

    async def reply(self, tx: Transaction, number: int, reply: str, coordinator: int, now: datetime) -> bool:
        """Sends a coordinator's answer to the asker; False where the question has been dealt with."""
        question = await self.find_open(tx, number)
        if question is None:
            return False
        await questions.answered(tx, number, reply, coordinator, now)
        wording = await self.people.wording_of(tx, question.person)
        content = to_json(messages.from_coordinator(wording, question.text, reply))
        await outbox.notify(tx, f"answer:{number}", question.person, content, now)
        return True

    async def dismiss(self, tx: Transaction, number: int, coordinator: int, now: datetime) -> bool:
        """Closes the question without an answer, and says so to the asker; False where it has been dealt with."""
        if await self.find_open(tx, number) is None:
            return False
        question = await questions.find(tx, number)
        await questions.dismissed(tx, number, coordinator, now)
        if question is not None:
            wording = await self.people.wording_of(tx, question.person)
            content = to_json(messages.left_unanswered(wording, question.text))
            await outbox.notify(tx, f"answer:{number}", question.person, content, now)
        return True


def _worth_passing_on(answer: Answer) -> bool:
    # A question asked back, or one that has nothing to do with the event, is nothing for a coordinator.
    return FollowUp.ASK_COORDINATOR in answer.follow_ups

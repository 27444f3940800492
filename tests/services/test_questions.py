"""Questions that the knowledge file does not answer go to the coordinators, and their answers come back."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.answering.answer import Answer, FollowUp, SeatCount
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.messages import questions as messages
from bot.messages.message import to_json
from bot.services.people import People
from bot.services.questions import REMEMBERED, Questions, Replied
from bot.storage import outbox, people, questions
from bot.storage.outbox import Finished, Lane
from bot.storage.questions import Asked
from tests.builders import COORDINATOR, NOON, House, person, wording

KNOWN = Answer("Where?", "en", True, "In the Town Hall.", ("place",), ("venue",))
UNKNOWN = Answer("Is there tea?", "en", False, "I do not know.", follow_ups=(FollowUp.ASK_COORDINATOR,))
UNCLEAR = Answer("Which one?", "en", False, "Which do you mean?", choices=("This?", "That?"))
ADA, BOB = person(1), person(2)


@dataclass
class StubAnswerer:
    """Says what it is told to say, and notes what it was asked."""

    says: Answer = UNKNOWN
    after: Conversation = field(default_factory=Conversation)
    asked: list[tuple[str, str, Conversation, dict[str, SeatCount]]] = field(default_factory=list)

    def answer(
        self, text: str, now: datetime, language: str, before: Conversation, seats: dict[str, SeatCount]
    ) -> tuple[Answer, Conversation]:
        self.asked.append((text, language, before, seats))
        return replace(self.says, question=text) if self.says is UNKNOWN else self.says, self.after

    def gist(self, text: str, language: str) -> str:
        return " ".join(sorted(set(text.casefold().rstrip("?").split()) - {"is", "there", "any"}))


def asking(home: House, answerer: StubAnswerer | None = None, *coordinators: int) -> Questions:
    crew = People(home.event, frozenset(coordinators or {COORDINATOR}))
    return Questions(answerer or StubAnswerer(), crew)  # type: ignore[arg-type]


async def ask(home: House, service: Questions, text: str = "Is there tea?") -> tuple[Answer, int | None]:
    async with home.database.transaction() as tx:
        await people.save(tx, ADA)
        return await service.ask(tx, ADA, text, home.now)


@pytest.mark.parametrize(("says", "number"), [(KNOWN, None), (UNCLEAR, None), (UNKNOWN, 1)])
async def test_only_what_is_worth_a_coordinators_time_can_be_passed_on(
    home: House, says: Answer, number: int | None
) -> None:
    assert await ask(home, asking(home, StubAnswerer(says))) == (says, number)


async def test_without_a_coordinator_nothing_is_kept(home: House) -> None:
    service = Questions(StubAnswerer(), People(home.event, frozenset()))  # type: ignore[arg-type]
    assert await ask(home, service) == (UNKNOWN, None)
    assert await home.rows("SELECT * FROM questions") == []


async def test_the_answerer_hears_how_full_the_sessions_are_and_what_was_spoken_of(home: House) -> None:
    await home.register(1, 2, 3)
    spoken = Conversation("venue", (), ("place",))
    answerer = StubAnswerer(KNOWN, spoken)
    service = asking(home, answerer)
    await ask(home, service, "Where?")
    home.clock.move(REMEMBERED)
    await ask(home, service, "And when?")
    home.clock.move(timedelta(milliseconds=1))
    await ask(home, service, "And who?")
    seats = {"talk": SeatCount(2, 2, 1)}
    assert answerer.asked == [
        ("Where?", "en", Conversation(), seats),
        ("And when?", "en", spoken, seats),
        ("And who?", "en", Conversation(), seats),
    ]


async def test_a_question_goes_to_every_coordinator_once(home: House) -> None:
    service = asking(home, None, 900, 901)
    await ask(home, service)
    async with home.database.transaction() as tx:
        assert [await service.pass_on(tx, ADA.id, 1, NOON) for _ in range(2)] == [True, True]
    content = to_json(messages.for_coordinator(wording(home.event), 1, "Is there tea?"))
    assert await home.rows("SELECT key, chat, content FROM outbox ORDER BY number") == [
        ("question:1:900", 900, content),
        ("question:1:901", 901, content),
    ]
    async with home.database.transaction() as tx:
        assert [each.text for each in await service.open_ones(tx)] == ["Is there tea?"]


@pytest.mark.parametrize(("who", "number"), [(BOB, 1), (ADA, 77)])
async def test_nobody_passes_on_what_another_asked(home: House, who: object, number: int) -> None:
    service = asking(home)
    await ask(home, service)
    async with home.database.transaction() as tx:
        assert not await service.pass_on(tx, BOB.id if who is BOB else ADA.id, number, NOON)
        assert await service.open_ones(tx) == []
    assert await home.outbox() == []


async def passed_on(home: House) -> Questions:
    service = asking(home)
    await ask(home, service)
    async with home.database.transaction() as tx:
        await service.pass_on(tx, ADA.id, 1, NOON)
    return service


async def test_the_first_answer_reaches_the_asker_and_no_second_one(home: House) -> None:
    service = await passed_on(home)
    async with home.database.transaction() as tx:
        assert await service.reply(tx, 1, "Yes, & <cake>.", 900, NOON)
        assert not await service.reply(tx, 1, "No.", 901, NOON)
        assert not await service.dismiss(tx, 1, 901, NOON)
        assert await service.open_ones(tx) == []
    reply = messages.from_coordinator(wording(home.event), "Is there tea?", "Yes, & <cake>.")
    assert await home.rows("SELECT chat, content FROM outbox WHERE key = 'answer:1'") == [(1, to_json(reply))]
    assert await home.rows("SELECT state, answer, answered_by FROM questions") == [("answered", "Yes, & <cake>.", 900)]
    assert reply.text == (
        "💬 You asked: <i>Is there tea?</i>\n\n<b>The organisers answer:</b>\nYes, &amp; &lt;cake&gt;."
    )


async def test_a_question_left_alone_is_closed_and_the_asker_is_told_once(home: House) -> None:
    service = await passed_on(home)
    async with home.database.transaction() as tx:
        assert [await service.dismiss(tx, 1, 900, NOON) for _ in range(2)] == [True, False]
        assert not await service.reply(tx, 1, "Too late.", 900, NOON)
        assert not await service.pass_on(tx, ADA.id, 1, NOON)
    assert [chat for chat, _, _ in await home.outbox()] == [COORDINATOR, ADA.id]


@pytest.mark.parametrize("number", [1, 77])
async def test_what_was_not_passed_on_cannot_be_answered(home: House, number: int) -> None:
    service = asking(home)
    await ask(home, service)
    async with home.database.transaction() as tx:
        assert await service.reply(tx, number, "Yes.", 900, NOON) is None
        assert not await service.dismiss(tx, number, 900, NOON)


@pytest.mark.parametrize(
    ("chat", "message", "question"), [(COORDINATOR, 500, 1), (COORDINATOR, 501, None), (901, 500, None)]
)
async def test_a_reply_to_the_question_s_message_is_known_to_be_one(
    home: House, chat: int, message: int, question: int | None
) -> None:
    service = await passed_on(home)
    async with home.database.transaction() as tx:
        (item,) = await outbox.waiting(tx, Lane.NOTICE, 0, 9)
        await outbox.finish(tx, [Finished(item, "sent", NOON, message=500)])
        assert await service.question_behind(tx, chat, message) == question


async def test_a_reply_to_another_notice_is_no_answer(home: House) -> None:
    service = asking(home)
    async with home.database.transaction() as tx:
        await outbox.notify(tx, "offer:1", 1, "{}", NOON)
        (item,) = await outbox.waiting(tx, Lane.NOTICE, 0, 9)
        await outbox.finish(tx, [Finished(item, "sent", NOON, message=500)])
        assert await service.question_behind(tx, 1, 500) is None


async def test_an_answer_to_somebody_who_asked_to_be_forgotten_goes_nowhere(home: House, tmp_path: Path) -> None:
    service = await passed_on(home)
    async with home.database.transaction() as tx:
        await people.forget(tx, ADA.id)
        assert await questions.find(tx, 1) is None
        assert not await service.reply(tx, 1, "Yes.", 900, NOON)


async def everybody_asks(home: House, service: Questions, *asked: tuple[int, str]) -> None:
    """Each person asks and passes it on."""
    for id, text in asked:
        async with home.database.transaction() as tx:
            somebody = await service.people.meet(tx, person(id))
            _, number = await service.ask(tx, somebody, text, home.now)
            assert number is not None
            assert await service.pass_on(tx, id, number, home.now)


TEA = ((1, "Is there tea?"), (2, "any tea"), (3, "Is there coffee?"), (4, "TEA?"), (1, "tea there?"))


async def test_those_who_ask_the_same_are_one_question_the_most_asked_first(home: House) -> None:
    service = asking(home)
    await everybody_asks(home, service, (3, "Is there coffee?"), *TEA)
    async with home.database.transaction() as tx:
        assert await service.open_ones(tx) == [Asked(2, "Is there tea?", 3), Asked(1, "Is there coffee?", 1)]
    assert await home.rows("SELECT key FROM outbox") == [("question:1:900",), ("question:2:900",)]


async def test_one_reply_reaches_all_who_asked_the_same_and_is_ready_for_the_knowledge_file(home: House) -> None:
    service = asking(home)
    await everybody_asks(home, service, *TEA)
    async with home.database.transaction() as tx:
        replied = await service.reply(tx, 2, "Yes: at nine.", 900, NOON)
        assert [each.text for each in await service.open_ones(tx)] == ["Is there coffee?"]
    assert replied == Replied(
        3,
        1,
        "  - id: organisers-1\n"
        "    questions:\n"
        "      - Is there tea?\n"
        "      - any tea\n"
        "      - TEA?\n"
        "      - tea there?\n"
        "    answer: 'Yes: at nine.'\n",
    )
    answered = await home.rows("SELECT chat FROM outbox WHERE key LIKE 'answer:%' ORDER BY number")
    assert answered == [(1,), (2,), (4,), (1,)]


async def test_who_asks_the_same_later_is_answered_at_once_and_no_coordinator_is_troubled(home: House) -> None:
    service = asking(home)
    await everybody_asks(home, service, (1, "Is there tea?"))
    async with home.database.transaction() as tx:
        await service.reply(tx, 1, "Yes.", 900, NOON)
    await everybody_asks(home, service, (2, "tea?"))
    assert await home.rows("SELECT key FROM outbox WHERE chat = 900") == [("question:1:900",)]
    assert await home.rows("SELECT key FROM outbox WHERE chat = 2") == [("answer:2",)]


async def test_what_a_coordinator_answered_is_known_from_then_on_until_it_is_forgotten(home: House) -> None:
    """In other words too, since it is read like the file's own FAQ; a restart knows it as well."""
    crew = People(home.event, frozenset({COORDINATOR}))
    service = Questions(Answerer(home.event), crew)
    await everybody_asks(home, service, (1, "Is there a cloakroom for wet coats?"))
    async with home.database.transaction() as tx:
        replied = await service.reply(tx, 1, "Yes, behind the stairs.", 900, NOON)
    assert replied is not None
    assert service.has_news
    for one in (service, Questions(Answerer(home.event), crew)):
        await one.learn(home.database)
        answer, number = await ask(home, one, "where is the cloakroom for wet coats")
        assert (answer.text, answer.sources, number) == ("Yes, behind the stairs.", ("faq.organisers-1",), None)
    async with home.database.transaction() as tx:
        assert [await service.forget(tx, 1) for _ in range(2)] == [True, False]
    await service.learn(home.database)
    answer, number = await ask(home, service, "where is the cloakroom for wet coats")
    assert not answer.answered
    assert number is not None


async def test_left_alone_it_is_closed_for_all_who_asked_the_same(home: House) -> None:
    service = asking(home)
    await everybody_asks(home, service, *TEA)
    async with home.database.transaction() as tx:
        assert await service.dismiss(tx, 1, 900, NOON)
        assert [each.text for each in await service.open_ones(tx)] == ["Is there coffee?"]
    assert len(await home.rows("SELECT 1 FROM outbox WHERE key LIKE 'answer:%'")) == 4

"""One's own data: all of it on request, none of it on request, and nobody's once its time is over."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.privacy import Privacy
from bot.storage import people, questions
from tests.builders import END, NOON, House, person

DAY = timedelta(days=1)


def privacy(home: House) -> Privacy:
    return Privacy(home.event, home.registrations)


async def test_a_person_gets_all_that_is_kept_of_them_in_a_form_that_they_can_read(home: House) -> None:
    await home.register(1, 2)
    await home.cancel(1, 1)
    await home.register(1)
    ada = replace(person(1, "Żaneta 🎉"), username="zaneta", language="de", muted=frozenset({"b", "a"}))
    async with home.database.transaction() as tx:
        cake = await questions.note(tx, 1, "And cake?", "en", "", NOON)
        await questions.pass_on(tx, cake)
        await questions.answered(tx, cake, "Yes.", 900, NOON)
        await questions.note(tx, 1, "Is there tea?", "en", "", NOON)
        await questions.note(tx, 2, "Another's question", "en", "", NOON)
        await people.remember_conversation(tx, 1, '{"entity":"venue"}', NOON - 9 * DAY)
        kept = await privacy(home).data_of(tx, ada)
    noon = "2019-10-07T12:00:00+02:00"
    seat = {
        "number": 3,
        "name": "Person 1",
        "session": "talk",
        "status": "confirmed",
        "registered_at": noon,
        "confirmed_at": noon,
        "offered_until": None,
        "cancelled_at": None,
        "checked_in_at": None,
    }
    assert json.loads(kept) == {
        "person": {
            "telegram_id": 1,
            "name": "Żaneta 🎉",
            "username": "zaneta",
            "telegram_language": None,
            "chosen_language": "de",
            "reminders_switched_off": ["a", "b"],
            "own_reminder": None,
        },
        "registrations": [seat | {"number": 1, "status": "cancelled", "cancelled_at": noon}, seat],
        "questions": [{"question": "And cake?", "answer": "Yes."}, {"question": "Is there tea?", "answer": None}],
        "conversation": '{"entity":"venue"}',
    }
    assert "Żaneta 🎉" in kept.decode()


async def test_whoever_wants_to_be_forgotten_is_and_their_seat_goes_to_the_next(home: House) -> None:
    await home.register(1, 2, 3, 4)
    async with home.database.transaction() as tx:
        await questions.note(tx, 1, "Is there tea?", "en", "", NOON)
        await privacy(home).delete(tx, 1, NOON)
        assert await people.find(tx, 1) is None
    assert await home.statuses() == [(2, "confirmed"), (3, "offered"), (4, "waitlisted")]
    assert await home.outbox() == [(3, "offer:3", "waiting")]
    assert await home.rows("SELECT * FROM questions") == []


async def test_an_offer_to_somebody_who_is_forgotten_goes_on_to_the_next(home: House) -> None:
    await home.register(1, 2, 3, 4)
    await home.cancel(1, 1)
    async with home.database.transaction() as tx:
        await privacy(home).delete(tx, 3, NOON)
    assert await home.statuses() == [(1, "cancelled"), (2, "confirmed"), (4, "offered")]
    assert await home.outbox() == [(4, "offer:4", "waiting")]


async def test_forgetting_somebody_unknown_or_twice_is_no_trouble(home: House) -> None:
    await home.register(1)
    for _ in range(2):
        async with home.database.transaction() as tx:
            await privacy(home).delete(tx, 1, NOON)
            await privacy(home).delete(tx, 77, NOON)
    assert await home.statuses() == []


async def test_whoever_was_forgotten_may_come_back_as_somebody_new(home: House) -> None:
    await home.register(1)
    async with home.database.transaction() as tx:
        await privacy(home).delete(tx, 1, NOON)
    (again,) = await home.register(1)
    assert (again.number, again.person) == (2, 1)


@pytest.mark.parametrize(
    ("now", "over"),
    [(END + 30 * DAY - timedelta(milliseconds=1), False), (END + 30 * DAY, True), (END + 400 * DAY, True)],
)
async def test_everybody_is_forgotten_when_the_time_is_over_and_not_before(
    home: House, now: object, over: bool
) -> None:
    await home.register(1, 2, 3)
    home.clock.moment = now  # type: ignore[assignment]
    async with home.database.transaction() as tx:
        assert await privacy(home).erase_if_over(tx, home.now) is over
    assert len(await home.statuses()) == (0 if over else 3)
    assert len(await home.rows("SELECT id FROM people")) == (0 if over else 3)
    assert len(await home.rows("SELECT id FROM sessions")) == 1


async def test_who_writes_after_the_event_is_not_forgotten_in_the_middle_of_a_talk(home: House) -> None:
    home.clock.moment = END + 100 * DAY
    async with home.database.transaction() as tx:
        await people.save(tx, person(7))
        await questions.note(tx, 7, "Where are the slides?", "en", "", home.now)
        assert await privacy(home).erase_if_over(tx, home.now)
        assert [each.text for each in await questions.of_person(tx, 7)] == ["Where are the slides?"]
        assert await people.find(tx, 7) == person(7)
        assert await privacy(home).erase_if_over(tx, home.now + 30 * DAY + timedelta(milliseconds=1))
        assert await people.find(tx, 7) is None

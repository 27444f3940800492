"""What is remembered of people, and that all of it can be forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.attendance.person import Person
from bot.attendance.registration import Status
from bot.storage import broadcasts, inbox, outbox, people, questions, registrations
from bot.storage.database import Database, Transaction
from tests.builders import NOON, person

HOUR = timedelta(hours=1)
ADA = Person(1, "Ada", "ada", "pt-br", "de", frozenset({"day-before", 'say "no"'}))


async def test_a_person_comes_back_as_they_were(database: Database) -> None:
    async with database.transaction() as tx:
        assert await people.find(tx, 1) is None
        await people.save(tx, ADA)
        await people.choose_language(tx, 1, "de")
        await people.mute(tx, 1, ADA.muted)
        assert await people.find(tx, 1) == ADA


async def test_telegrams_news_of_somebody_leave_their_choices_alone(database: Database) -> None:
    async with database.transaction() as tx:
        await people.save(tx, ADA)
        await people.choose_language(tx, 1, "de")
        await people.mute(tx, 1, ADA.muted)
        await people.mark_unreachable(tx, 1, NOON)
        await people.save(tx, Person(1, "Countess", None, "en"))
        assert await people.find(tx, 1) == replace(ADA, name="Countess", username=None, telegram_language="en")


async def test_who_blocks_the_bot_does_so_since_the_first_time_until_they_are_back(database: Database) -> None:
    async with database.transaction() as tx:
        await people.save(tx, ADA)
        await people.mark_unreachable(tx, 1, NOON)
        await people.mark_unreachable(tx, 1, NOON + HOUR)
        found = await people.find(tx, 1)
        assert found is not None
        assert found.unreachable_since == NOON
        await people.mark_reachable(tx, 1)
        found = await people.find(tx, 1)
        assert found is not None
        assert found.unreachable_since is None


@pytest.mark.parametrize(("later", "awaited"), [(-1, "checkin"), (0, None), (1, None)])
async def test_a_dialogue_waits_until_its_time_is_over(database: Database, later: int, awaited: str | None) -> None:
    async with database.transaction() as tx:
        await people.save(tx, ADA)
        await people.await_text(tx, 1, "checkin", NOON)
        assert await people.awaited_text(tx, 1, NOON + timedelta(milliseconds=later)) == awaited
        await people.await_text(tx, 1, None, NOON)
        assert await people.awaited_text(tx, 1, NOON - HOUR) is None


@pytest.mark.parametrize(("later", "remembered"), [(-1, "{}"), (0, "{}"), (1, None)])
async def test_a_conversation_is_remembered_for_a_while(database: Database, later: int, remembered: str | None) -> None:
    async with database.transaction() as tx:
        await people.save(tx, ADA)
        assert await people.remembered_conversation(tx, 1, NOON) is None
        await people.remember_conversation(tx, 1, "{}", NOON)
        since = NOON + timedelta(milliseconds=later)
        assert await people.remembered_conversation(tx, 1, since) == remembered


async def test_a_group_is_greeted_once(database: Database) -> None:
    async with database.transaction() as tx:
        greeted = [await people.greet_group(tx, group, NOON) for group in (-100, -100, -200)]
    assert greeted == [True, False, True]


async def everything(tx: Transaction) -> None:
    """Something of two people in every table."""
    await registrations.adopt_sessions(tx, [("talk", 9)])
    broadcast = await broadcasts.draft(tx, 900, "{}", NOON)
    for id in (1, 2):
        await people.save(tx, person(id))
        await registrations.add(tx, id, f"Person {id}", "talk", Status.CONFIRMED, id, NOON)
        await questions.note(tx, id, f"question of {id}", "en", "", NOON)
        await outbox.reply(tx, id, "{}", NOON, None)
        await outbox.notify(tx, f"offer:{id}", id, "{}", NOON)
    found = await broadcasts.find(tx, broadcast)
    assert found is not None
    await broadcasts.fill(tx, found, NOON, 99)
    await inbox.store(tx, [{"update_id": number} for number in (1, 2, 3)], NOON)
    await inbox.done(tx, 1)
    await inbox.set_aside(tx, 2)


async def counts(tx: Transaction) -> dict[str, int]:
    tables = ("people", "registrations", "questions", "outbox", "broadcasts", "inbox", "sessions")
    return {table: await tx.value(f"SELECT count(*) FROM {table}") for table in tables}


async def test_one_person_is_forgotten_and_nobody_else(database: Database) -> None:
    async with database.transaction() as tx:
        await everything(tx)
        await registrations.forget(tx, 1)
        await people.forget(tx, 1)
        assert await counts(tx) == {
            "people": 1,
            "registrations": 1,
            "questions": 1,
            "outbox": 3,
            "broadcasts": 1,
            "inbox": 3,
            "sessions": 1,
        }
        assert await people.find(tx, 1) is None
        assert await people.find(tx, 2) == person(2)


async def test_everybody_is_forgotten_but_for_replies_that_are_on_their_way(database: Database) -> None:
    async with database.transaction() as tx:
        await everything(tx)
        before = await counts(tx)
        await people.forget_everything_before(tx, NOON)
        assert {**before, "people": 2} == await counts(tx)
        await people.forget_everything_before(tx, NOON + timedelta(milliseconds=1))
        assert await counts(tx) == {
            "people": 0,
            "registrations": 0,
            "questions": 0,
            "outbox": 2,
            "broadcasts": 0,
            "inbox": 3,
            "sessions": 1,
        }
        rows = await tx.all("SELECT update_id, body FROM inbox ORDER BY number")
        assert [tuple(row) for row in rows] == [(1, None), (2, None), (3, '{"update_id": 3}')]


async def test_a_question_not_passed_on_is_kept_for_a_day(database: Database) -> None:
    async with database.transaction() as tx:
        await questions.note(tx, 1, "yesterday's", "en", "", NOON - timedelta(days=1, milliseconds=1))
        await questions.note(tx, 1, "first", "en", "", NOON - timedelta(days=1))
        second = await questions.note(tx, 1, "second", "en", "", NOON)
        await questions.pass_on(tx, second)
        await questions.note(tx, 1, "third", "de", "", NOON)
        await questions.note(tx, 2, "another's", "en", "", NOON)
        assert [(each.text, each.state) for each in await questions.of_person(tx, 1)] == [
            ("first", "asked"),
            ("second", "open"),
            ("third", "asked"),
        ]
        assert [each.text for each in await questions.open_ones(tx)] == ["second"]

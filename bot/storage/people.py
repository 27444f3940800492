"""People who wrote to the bot."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.attendance.person import Person
from bot.storage.database import Row, Transaction
from bot.storage.moments import restored_if, stored


async def find(tx: Transaction, person: int) -> Person | None:
    row = await tx.first("SELECT * FROM people WHERE id = ?", (person,))
    return None if row is None else _person(row)


async def save(tx: Transaction, person: Person) -> None:
    """Adds the person, or brings what Telegram says of them up to date; a person who writes is reachable again."""
    await tx.run(
        """INSERT INTO people (id, name, username, telegram_language) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, username = excluded.username,
               telegram_language = excluded.telegram_language, unreachable_since = NULL""",
        (person.id, person.name, person.username, person.telegram_language),
    )


async def choose_language(tx: Transaction, person: int, language: str) -> None:
    await tx.run("UPDATE people SET language = ? WHERE id = ?", (language, person))


async def mute(tx: Transaction, person: int, rules: frozenset[str]) -> None:
    """Sets the reminder rules that the person does not want."""
    await tx.run("UPDATE people SET muted = ? WHERE id = ?", (json.dumps(sorted(rules)), person))


async def choose_lead(tx: Transaction, person: int, lead: timedelta | None, now: datetime) -> None:
    """Sets how long before each session the person wants a reminder of their own; None for none. It holds for what is
    due from ``now`` on."""
    seconds = None if lead is None else int(lead.total_seconds())
    await tx.run("UPDATE people SET lead = ?, lead_since = ? WHERE id = ?", (seconds, stored(now), person))


async def leads(tx: Transaction) -> frozenset[timedelta]:
    """Every lead time that somebody has chosen."""
    rows = await tx.all("SELECT DISTINCT lead FROM people WHERE lead IS NOT NULL")
    return frozenset(timedelta(seconds=row["lead"]) for row in rows)


async def mark_unreachable(tx: Transaction, person: int, now: datetime) -> None:
    await tx.run(
        "UPDATE people SET unreachable_since = ? WHERE id = ? AND unreachable_since IS NULL",
        (stored(now), person),
    )


async def unreachable_among(tx: Transaction, chats: Iterable[int]) -> set[int]:
    """Those of the people who have blocked the bot or are gone."""
    rows = await tx.all(
        "SELECT id FROM people WHERE unreachable_since IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chats)),),
    )
    return {row["id"] for row in rows}


async def mark_reachable(tx: Transaction, person: int) -> None:
    await tx.run("UPDATE people SET unreachable_since = NULL WHERE id = ?", (person,))


async def remembered_conversation(tx: Transaction, person: int, since: datetime) -> str | None:
    """What was spoken of last, unless that was before ``since``."""
    value = await tx.value(
        "SELECT conversation FROM people WHERE id = ? AND conversation_at >= ?", (person, stored(since))
    )
    return None if value is None else str(value)


async def remember_conversation(tx: Transaction, person: int, conversation: str, now: datetime) -> None:
    await tx.run(
        "UPDATE people SET conversation = ?, conversation_at = ? WHERE id = ?",
        (conversation, stored(now), person),
    )


async def await_text(tx: Transaction, person: int, dialogue: str | None, until: datetime) -> None:
    """The person's next text belongs to ``dialogue``; None ends the waiting."""
    await tx.run("UPDATE people SET awaited = ?, awaited_until = ? WHERE id = ?", (dialogue, stored(until), person))


async def awaited_text(tx: Transaction, person: int, now: datetime) -> str | None:
    value = await tx.value("SELECT awaited FROM people WHERE id = ? AND awaited_until > ?", (person, stored(now)))
    return None if value is None else str(value)


async def forget(tx: Transaction, person: int) -> None:
    """Erases the person and all that they wrote; their registrations are erased by their own module first."""
    await tx.run("DELETE FROM questions WHERE person = ?", (person,))
    await tx.run("DELETE FROM outbox WHERE chat = ?", (person,))
    await tx.run(
        """UPDATE inbox SET body = NULL WHERE state = 'set aside' AND ? IN (
               json_extract(body, '$.message.from.id'), json_extract(body, '$.callback_query.from.id'),
               json_extract(body, '$.edited_message.from.id'))""",
        (person,),
    )
    await tx.run("DELETE FROM people WHERE id = ?", (person,))


async def forget_everything_before(tx: Transaction, moment: datetime) -> None:
    """Erases all personal data that is older than ``moment``, and people of whom nothing newer is kept; figures that
    name nobody stay. A reply to somebody who writes at this very moment still goes out."""
    before = stored(moment)
    await tx.run("DELETE FROM outbox WHERE lane <> 0 AND created_at < ?", (before,))
    await tx.run("DELETE FROM questions WHERE asked_at < ?", (before,))
    await tx.run("DELETE FROM answers WHERE answered_at < ?", (before,))
    await tx.run("DELETE FROM registrations WHERE registered_at < ?", (before,))
    await tx.run(
        """DELETE FROM broadcasts WHERE created_at < ?
               AND NOT EXISTS (SELECT 1 FROM outbox WHERE broadcast = broadcasts.number)
               AND NOT EXISTS (
                   SELECT 1 FROM broadcasts later
                   WHERE later.original = broadcasts.number AND later.created_at >= ?)""",
        (before, before),
    )
    await tx.run(
        """DELETE FROM people WHERE coalesce(conversation_at, 0) < ? AND coalesce(awaited_until, 0) < ?
               AND NOT EXISTS (SELECT 1 FROM registrations WHERE person = people.id)
               AND NOT EXISTS (SELECT 1 FROM questions WHERE person = people.id)""",
        (before, before),
    )
    await tx.run("UPDATE inbox SET body = NULL WHERE state <> 'waiting' AND received_at < ?", (before,))


async def count(tx: Transaction) -> int:
    return int(await tx.value("SELECT count(*) FROM people"))


async def greet_group(tx: Transaction, group: int, now: datetime) -> bool:
    """Whether this is the first greeting of the group; it is noted either way."""
    added = await tx.run(
        "INSERT INTO groups (id, greeted_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", (group, stored(now))
    )
    return added == 1


def _person(row: Row) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        username=row["username"],
        telegram_language=row["telegram_language"],
        language=row["language"],
        muted=frozenset(json.loads(row["muted"])),
        lead=None if row["lead"] is None else timedelta(seconds=row["lead"]),
        unreachable_since=restored_if(row["unreachable_since"]),
    )

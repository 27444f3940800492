"""Everything that the bot says, kept until Telegram has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.storage.database import Row, Transaction
from bot.storage.moments import restored, restored_if, stored


class Lane(IntEnum):
    """Who goes first when not everything can go at once."""

    REPLY = 0
    NOTICE = 1
    BULK = 2


@dataclass(frozen=True)
class Item:
    """One thing to send: ``content`` is JSON that says what, or what to compose it from. ``repeats`` counts how often
    nobody knew whether it had arrived; ``tries`` counts this process's tries."""

    number: int
    key: str | None
    lane: Lane
    chat: int
    content: str
    created_at: datetime
    expires_at: datetime | None
    repeats: int
    broadcast: int | None
    tries: int = 0


@dataclass(frozen=True)
class Finished:
    """How an item ended: ``state`` is ``sent``, ``gave up``, ``blocked`` or ``withdrawn``."""

    item: Item
    state: str
    at: datetime
    message: int | None = None
    reason: str | None = None


async def reply(tx: Transaction, chat: int, content: str, now: datetime, expires_at: datetime | None) -> Item:
    """Queues one reply."""
    expires = None if expires_at is None else stored(expires_at)
    number = await tx.insert(
        "INSERT INTO outbox (lane, chat, content, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (Lane.REPLY, chat, content, stored(now), expires),
    )
    return Item(number, None, Lane.REPLY, chat, content, now, expires_at, 0, None)


async def notify(
    tx: Transaction, key: str, chat: int, content: str, now: datetime, expires_at: datetime | None = None
) -> bool:
    """Queues one notice; False where one with this key was queued before, whatever became of it."""
    expires = None if expires_at is None else stored(expires_at)
    added = await tx.run(
        """INSERT INTO outbox (key, lane, chat, content, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (key) DO NOTHING""",
        (key, Lane.NOTICE, chat, content, stored(now), expires),
    )
    tx.has_notices = True
    return added == 1


async def remind(
    tx: Transaction,
    key: str,
    rule: str,
    session: str,
    due: datetime,
    content: str,
    now: datetime,
    until: datetime,
) -> int:
    """Queues a reminder for everybody who held a seat of the session when it was due, can be reached and has not
    switched this rule off; how many were not queued before."""
    tx.has_notices = True
    return await tx.run(
        """INSERT INTO outbox (key, lane, chat, content, created_at, expires_at)
           SELECT :key || ':' || p.id, 1, p.id, :content, :now, :until
           FROM registrations r JOIN people p ON p.id = r.person
           WHERE r.session = :session AND r.status = 'confirmed' AND r.confirmed_at <= :due
               AND p.unreachable_since IS NULL
               AND NOT EXISTS (SELECT 1 FROM json_each(p.muted) WHERE value = :rule)
           ORDER BY r.number
           ON CONFLICT (key) DO NOTHING""",
        {
            "key": key,
            "rule": rule,
            "session": session,
            "due": stored(due),
            "content": content,
            "now": stored(now),
            "until": stored(until),
        },
    )


async def broadcast(tx: Transaction, number: int, now: datetime) -> int:
    """Queues a broadcast for everybody with a registration that is not cancelled, one item a person; how many.
    Those who have blocked the bot are noted at once and not written to."""
    tx.has_notices = True
    return await tx.run(
        """INSERT INTO outbox (key, lane, chat, created_at, broadcast, state, reason, finished_at, content)
           SELECT 'broadcast:' || :number || ':' || p.id, 2, p.id, :now, :number,
               iif(p.unreachable_since IS NULL, 'waiting', 'blocked'),
               iif(p.unreachable_since IS NULL, NULL, 'blocked'),
               iif(p.unreachable_since IS NULL, NULL, :now), ''
           FROM people p WHERE p.id IN (SELECT person FROM registrations WHERE status <> 'cancelled')
           ORDER BY p.id
           ON CONFLICT (key) DO NOTHING""",
        {"number": number, "now": stored(now)},
    )


async def broadcast_recipients(tx: Transaction) -> int:
    """How many people a broadcast would go to now."""
    return int(
        await tx.value(
            """SELECT count(*) FROM people
               WHERE id IN (SELECT person FROM registrations WHERE status <> 'cancelled')"""
        )
    )


async def waiting(tx: Transaction, lane: Lane, after: int, most: int) -> list[Item]:
    """Items of a lane that wait, in order, from the one after number ``after`` on."""
    rows = await tx.all(
        "SELECT * FROM outbox WHERE state = 'waiting' AND lane = ? AND number > ? ORDER BY number LIMIT ?",
        (lane, after, most),
    )
    return [_item(row) for row in rows]


async def finish(tx: Transaction, ends: Iterable[Finished]) -> None:
    """Notes how items ended. Replies leave no trace; notices keep their key and message id, not their text."""
    ended = list(ends)
    replies = [(end.item.number,) for end in ended if end.item.lane is Lane.REPLY]
    notices = [
        (end.state, stored(end.at), end.message, end.reason, end.item.number)
        for end in ended
        if end.item.lane is not Lane.REPLY
    ]
    if replies:
        await tx.run_many("DELETE FROM outbox WHERE number = ?", replies)
    if notices:
        await tx.run_many(
            """UPDATE outbox SET state = ?, finished_at = ?, message = ?, reason = ?, content = NULL
               WHERE number = ?""",
            notices,
        )


async def count_repeat(tx: Transaction, number: int) -> None:
    """Notes that the item may have arrived already and is sent again."""
    await tx.run("UPDATE outbox SET repeats = repeats + 1 WHERE number = ?", (number,))


async def withdraw(tx: Transaction, key: str, reason: str, now: datetime) -> None:
    """Takes back what has not been sent yet."""
    await tx.run(
        """UPDATE outbox SET state = 'withdrawn', content = NULL, reason = ?, finished_at = ?
           WHERE key = ? AND state = 'waiting'""",
        (reason, stored(now), key),
    )


async def key_of_message(tx: Transaction, chat: int, message: int) -> str | None:
    """The key of the notice that stands in a chat as ``message``."""
    value = await tx.value("SELECT key FROM outbox WHERE chat = ? AND message = ?", (chat, message))
    return None if value is None else str(value)


async def prune(tx: Transaction, before: datetime) -> None:
    """Drops what ended before; notices are long past repeating then."""
    await tx.run("DELETE FROM outbox WHERE state <> 'waiting' AND finished_at < ?", (stored(before),))


def _item(row: Row) -> Item:
    return Item(
        number=row["number"],
        key=row["key"],
        lane=Lane(row["lane"]),
        chat=row["chat"],
        content=row["content"],
        created_at=restored(row["created_at"]),
        expires_at=restored_if(row["expires_at"]),
        repeats=row["repeats"],
        broadcast=row["broadcast"],
    )

"""Everything that the bot says, kept until Telegram has it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum

from bot.messages.message import Sendable, to_json
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
    nobody knew whether it had arrived; ``tries`` counts this process's tries. ``said`` is the content of a reply that
    this process has just written."""

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
    said: Sendable | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Postponed:
    """An item that is to be tried again: it waits once more; ``repeated`` where it may have arrived all the same."""

    item: Item
    repeated: bool = False


@dataclass(frozen=True)
class Finished:
    """How an item ended: ``state`` is ``sent``, ``gave up``, ``blocked`` or ``withdrawn``. ``repeated`` where the last
    try may have arrived, too."""

    item: Item
    state: str
    at: datetime
    message: int | None = None
    reason: str | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Due:
    """A reminder that is due: by ``rule`` of the knowledge file, or, with a ``lead`` in seconds, for those who chose
    that lead time themselves; they go without where a rule of the same length, ``rule``, reaches them already."""

    key: str
    session: str
    rule: str | None
    lead: int | None
    due: datetime
    until: datetime

    @property
    def wanted_by(self) -> str:
        """The condition on ``people p``, with the parameters :rule, :lead and :due."""
        muted = "EXISTS (SELECT 1 FROM json_each(p.muted) WHERE value = :rule)"
        if self.lead is None:
            return f"NOT {muted}"
        chosen = "p.lead = :lead AND p.lead_since <= :due"
        return chosen if self.rule is None else f"{chosen} AND {muted}"


async def say(tx: Transaction, chat: int, said: Sendable, now: datetime, expires_at: datetime | None = None) -> Item:
    """Queues one reply."""
    return replace(await reply(tx, chat, to_json(said), now, expires_at), said=said)


async def reply(tx: Transaction, chat: int, content: str, now: datetime, expires_at: datetime | None) -> Item:
    """``say``, for a reply that is JSON already."""
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
    due: Due,
    content: str,
    now: datetime,
    after: int,
    most: int,
) -> int | None:
    """Queues a reminder for those who held a seat of the session when it was due, can be reached and want it: the
    next ``most`` registrations from the one after number ``after`` on. The last one's number, or None when there are
    no more."""
    last = await tx.value(
        """SELECT max(number) FROM (SELECT number FROM registrations
               WHERE session = ? AND status IN ('confirmed', 'offered') AND number > ? ORDER BY number LIMIT ?)""",
        (due.session, after, most),
    )
    if last is None:
        return None
    tx.has_notices = True
    await tx.run_on_many(
        f"""INSERT INTO outbox (key, lane, chat, content, created_at, expires_at)
            SELECT :key || ':' || p.id, 1, p.id, :content, :now, :until
            FROM registrations r JOIN people p ON p.id = r.person
            WHERE r.session = :session AND r.status = 'confirmed' AND r.number > :after AND r.number <= :last
                AND r.confirmed_at <= :due AND p.unreachable_since IS NULL AND {due.wanted_by}
            ORDER BY r.number
            ON CONFLICT (key) DO NOTHING""",
        {
            "key": due.key,
            "rule": due.rule,
            "lead": due.lead,
            "session": due.session,
            "due": stored(due.due),
            "content": content,
            "now": stored(now),
            "until": stored(due.until),
            "after": after,
            "last": last,
        },
    )
    return int(last)


async def notify_registered(
    tx: Transaction, session: str, key: str, content: str, now: datetime, until: datetime
) -> int:
    """Queues a notice for everybody with a registration for the session that is not cancelled and who can be reached;
    how many. Each call is a notice of its own."""
    tx.has_notices = True
    return await tx.run_on_many(
        """INSERT INTO outbox (key, lane, chat, content, created_at, expires_at)
           SELECT :key || ':' || :now || ':' || p.id, 1, p.id, :content, :now, :until
           FROM registrations r JOIN people p ON p.id = r.person
           WHERE r.session = :session AND r.status <> 'cancelled' AND p.unreachable_since IS NULL
           ORDER BY r.number
           ON CONFLICT (key) DO NOTHING""",
        {"key": key, "session": session, "content": content, "now": stored(now), "until": stored(until)},
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
        (end.state, stored(end.at), end.message, end.reason, end.repeated, end.item.number)
        for end in ended
        if end.item.lane is not Lane.REPLY
    ]
    if replies:
        await tx.run_many("DELETE FROM outbox WHERE number = ?", replies)
    if notices:
        await tx.run_many(
            """UPDATE outbox SET state = ?, finished_at = ?, message = ?, reason = ?, repeats = repeats + ?,
                   content = NULL WHERE number = ?""",
            notices,
        )


async def begin(tx: Transaction, numbers: Iterable[int]) -> set[int]:
    """Marks items as on their way; those that still waited. The others were withdrawn or erased meanwhile."""
    rows = await tx.all(
        """UPDATE outbox SET state = 'sending'
           WHERE state = 'waiting' AND number IN (SELECT value FROM json_each(?)) RETURNING number""",
        (json.dumps(list(numbers)),),
    )
    return {row["number"] for row in rows}


async def put_back(tx: Transaction, numbers: Iterable[int]) -> None:
    """Items that were marked and have certainly not been sent wait again."""
    await tx.run_many(
        "UPDATE outbox SET state = 'waiting' WHERE number = ? AND state = 'sending'",
        [(number,) for number in numbers],
    )


async def postpone(tx: Transaction, postponed: Iterable[Postponed]) -> None:
    """Items wait again; those that may have arrived are counted."""
    await tx.run_many(
        """UPDATE outbox SET state = 'waiting', repeats = repeats + ?
           WHERE number = ? AND state IN ('waiting', 'sending')""",
        [(each.repeated, each.item.number) for each in postponed],
    )


async def recover(tx: Transaction) -> int:
    """After a crash: what was on its way waits again, and is counted as perhaps repeated; how many."""
    return await tx.run("UPDATE outbox SET state = 'waiting', repeats = repeats + 1 WHERE state = 'sending'")


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
    await tx.run_on_many(
        "DELETE FROM outbox WHERE state NOT IN ('waiting', 'sending') AND finished_at < ?", (stored(before),)
    )


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

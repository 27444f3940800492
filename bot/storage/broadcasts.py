"""Announcements: the text once, its deliveries in the outbox."""

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.moments import stored


@dataclass(frozen=True)
class Broadcast:
    """``content`` is what is sent, as JSON; ``progress_message`` shows the coordinator how far it is."""

    number: int
    coordinator: int
    content: str
    state: str
    recipients: int
    progress_message: int | None


@dataclass(frozen=True)
class Tally:
    """How far a broadcast has come; ``reasons`` counts those not reached by why."""

    waiting: int
    sent: int
    reasons: tuple[tuple[str, int], ...]
    repeated: int = 0
    """How many of those sent may have arrived more than once."""

    @property
    def not_reached(self) -> int:
        return sum(number for _, number in self.reasons)

    @property
    def recipients(self) -> int:
        return self.waiting + self.sent + self.not_reached


async def draft(tx: Transaction, coordinator: int, content: str, now: datetime) -> int:
    return await tx.insert(
        "INSERT INTO broadcasts (coordinator, content, state, created_at) VALUES (?, ?, 'draft', ?)",
        (coordinator, content, stored(now)),
    )


async def find(tx: Transaction, number: int) -> Broadcast | None:
    row = await tx.first("SELECT * FROM broadcasts WHERE number = ?", (number,))
    return None if row is None else _broadcast(row)


async def begin(tx: Transaction, number: int, recipients: int, progress_message: int | None) -> None:
    await tx.run(
        "UPDATE broadcasts SET state = 'sending', recipients = ?, progress_message = ? WHERE number = ?",
        (recipients, progress_message, number),
    )


async def drop(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE broadcasts SET state = 'dropped' WHERE number = ? AND state = 'draft'", (number,))


async def drop_same(tx: Transaction, coordinator: int, content: str) -> int:
    """Drops the coordinator's drafts of this content; how many."""
    return await tx.run(
        "UPDATE broadcasts SET state = 'dropped' WHERE coordinator = ? AND content = ? AND state = 'draft'",
        (coordinator, content),
    )


async def finish(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE broadcasts SET state = 'done' WHERE number = ?", (number,))


async def running(tx: Transaction) -> list[Broadcast]:
    return [_broadcast(row) for row in await tx.all("SELECT * FROM broadcasts WHERE state = 'sending'")]


async def tally(tx: Transaction, number: int) -> Tally:
    rows = await tx.all(
        """SELECT state, reason, count(*) AS people, sum(repeats > 0) AS repeated
           FROM outbox WHERE broadcast = ? GROUP BY state, reason""",
        (number,),
    )
    waiting = sum(row["people"] for row in rows if row["state"] == "waiting")
    sent = sum(row["people"] for row in rows if row["state"] == "sent")
    reasons = [
        (row["reason"] or row["state"], row["people"]) for row in rows if row["state"] not in ("waiting", "sent")
    ]
    repeated = sum(row["repeated"] for row in rows if row["state"] == "sent")
    return Tally(waiting, sent, tuple(sorted(reasons)), repeated)


async def unreached(tx: Transaction, number: int, most: int) -> list[str]:
    """Names of people who were not reached, so that the coordinator can find another way."""
    rows = await tx.all(
        """SELECT p.name FROM outbox o JOIN people p ON p.id = o.chat
           WHERE o.broadcast = ? AND o.state NOT IN ('waiting', 'sent') ORDER BY p.name LIMIT ?""",
        (number, most),
    )
    return [row["name"] for row in rows]


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        row["number"],
        row["coordinator"],
        row["content"],
        row["state"],
        row["recipients"],
        row["progress_message"],
    )

"""Updates from Telegram, stored before they are confirmed and kept until their work is done."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.storage.database import Transaction
from bot.storage.moments import stored


@dataclass(frozen=True)
class Letter:
    """An update that waits for its work; ``number`` is its place in the order of arrival."""

    number: int
    text: str
    attempts: int

    @cached_property
    def body(self) -> dict[str, Any]:
        """The update. Parsed when it is wanted: of a burst many are read more than once before their turn comes."""
        return dict(json.loads(self.text))


async def store(tx: Transaction, updates: Sequence[dict[str, Any]], now: datetime) -> None:
    """Keeps the updates; one that came before is not kept twice."""
    await tx.run_many(
        "INSERT INTO inbox (update_id, body, received_at) VALUES (?, ?, ?) ON CONFLICT (update_id) DO NOTHING",
        [(update["update_id"], _body(update), stored(now)) for update in updates],
    )


def _body(update: dict[str, Any]) -> str:
    # JSON may hold half a surrogate pair, which is no text to SQLite nor to anybody else.
    return json.dumps(update, ensure_ascii=False).encode("utf-8", "replace").decode()


async def waiting(tx: Transaction, after: int, most: int) -> list[Letter]:
    """Updates that wait, by arrival, from the one after number ``after`` on."""
    rows = await tx.all(
        "SELECT number, body, attempts FROM inbox WHERE state = 'waiting' AND number > ? ORDER BY number LIMIT ?",
        (after, most),
    )
    return [Letter(row["number"], row["body"], row["attempts"]) for row in rows]


async def done(tx: Transaction, number: int) -> None:
    """The work is done: the body goes, the row stays as a mark against repeats."""
    await tx.run("UPDATE inbox SET state = 'done', body = NULL WHERE number = ?", (number,))


async def failed(tx: Transaction, number: int) -> int:
    """Counts a try that failed; how many that makes."""
    await tx.run("UPDATE inbox SET attempts = attempts + 1 WHERE number = ?", (number,))
    return int(await tx.value("SELECT attempts FROM inbox WHERE number = ?", (number,)))


async def set_aside(tx: Transaction, number: int) -> None:
    """Given up. The body stays for whoever looks into it, until ``prune`` takes it."""
    await tx.run("UPDATE inbox SET state = 'set aside' WHERE number = ?", (number,))


async def prune(tx: Transaction, before: datetime) -> None:
    """Telegram repeats an update for at most 24 hours, so older marks are of no use."""
    await tx.run("DELETE FROM inbox WHERE state <> 'waiting' AND received_at < ?", (stored(before),))

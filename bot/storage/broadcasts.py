"""Announcements, and what changes their delivered copies: the text once, the deliveries in the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.attendance.audience import Audience
from bot.storage import audiences
from bot.storage.database import Row, Transaction
from bot.storage.moments import restored_if, stored

DELETABLE = timedelta(hours=48)
"""How long Telegram lets a bot delete what it sent (https://core.telegram.org/bots/api#deletemessage)."""
TOO_OLD = "too old"
"""The reason of a copy that could not be withdrawn because of that."""


class Kind(StrEnum):
    ANNOUNCEMENT = "announcement"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Broadcast:
    """``content`` is what is sent, as JSON, and of a correction what the copies of ``original`` become.

    ``state`` is ``draft``, ``dropped``, ``sending`` or ``done``. Sending begins at ``due_at``; then the recipients are
    queued, those up to number ``filled_to`` are already, and all are when it is ``filled``. ``progress_message`` shows
    the coordinator how far it is.
    """

    number: int
    coordinator: int
    kind: Kind
    original: int | None
    content: str
    audience: Audience
    state: str
    scheduled: bool
    due_at: datetime | None
    filled_to: int
    filled: bool
    stopped_at: datetime | None
    ended_at: datetime | None
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
    def untouched(self) -> bool:
        """Whether nobody was even tried: it was stopped before."""
        return self.sent == 0 and all(reason == "stopped" for reason, _ in self.reasons)


async def draft(
    tx: Transaction,
    coordinator: int,
    content: str,
    now: datetime,
    kind: Kind = Kind.ANNOUNCEMENT,
    original: int | None = None,
) -> int:
    return await tx.insert(
        """INSERT INTO broadcasts (coordinator, content, state, created_at, kind, original)
           VALUES (?, ?, 'draft', ?, ?, ?)""",
        (coordinator, content, stored(now), kind, original),
    )


async def find(tx: Transaction, number: int) -> Broadcast | None:
    row = await tx.first("SELECT * FROM broadcasts WHERE number = ?", (number,))
    return None if row is None else _broadcast(row)


async def aim(tx: Transaction, number: int, audience: Audience) -> None:
    """Chooses whom a draft is for."""
    await tx.run(
        "UPDATE broadcasts SET audience = ? WHERE number = ? AND state = 'draft'", (audience.to_json(), number)
    )


async def recipients_of(tx: Transaction, broadcast: Broadcast, now: datetime) -> int:
    """How many people it would go to now; of a withdrawal, those whose copy can still be deleted."""
    if broadcast.kind is Kind.ANNOUNCEMENT:
        return await audiences.count(tx, broadcast.audience)
    since = stored(now - DELETABLE) if broadcast.kind is Kind.WITHDRAWAL else 0
    return int(
        await tx.value(
            """SELECT count(*) FROM outbox
               WHERE broadcast = ? AND state = 'sent' AND message IS NOT NULL AND finished_at > ?""",
            (broadcast.original, since),
        )
    )


async def begin(
    tx: Transaction, number: int, recipients: int, progress_message: int | None, due_at: datetime, scheduled: bool
) -> None:
    """Decides that a draft is sent, from ``due_at`` on."""
    await tx.run(
        """UPDATE broadcasts SET state = 'sending', recipients = ?, progress_message = ?, due_at = ?, scheduled = ?
           WHERE number = ?""",
        (recipients, progress_message, stored(due_at), scheduled, number),
    )


async def show_in(tx: Transaction, number: int, progress_message: int) -> None:
    """From now on this message of the coordinator's chat shows how far it is."""
    await tx.run("UPDATE broadcasts SET progress_message = ? WHERE number = ?", (progress_message, number))


async def fill(tx: Transaction, broadcast: Broadcast, now: datetime, most: int) -> bool:
    """Queues it for the next ``most`` recipients, one item each; whether those were the last. Those who have blocked
    the bot are noted at once and not written to."""
    tx.has_notices = True
    added = await (_fill_audience if broadcast.kind is Kind.ANNOUNCEMENT else _fill_copies)(tx, broadcast, now, most)
    filled_to = await tx.value("SELECT chat FROM outbox ORDER BY number DESC LIMIT 1") if added else broadcast.filled_to
    is_filled = added < most
    await tx.run(
        """UPDATE broadcasts SET filled_to = :to, filled = :filled, recipients = iif(:filled,
               (SELECT count(*) FROM outbox WHERE broadcast = :number), recipients) WHERE number = :number""",
        {"to": filled_to, "filled": is_filled, "number": broadcast.number},
    )
    return is_filled


async def _fill_audience(tx: Transaction, broadcast: Broadcast, now: datetime, most: int) -> int:
    where, parameters = audiences.condition(broadcast.audience)
    return await tx.run_on_many(
        f"""INSERT INTO outbox (key, lane, chat, created_at, broadcast, state, reason, finished_at, content)
            SELECT 'broadcast:' || :number || ':' || p.id, 2, p.id, :now, :number,
                iif(p.unreachable_since IS NULL, 'waiting', 'blocked'),
                iif(p.unreachable_since IS NULL, NULL, 'blocked'),
                iif(p.unreachable_since IS NULL, NULL, :now), ''
            FROM people p WHERE p.id > :after AND {where} ORDER BY p.id LIMIT :most
            ON CONFLICT (key) DO NOTHING""",
        {
            **parameters,
            "number": broadcast.number,
            "now": stored(now),
            "after": broadcast.filled_to,
            "most": most,
        },
    )


async def _fill_copies(tx: Transaction, broadcast: Broadcast, now: datetime, most: int) -> int:
    oldest = stored(now - DELETABLE) if broadcast.kind is Kind.WITHDRAWAL else 0
    return await tx.run_on_many(
        """INSERT INTO outbox (key, lane, chat, created_at, broadcast, state, reason, finished_at, content)
           SELECT 'broadcast:' || :number || ':' || o.chat, 2, o.chat, :now, :number,
               iif(o.finished_at > :oldest, 'waiting', 'gave up'),
               iif(o.finished_at > :oldest, NULL, :too_old),
               iif(o.finished_at > :oldest, NULL, :now), ''
           FROM outbox o WHERE o.broadcast = :original AND o.state = 'sent' AND o.message IS NOT NULL
               AND o.chat > :after ORDER BY o.chat LIMIT :most
           ON CONFLICT (key) DO NOTHING""",
        {
            "number": broadcast.number,
            "original": broadcast.original,
            "now": stored(now),
            "oldest": oldest,
            "too_old": TOO_OLD,
            "after": broadcast.filled_to,
            "most": most,
        },
    )


async def copy_of(tx: Transaction, number: int, chat: int) -> int | None:
    """Telegram's id of the copy that stands in a chat."""
    value = await tx.value("SELECT message FROM outbox WHERE key = ?", (f"broadcast:{number}:{chat}",))
    return None if value is None else int(value)


async def rewrite(tx: Transaction, number: int, content: str) -> None:
    await tx.run("UPDATE broadcasts SET content = ? WHERE number = ?", (content, number))


async def drop(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE broadcasts SET state = 'dropped' WHERE number = ? AND state = 'draft'", (number,))


COPIES = "coordinator = ? AND json_extract(content, '$.kind') = 'Copy' AND json_extract(content, '$.message_id') = ?"
"""The condition on broadcasts that send copies of a message in the coordinator's own chat."""


async def drop_copies(tx: Transaction, coordinator: int, message: int) -> int:
    """Drops the coordinator's drafts that would send copies of a message; how many."""
    return await tx.run(
        f"UPDATE broadcasts SET state = 'dropped' WHERE {COPIES} AND state = 'draft' AND kind = 'announcement'",
        (coordinator, message),
    )


async def stop(tx: Transaction, number: int, now: datetime) -> None:
    """Sends it to nobody more; what is on its way arrives."""
    await tx.run("UPDATE broadcasts SET filled = 1, stopped_at = ? WHERE number = ?", (stored(now), number))
    await tx.run_on_many(
        """UPDATE outbox SET state = 'withdrawn', reason = 'stopped', finished_at = ?
           WHERE broadcast = ? AND state = 'waiting'""",
        (stored(now), number),
    )


async def finish(tx: Transaction, number: int, now: datetime) -> None:
    await tx.run("UPDATE broadcasts SET state = 'done', ended_at = ? WHERE number = ?", (stored(now), number))


async def running(tx: Transaction) -> list[Broadcast]:
    """All that are decided on and have not ended, the scheduled ones too, the oldest first."""
    rows = await tx.all("SELECT * FROM broadcasts WHERE state = 'sending' ORDER BY number")
    return [_broadcast(row) for row in rows]


async def latest_copy(tx: Transaction, coordinator: int, message: int) -> Broadcast | None:
    """The last announcement that sent, or is sending, copies of a message."""
    row = await tx.first(
        f"""SELECT * FROM broadcasts WHERE {COPIES} AND kind = 'announcement' AND state IN ('sending', 'done')
            ORDER BY number DESC LIMIT 1""",
        (coordinator, message),
    )
    return None if row is None else _broadcast(row)


async def is_on_its_way(tx: Transaction, number: int) -> bool:
    """Whether anybody is still to get it."""
    found = await tx.first(
        "SELECT 1 FROM outbox WHERE broadcast = ? AND state IN ('waiting', 'sending') LIMIT 1", (number,)
    )
    return found is not None


async def tally(tx: Transaction, number: int) -> Tally:
    rows = await tx.all_of_many(
        """SELECT state, reason, count(*) AS people, sum(repeats > 0) AS repeated
           FROM outbox WHERE broadcast = ? GROUP BY state, reason""",
        (number,),
    )
    waiting = sum(row["people"] for row in rows if row["state"] in ("waiting", "sending"))
    sent = sum(row["people"] for row in rows if row["state"] == "sent")
    reasons = [
        (row["reason"] or row["state"], row["people"])
        for row in rows
        if row["state"] not in ("waiting", "sending", "sent")
    ]
    repeated = sum(row["repeated"] for row in rows if row["state"] == "sent")
    return Tally(waiting, sent, tuple(sorted(reasons)), repeated)


@dataclass(frozen=True)
class Unreached:
    """Somebody whom a broadcast did not reach, and why."""

    name: str
    username: str | None
    reason: str


async def unreached(tx: Transaction, number: int, most: int = -1) -> list[Unreached]:
    """People who were not reached, so that the coordinator can find another way; all of them unless ``most`` is
    given. Those to whom a stopped broadcast was not sent any more are not among them."""
    rows = await tx.all_of_many(
        """SELECT p.name, p.username, coalesce(o.reason, o.state) AS reason
           FROM outbox o JOIN people p ON p.id = o.chat
           WHERE o.broadcast = ? AND o.state IN ('gave up', 'blocked', 'withdrawn') AND o.reason IS NOT 'stopped'
           ORDER BY p.name LIMIT ?""",
        (number, most),
    )
    return [Unreached(row["name"], row["username"], row["reason"]) for row in rows]


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        number=row["number"],
        coordinator=row["coordinator"],
        kind=Kind(row["kind"]),
        original=row["original"],
        content=row["content"],
        audience=Audience.from_json(row["audience"]),
        state=row["state"],
        scheduled=bool(row["scheduled"]),
        due_at=restored_if(row["due_at"]),
        filled_to=row["filled_to"],
        filled=bool(row["filled"]),
        stopped_at=restored_if(row["stopped_at"]),
        ended_at=restored_if(row["ended_at"]),
        recipients=row["recipients"],
        progress_message=row["progress_message"],
    )

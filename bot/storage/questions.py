"""Questions that the knowledge file does not answer, on their way to a coordinator and back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.database import Row, Transaction
from bot.storage.moments import stored

KEPT_UNASKED = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    number: int
    person: int
    text: str
    language: str
    state: str
    answer: str | None


async def note(tx: Transaction, person: int, text: str, language: str, now: datetime) -> int:
    """Keeps an unanswered question in case the asker wants it passed on; those of yesterday are dropped."""
    before = stored(now - KEPT_UNASKED)
    await tx.run("DELETE FROM questions WHERE person = ? AND state = 'asked' AND asked_at < ?", (person, before))
    return await tx.insert(
        "INSERT INTO questions (person, text, language, asked_at) VALUES (?, ?, ?, ?)",
        (person, text, language, stored(now)),
    )


async def find(tx: Transaction, number: int) -> Question | None:
    row = await tx.first("SELECT * FROM questions WHERE number = ?", (number,))
    return None if row is None else _question(row)


async def pass_on(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE questions SET state = 'open' WHERE number = ? AND state = 'asked'", (number,))


async def open_ones(tx: Transaction) -> list[Question]:
    rows = await tx.all("SELECT * FROM questions WHERE state = 'open' ORDER BY number")
    return [_question(row) for row in rows]


async def answered(tx: Transaction, number: int, answer: str, coordinator: int, now: datetime) -> None:
    await tx.run(
        "UPDATE questions SET state = 'answered', answer = ?, answered_by = ?, answered_at = ? WHERE number = ?",
        (answer, coordinator, stored(now), number),
    )


async def dismissed(tx: Transaction, number: int, coordinator: int, now: datetime) -> None:
    await tx.run(
        "UPDATE questions SET state = 'dismissed', answered_by = ?, answered_at = ? WHERE number = ?",
        (coordinator, stored(now), number),
    )


async def of_person(tx: Transaction, person: int) -> list[Question]:
    return [_question(row) for row in await tx.all("SELECT * FROM questions WHERE person = ?", (person,))]


def _question(row: Row) -> Question:
    return Question(row["number"], row["person"], row["text"], row["language"], row["state"], row["answer"])

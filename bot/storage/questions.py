"""Questions that the knowledge file does not answer, on their way to a coordinator and back, and what was answered."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.database import Row, Transaction
from bot.storage.moments import stored

KEPT_UNASKED = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """Questions with the same ``gist`` ask the same."""

    number: int
    person: int
    text: str
    language: str
    gist: str
    state: str
    answer: str | None


@dataclass(frozen=True)
class Asked:
    """A question that waits, in the words of the first who asked it, and how many people ask it."""

    number: int
    text: str
    people: int


@dataclass(frozen=True)
class Answered:
    """What a coordinator answered, with the wordings in which it was asked."""

    number: int
    language: str
    questions: tuple[str, ...]
    answer: str


async def note(tx: Transaction, person: int, text: str, language: str, gist: str, now: datetime) -> int:
    """Keeps an unanswered question in case the asker wants it passed on; those of yesterday are dropped."""
    before = stored(now - KEPT_UNASKED)
    await tx.run("DELETE FROM questions WHERE person = ? AND state = 'asked' AND asked_at < ?", (person, before))
    return await tx.insert(
        "INSERT INTO questions (person, text, language, gist, asked_at) VALUES (?, ?, ?, ?, ?)",
        (person, text, language, gist, stored(now)),
    )


async def find(tx: Transaction, number: int) -> Question | None:
    row = await tx.first("SELECT * FROM questions WHERE number = ?", (number,))
    return None if row is None else _question(row)


async def pass_on(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE questions SET state = 'open' WHERE number = ? AND state = 'asked'", (number,))


async def open_ones(tx: Transaction) -> list[Asked]:
    """What waits for an answer, the most asked first."""
    rows = await tx.all(
        """SELECT min(number) AS number, text, count(DISTINCT person) AS people FROM questions WHERE state = 'open'
           GROUP BY iif(gist = '', number, gist) ORDER BY people DESC, number"""
    )
    return [Asked(row["number"], row["text"], row["people"]) for row in rows]


async def open_like(tx: Transaction, question: Question) -> list[Question]:
    """The open questions that ask the same, itself among them if it is open, by arrival."""
    rows = await tx.all(
        "SELECT * FROM questions WHERE state = 'open' AND (number = ? OR (gist = ? AND gist <> '')) ORDER BY number",
        (question.number, question.gist),
    )
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


async def learn(
    tx: Transaction, question: Question, wordings: list[str], answer: str, coordinator: int, now: datetime
) -> Answered:
    """Keeps an answer for all who ask the same from now on, in place of an older one."""
    await tx.run(
        """INSERT INTO answers (gist, language, questions, answer, answered_by, answered_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (gist) DO UPDATE SET language = excluded.language, questions = excluded.questions,
               answer = excluded.answer, answered_by = excluded.answered_by, answered_at = excluded.answered_at""",
        (question.gist, question.language, json.dumps(wordings), answer, coordinator, stored(now)),
    )
    row = await tx.first("SELECT * FROM answers WHERE gist = ?", (question.gist,))
    if row is None:
        raise LookupError("an answer that was just written is not there")
    return _answered(row)


async def learned(tx: Transaction) -> list[Answered]:
    return [_answered(row) for row in await tx.all("SELECT * FROM answers ORDER BY number")]


async def answer_to(tx: Transaction, gist: str) -> str | None:
    """What was answered to this before."""
    value = await tx.value("SELECT answer FROM answers WHERE gist = ? AND gist <> ''", (gist,))
    return None if value is None else str(value)


async def unlearn(tx: Transaction, number: int) -> bool:
    """Whether there was such an answer to forget."""
    return await tx.run("DELETE FROM answers WHERE number = ?", (number,)) > 0


def _question(row: Row) -> Question:
    return Question(
        row["number"], row["person"], row["text"], row["language"], row["gist"], row["state"], row["answer"]
    )


def _answered(row: Row) -> Answered:
    return Answered(row["number"], row["language"], tuple(json.loads(row["questions"])), row["answer"])

"""The people whom the benchmarks fill an event with: seats in the database, accounts in the stand-in, questions to ask,
and a coordinator's announcement to all of them."""

import asyncio
import contextlib
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Calls, says
from bot.sandbox import Person, Sandbox
from bot.storage.migrations import migrate
from bot.storage.moments import stored
from tests.e2e.stage import COORDINATOR, ROOT, SAMPLE, Stage

QUESTIONS = ROOT / "tests" / "answering" / "questions.jsonl"
SESSION = "smart-specialisation"
REGISTERED = datetime(2019, 10, 1, tzinfo=UTC)
FIRST_PERSON = 10_001
FIRST_ASKER = 5_001
"""Askers hold no seat, so that whatever is said to them answers them."""

LONGEST_WAIT = 120.0
"""Seconds after which an answer that has not come never will."""


def questions() -> list[str]:
    """Questions about the sample event that Agora can answer, in a disorder that is always the same."""
    cases = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    answered = [str(case["q"]) for case in cases if case["answered"]]
    random.Random(1).shuffle(answered)
    return answered


def knowledge(folder: Path, seats: int, reminders: Sequence[str] = ()) -> Path:
    """A copy of the sample event with so many seats and, when given, other ``reminders`` before the session: lengths
    of time."""
    text = SAMPLE.read_text("utf-8").replace("capacity: 120", f"capacity: {seats}")
    if reminders:
        rules = "".join(f"  - id: rule-{number}\n    before: {length}\n" for number, length in enumerate(reminders, 1))
        text = text[: text.index("reminders:\n")] + "reminders:\n" + rules
    path = folder / "knowledge.yaml"
    path.write_text(text, "utf-8")
    return path


def welcome(sandbox: Sandbox, people: Iterable[int]) -> None:
    """Gives everybody an account, and lets them have written to the bot."""
    for person in people:
        sandbox.world.add_person(Person(person, f"P{person}", language_code="en", started=True))


def seat(database: Path, people: Iterable[int]) -> None:
    """Gives everybody a seat of the sample event, in a database that no bot runs on yet."""
    moment = stored(REGISTERED)
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        migrate(connection, database)
        connection.execute("BEGIN")
        connection.execute("INSERT INTO sessions (id) VALUES (?)", (SESSION,))
        names = [(person, f"P{person}") for person in people]
        connection.executemany("INSERT INTO people (id, name, telegram_language) VALUES (?, ?, 'en')", names)
        # Let in by a coordinator: the schema would else count the seats taken before each single one.
        rows = [(*each, SESSION, moment, moment, moment, COORDINATOR) for each in names]
        connection.executemany(
            """INSERT INTO registrations (
                   person, name, session, status, arrival, registered_at, confirmed_at, admitted_by
               ) VALUES (?, ?, ?, 'confirmed', ?, ?, ?, ?)""",
            rows,
        )
        connection.execute("COMMIT")


async def announce(stage: Stage, text: str) -> None:
    """The coordinator announces something to everybody with a seat, as one does in the chat; returns after the yes."""
    clara = await stage.coordinator()
    preview = await clara.ask(f"/broadcast {text}")
    await clara.tap(await clara.message_after(preview["message_id"]), "✅")


class Askers:
    """People who keep asking, and what each of them waited for each answer, in seconds."""

    def __init__(self, sandbox: Sandbox, count: int) -> None:
        self._sandbox = sandbox
        self._people = range(FIRST_ASKER, FIRST_ASKER + count)
        self._questions = questions()
        self._awaited: dict[str, asyncio.Future[float]] = {}
        welcome(sandbox, self._people)

    @asynccontextmanager
    async def asking(self, pause: tuple[float, float]) -> AsyncIterator[list[float]]:
        """Lets them ask during the block, with a pause of random length after each answer. The waits fill up
        meanwhile; a question that is open at the end of the block is waited for."""
        waits: list[float] = []
        ended = asyncio.Event()
        listening = asyncio.create_task(self._listen())
        asking = [asyncio.create_task(self._ask_on(person, pause, waits, ended)) for person in self._people]
        try:
            yield waits
            ended.set()
            await asyncio.gather(*asking)
        finally:
            for task in (listening, *asking):
                task.cancel()

    async def _ask_on(self, person: int, pause: tuple[float, float], waits: list[float], ended: asyncio.Event) -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(random.uniform(*pause)):
                    await ended.wait()
            if not ended.is_set():
                waits.append(await self._ask(person))

    async def _ask(self, person: int) -> float:
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited[str(person)] = answered
        asked = time.monotonic()
        self._sandbox.visitors.say(person, random.choice(self._questions))
        async with asyncio.timeout(LONGEST_WAIT):
            return await answered - asked

    async def _listen(self) -> None:
        """Tells whoever waits for an answer when it came."""
        calls = Calls(self._sandbox, says)
        while True:
            for call in calls.look():
                awaited = self._awaited.pop(str(call.params.get("chat_id")), None)
                if awaited is not None:
                    awaited.set_result(call.monotonic)
            calls.taken.clear()
            await asyncio.sleep(0.01)

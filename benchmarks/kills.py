"""What two hundred kills lose, and what they repeat.

    python -m benchmarks.kills [--kills 200] [--people 100] [--rate 80] [--latency 300] [--no-bars]

One long run: new people keep registering until well after the seats are taken, a reminder falls due in every round,
an announcement goes out in every round, and SIGKILL ends the process at random moments, now and then while it comes
up. Then everything is left to come to rest, and every message that should stand in a chat is looked for there: lost is
who pressed and has no registration, who held a seat and lacks a reminder, who was registered and lacks an announcement.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.audience import FIRST_PERSON, knowledge, seat, welcome
from benchmarks.measuring import Bar, verdict
from bot.services.deliveries import CONCURRENCY
from bot.storage.moments import stored
from tests.e2e.stage import COORDINATOR, Stage, data_of, eventually, is_from_bot, staged, text_of

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
FIRST_NEWCOMER = 50_001
KILLS_IN_A_ROUND = 4
NEWCOMERS_IN_A_ROUND = 4
ROUND = timedelta(minutes=1)
"""By how much the clock moves from round to round: less than Telegram keeps a press that nobody has fetched."""
FIRST_RULE = 600
"""Minutes before the session at which the first reminder is due; the others follow, one a minute."""
LIFE = (0.1, 2.0)
"""Seconds between two kills, start-up not counted."""
SPARED_WHILE_STARTING = 0.8
"""The share of starts that are waited for; the others may be killed half-way."""
PATIENCE = 120.0
"""Seconds after which an answer that has not come, or a rest that is not reached, never will."""


@dataclass
class Losses:
    """What is missing, in words, and what came more often than once."""

    lost: list[str] = field(default_factory=list)
    arrived: int = 0
    repeated: int = 0

    def look(self, words: str, people: Iterable[int], count: Callable[[int, str], int], must: set[int]) -> None:
        """Counts the messages with these words in each chat; there must be one in those of ``must``."""
        for person in people:
            found = count(person, words)
            self.arrived += found
            self.repeated += max(0, found - 1)
            if found == 0 and person in must:
                self.lost.append(f"{words} for {person}")


@dataclass
class Run:
    """One run: the stage, how many people had a seat at the beginning, and what has happened so far."""

    stage: Stage
    seated: range
    rounds: int
    killed: int = 0
    while_starting: int = 0

    @property
    def newcomers(self) -> range:
        return range(FIRST_NEWCOMER, FIRST_NEWCOMER + self.rounds * NEWCOMERS_IN_A_ROUND)

    @property
    def everybody(self) -> list[int]:
        return [*self.seated, *self.newcomers]

    def count(self, person: int, words: str) -> int:
        """How many messages of the bot in somebody's chat have these words."""
        chat = self.stage.sandbox.world.chats[person]
        return sum(is_from_bot(each) and words in text_of(each) for each in chat.messages.values())

    def newest(self, person: int, words: str) -> dict[str, Any] | None:
        """The last message of the bot in somebody's chat that has these words."""
        messages = self.stage.sandbox.world.chats[person].messages.values()
        return next((each for each in reversed(messages) if is_from_bot(each) and words in text_of(each)), None)

    async def press(self, person: int, words: str, caption: str, under: str) -> None:
        """Presses a button of the newest message that has these words, once there is one below the newest that has
        those of ``under``: a message that came twice may be older."""
        found: list[dict[str, Any]] = []

        def stands_there() -> bool:
            message, above = self.newest(person, words), self.newest(person, under)
            if message is not None and above is not None and message["message_id"] >= above["message_id"]:
                found.append(message)
            return bool(found)

        await eventually(stands_there, PATIENCE)
        self.stage.sandbox.visitors.press(person, found[0]["message_id"], data=data_of(found[0], caption), force=True)

    async def register(self, person: int) -> None:
        await asyncio.sleep(random.uniform(0, 3))
        self.stage.sandbox.visitors.say(person, "/register")
        await self.press(person, "Shall I keep you a seat", "✅", under="Shall I keep you a seat")
        await eventually(
            lambda: self.count(person, "You have a seat") + self.count(person, "You are number") > 0, PATIENCE
        )

    async def announce(self, number: int) -> None:
        """Returns when the yes is on disk."""
        self.stage.sandbox.visitors.say(COORDINATOR, f"/broadcast {announcement(number)}")
        drafts = "SELECT count(*) FROM broadcasts WHERE state = 'draft'"
        await self.press(COORDINATOR, "exactly as it stands. Send it?", "✅", under=announcement(number))
        await eventually(lambda: self.stage.rows(drafts) == [(0,)], PATIENCE)

    async def kill(self, kills: int) -> None:
        began = time.monotonic()
        while self.killed < kills:
            await asyncio.sleep(random.uniform(*LIFE))
            await self.stage.bot.kill()
            self.killed += 1
            await self.stage.bot.start()
            if random.random() < SPARED_WHILE_STARTING:
                await self.stage.bot.running()
            else:
                self.while_starting += 1
            if self.killed % 20 == 0:
                sent = self.stage.rows("SELECT count(*) FROM outbox WHERE state = 'sent'")[0][0]
                print(f"    {self.killed} kills in {time.monotonic() - began:.0f} s, {sent} notices sent", flush=True)
        await self.stage.bot.running()

    async def reach(self, kills: int) -> None:
        await eventually(lambda: self.killed >= kills, PATIENCE)

    async def rest(self) -> None:
        """Waits until nothing is under way any more."""
        busy = """SELECT (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))
                       + (SELECT count(*) FROM broadcasts WHERE state = 'sending')"""
        await eventually(lambda: self.stage.rows(busy) == [(0,)], PATIENCE)

    def losses(self) -> Losses:
        """What is missing in the chats, by what the database says of who was registered when."""
        found = Losses()
        registered: dict[int, tuple[int, int | None]] = {
            person: (registered_at, confirmed_at)
            for person, registered_at, confirmed_at in self.stage.rows(
                "SELECT person, registered_at, confirmed_at FROM registrations WHERE status <> 'cancelled'"
            )
        }
        found.lost += [f"registration of {person}" for person in self.everybody if person not in registered]
        for number in range(1, self.rounds + 1):
            due = stored((START - timedelta(minutes=rule_minutes(number))).astimezone(UTC))
            must = {person for person, (_, since) in registered.items() if since is not None and since <= due}
            found.look(reminder(number), self.everybody, self.count, must)
            [(begun,)] = self.stage.rows("SELECT due_at FROM broadcasts WHERE number = ?", number)
            must = {person for person, (since, _) in registered.items() if since <= begun}
            found.look(announcement(number), self.everybody, self.count, must)
        return found


def rule_minutes(number: int) -> int:
    return FIRST_RULE - number


def reminder(number: int) -> str:
    return f"Reminder no. {number}."


def announcement(number: int) -> str:
    return f"Announcement no. {number}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=100, help="how many have a seat at the beginning")
    parser.add_argument("--rate", type=int, default=80, help="messages per second that are allowed")
    parser.add_argument("--latency", type=int, default=300, help="milliseconds that the Bot API takes for a request")
    parser.add_argument("--no-bars", action="store_true", help="only print")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bars = asyncio.run(_killed(Path(folder), arguments.kills, arguments.people, arguments.rate, arguments.latency))
    return 0 if arguments.no_bars else verdict(bars)


async def _killed(folder: Path, kills: int, people: int, rate: int, latency: int) -> list[Bar]:
    rounds = max(1, kills // KILLS_IN_A_ROUND)
    seated = range(FIRST_PERSON, FIRST_PERSON + people)
    seats = people + rounds * NEWCOMERS_IN_A_ROUND // 2
    event = _event(folder, seats, rounds)
    async with staged(folder, start=False, KNOWLEDGE_FILE=str(event), MESSAGES_PER_SECOND=str(rate)) as stage:
        run = Run(stage, seated, rounds)
        seat(stage.database_path, seated)
        welcome(stage.sandbox, run.everybody)
        await stage.coordinator()
        await stage.set_clock(START - timedelta(minutes=FIRST_RULE))
        await stage.bot.start()
        await stage.bot.running()
        await stage.trouble(latency_ms=latency)
        print(
            f"{kills} kills, {rounds} reminders and announcements, {people} people and {len(run.newcomers)} newcomers"
        )
        began = time.monotonic()
        killing = asyncio.create_task(run.kill(kills))
        coming: list[asyncio.Task[None]] = []
        for number in range(1, rounds + 1):
            newcomers = run.newcomers[(number - 1) * NEWCOMERS_IN_A_ROUND : number * NEWCOMERS_IN_A_ROUND]
            coming += [asyncio.create_task(run.register(person)) for person in newcomers]
            await run.announce(number)
            await stage.post("clock", {"advance_seconds": ROUND.total_seconds()})
            await run.reach(min(number * KILLS_IN_A_ROUND, kills))
        await killing
        await asyncio.gather(*coming)
        await stage.trouble(latency_ms=0)
        await run.rest()
        return _bars(run, run.losses(), seats, time.monotonic() - began)


def _event(folder: Path, seats: int, rounds: int) -> Path:
    """The sample event with so many seats, and reminders that can be told apart, one for each round."""
    lengths = [f"{rule_minutes(number)} minutes" for number in range(1, rounds + 1)]
    path = knowledge(folder, seats, lengths)
    text = path.read_text("utf-8")
    for number, length in enumerate(lengths, 1):
        text = text.replace(f"before: {length}\n", f'before: {length}\n    text: "{reminder(number)}"\n')
    path.write_text(text, "utf-8")
    return path


def _bars(run: Run, losses: Losses, seats: int, seconds: float) -> list[Bar]:
    """Prints the figures; what they have to be."""
    counted = int(run.stage.rows("SELECT sum(repeats) FROM outbox")[0][0] or 0)
    said = [int(number) for number in re.findall(r"(\d+) messages were on their way", run.stage.bot.log)]
    questions = sum(max(0, run.count(person, "Shall I keep you a seat") - 1) for person in run.newcomers)
    [(taken,)] = run.stage.rows("SELECT count(*) FROM registrations WHERE status IN ('confirmed', 'offered')")
    print(f"    {run.killed} kills in {seconds:.0f} s, {run.while_starting} of them perhaps while the bot came up")
    print(f"    {losses.arrived} reminders and announcements arrived, {len(losses.lost)} lost")
    print(
        f"    {losses.repeated} repeated; {counted} by the bot's own count, {max(said, default=0)} at most after a kill"
    )
    print(f"    {questions} answers repeated")
    print(f"    {taken} of {seats} seats taken, {len(run.everybody) - taken} people waiting")
    print(f"    errors in the log: {len(run.stage.bot.complaints)}")
    for what in losses.lost[:10]:
        print(f"    LOST: {what}")
    return [
        (f"nothing lost in {run.killed} kills", not losses.lost),
        (f"at most {CONCURRENCY} messages may come twice after a kill", max(said, default=0) <= CONCURRENCY),
        ("no more came twice than the bot counts", losses.repeated <= counted == sum(said)),
        (
            "all repeats together, answers too, within the bound",
            losses.repeated + questions <= CONCURRENCY * run.killed,
        ),
        ("every seat taken, and none twice", taken == seats),
        ("no error in the log", not run.stage.bot.complaints),
    ]


if __name__ == "__main__":
    sys.exit(main())

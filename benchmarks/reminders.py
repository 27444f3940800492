"""How punctual reminders are, alone and when a hundred thousand are due at one instant.

    python -m benchmarks.reminders [--people 100000] [--rate 1000] [--all] [--no-bars]

First a punctual day: several reminders, one after another, for 200 people each; how long after its moment the first
message of each goes out. Then one reminder for everybody at once: how long until the first message, what the reminders
do to the memory of the process, how long people who ask meanwhile wait, and the longest pause between two messages.
That is looked at for a minute, or to the end with ``--all``.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, inf
from pathlib import Path

from benchmarks.audience import FIRST_PERSON, Askers, knowledge, seat, welcome
from benchmarks.measuring import (
    MEGABYTE,
    Bar,
    Calls,
    counts,
    cpu_seconds,
    difference,
    in_milliseconds,
    pid_of,
    quantile,
    says,
    verdict,
    watched,
)
from bot.sandbox.journal import Call
from tests.e2e.stage import Stage, staged

START = datetime.fromisoformat("2019-10-09T16:30:00+02:00")
MINUTES_BEFORE = range(600, 400, -10)
"""When the reminders of the punctual day are due."""
PEOPLE_OF_A_BATCH = 200
DAY_BEFORE = 24 * 60
LEAD = 3
"""Seconds before the due moment to which the clock is moved."""
LOOKED_AT = 60.0
"""Seconds of sending that are looked at."""
ASKERS = 3
PAUSE = (0.5, 1.0)
WARMING_UP = 4.0

LATEST = 1.0
MOST_GROWTH = 20 * MEGABYTE


@dataclass(frozen=True)
class Flood:
    """One reminder for everybody: messages sent, seconds from the due moment to the first and to the last of them, the
    longest pause between two, refusals for haste, CPU seconds, bytes of memory, and what askers waited."""

    sent: int
    first: float
    last: float
    pause: float
    refusals: int
    cpu: float | None
    growth: int | None
    waits: Sequence[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="for how many a reminder is due at one instant")
    parser.add_argument("--rate", type=int, default=1000, help="messages per second that are allowed")
    parser.add_argument("--all", action="store_true", help="until the last one is sent, not for a minute")
    parser.add_argument("--no-bars", action="store_true", help="only print")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        delays = asyncio.run(_punctual_day(Path(folder), arguments.rate))
    with tempfile.TemporaryDirectory() as folder:
        flood = asyncio.run(_flood(Path(folder), arguments.people, arguments.rate, inf if arguments.all else LOOKED_AT))
    _print(flood, arguments.people)
    return 0 if arguments.no_bars else verdict(_bars(delays, flood))


async def _punctual_day(folder: Path, rate: int) -> list[float]:
    """Seconds from the due moment of each reminder to its first message."""
    print(f"{len(MINUTES_BEFORE)} reminders for {PEOPLE_OF_A_BATCH} people each", flush=True)
    delays = []
    async with _seated(folder, PEOPLE_OF_A_BATCH, rate, [f"{minutes} minutes" for minutes in MINUTES_BEFORE]) as stage:
        for minutes in MINUTES_BEFORE:
            reminders = Calls(stage.sandbox, _reminds)
            due = _move_clock_before(stage, START - timedelta(minutes=minutes))
            if not await reminders.reach(PEOPLE_OF_A_BATCH):
                raise RuntimeError(f"only {len(reminders.taken)} of {PEOPLE_OF_A_BATCH} reminders were sent")
            delays.append(reminders.taken[0].monotonic - due)
    print(f"    from the due moment to the first message: {in_milliseconds(delays)}", flush=True)
    return delays


async def _flood(folder: Path, people: int, rate: int, seconds: float) -> Flood:
    """One reminder for everybody, looked at for so many seconds of sending."""
    print(f"one reminder for {people} people", flush=True)
    async with _seated(folder, people, rate, [f"{DAY_BEFORE} minutes"]) as stage:
        pid = pid_of(stage)
        askers = Askers(stage.sandbox, ASKERS)
        async with askers.asking(PAUSE):
            await asyncio.sleep(WARMING_UP)
        reminders, messages = Calls(stage.sandbox, _reminds), Calls(stage.sandbox, counts)
        cpu = cpu_seconds(pid)
        async with watched(pid) as memory, askers.asking(PAUSE) as waits:
            due = _move_clock_before(stage, START - timedelta(minutes=DAY_BEFORE))
            if not await reminders.reach(1, silence=120):
                raise RuntimeError("no reminder was sent")
            await reminders.reach(people, seconds, beside=[messages])
        used = difference(cpu, cpu_seconds(pid))
        moments = [due, *(call.monotonic for call in messages.look() if call.monotonic >= due)]
        return Flood(
            len(reminders.taken),
            reminders.taken[0].monotonic - due,
            reminders.taken[-1].monotonic - due,
            max(after - before for before, after in pairwise(moments)),
            sum(call.status == 429 for call in messages.refused),
            used,
            memory.growth,
            waits,
        )


@asynccontextmanager
async def _seated(folder: Path, people: int, rate: int, reminders: Sequence[str]) -> AsyncIterator[Stage]:
    """A stage whose bot is ready to remind so many people."""
    everybody = range(FIRST_PERSON, FIRST_PERSON + people)
    event = knowledge(folder, people, reminders)
    async with staged(folder, start=False, KNOWLEDGE_FILE=str(event), MESSAGES_PER_SECOND=str(rate)) as stage:
        seat(stage.database_path, everybody)
        welcome(stage.sandbox, everybody)
        await stage.trouble(rate_per_second=rate)
        await stage.bot.start()
        await stage.bot.running()
        await asyncio.sleep(1)
        yield stage


def _move_clock_before(stage: Stage, moment: datetime) -> float:
    """Moves the rehearsal's clock to shortly before a moment; when that comes, in steady seconds.

    By whole seconds: reminders are due on full seconds, on the machine's clock as on the rehearsal's.
    """
    clock = stage.sandbox.world.clock
    offset = ceil(moment.timestamp() - LEAD - time.time())
    clock.advance(offset - clock.offset_seconds)
    return time.monotonic() + (moment - clock.now()).total_seconds()


def _reminds(call: Call) -> bool:
    return says(call) and int(call.params.get("chat_id", 0)) >= FIRST_PERSON


def _print(flood: Flood, people: int) -> None:
    rate = (flood.sent - 1) / (flood.last - flood.first) if flood.sent > 1 else 0
    thousands = flood.sent / 1000
    print(f"    first message {1000 * flood.first:.0f} ms after the due moment")
    print(f"    {flood.sent} of {people} sent, {rate:.0f} a second, {flood.refusals} refused with 429")
    print(f"    longest pause without any message {1000 * flood.pause:.0f} ms")
    print("    CPU time " + ("not measured" if flood.cpu is None else f"{flood.cpu / thousands:.2f} s for 1000"))
    print("    memory " + ("not measured" if flood.growth is None else f"grew by {flood.growth / MEGABYTE:.1f} MB"))
    print(f"    {len(flood.waits)} answers meanwhile: {in_milliseconds(flood.waits)}", flush=True)


def _bars(delays: Sequence[float], flood: Flood) -> list[Bar]:
    p99 = quantile(delays, 0.99)
    growth = None if flood.growth is None else flood.growth < MOST_GROWTH
    return [
        (f"the first message comes within {LATEST:.0f} s of its moment, p99 ({1000 * p99:.0f} ms)", p99 <= LATEST),
        (f"memory grows by less than {MOST_GROWTH / MEGABYTE:.0f} MB in the flood", growth),
    ]


if __name__ == "__main__":
    sys.exit(main())

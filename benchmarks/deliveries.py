"""How well an announcement uses the pace that Telegram allows.

    python -m benchmarks.deliveries [--people 600 --rate 30] [--no-bars]

A coordinator announces something to everybody who holds a seat. The stand-in refuses whatever exceeds the allowed
messages per second with 429, as Telegram does; the bot is told the same figure. Without options: 600 people at 30
messages a second, which is what Telegram allows, then 3000 people at 1000, which is what a bot may buy. Progress that
the coordinator sees takes its share of the pace.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.audience import FIRST_PERSON, announce, knowledge, seat, welcome
from benchmarks.measuring import (
    MEGABYTE,
    Bar,
    Calls,
    busiest_second,
    counts,
    cpu_seconds,
    difference,
    pid_of,
    verdict,
    watched,
)
from bot.sandbox.journal import Call
from tests.e2e.stage import COORDINATOR, staged

USUAL_RUNS = ((600, 30), (3000, 1000))
TELEGRAMS_RATE = 30
LEAST_SHARE = 0.99
NEWS = "The session begins ten minutes later, in the same room. Please tell your neighbours!"
SETTLING = 1.5
"""Seconds after the last copy in which the bot writes its report."""


@dataclass(frozen=True)
class Figures:
    """One announcement: copies that arrived, messages a second among them (progress included), refusals for haste, the
    most messages in one second, CPU seconds and bytes of memory that it took."""

    copies: int
    rate: float
    refusals: int
    busiest: int
    cpu: float | None
    growth: int | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, help="how many get the announcement")
    parser.add_argument("--rate", type=int, default=TELEGRAMS_RATE, help="messages per second that are allowed")
    parser.add_argument("--no-bars", action="store_true", help="only print")
    arguments = parser.parse_args()
    runs = USUAL_RUNS if arguments.people is None else ((arguments.people, arguments.rate),)
    bars: list[Bar] = []
    for people, rate in runs:
        print(f"{people} people at {rate} messages a second", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures = asyncio.run(_announced(Path(folder), people, rate))
        _print(figures, rate)
        if rate == TELEGRAMS_RATE:
            bars += _bars(figures, people, rate)
    return 0 if arguments.no_bars else verdict(bars)


async def _announced(folder: Path, people: int, rate: int) -> Figures:
    everybody = range(FIRST_PERSON, FIRST_PERSON + people)
    event = knowledge(folder, people)
    async with staged(folder, start=False, KNOWLEDGE_FILE=str(event), MESSAGES_PER_SECOND=str(rate)) as stage:
        seat(stage.database_path, everybody)
        welcome(stage.sandbox, everybody)
        await stage.trouble(rate_per_second=rate)
        await stage.bot.start()
        await stage.bot.running()
        pid = pid_of(stage)
        messages, copies = Calls(stage.sandbox, counts), Calls(stage.sandbox, _is_copy)
        await announce(stage, NEWS)
        if not await copies.reach(1):
            raise RuntimeError("nobody got the announcement")
        cpu = cpu_seconds(pid)
        async with watched(pid) as memory:
            complete = await copies.reach(people, beside=[messages])
            await asyncio.sleep(SETTLING)
        if not complete:
            print(f"    ONLY {len(copies.taken)} of {people} copies came, then no more")
        messages.look()
        return _figures(messages, copies, difference(cpu, cpu_seconds(pid)), memory.growth)


def _is_copy(call: Call) -> bool:
    return call.params.get("text") == NEWS and call.params.get("chat_id") != str(COORDINATOR)


def _figures(messages: Calls, copies: Calls, cpu: float | None, growth: int | None) -> Figures:
    first, last = copies.taken[0].monotonic, copies.taken[-1].monotonic
    meanwhile = [call.monotonic for call in messages.taken if first <= call.monotonic <= last]
    haste = [call for call in messages.refused if call.status == 429]
    rate = (len(meanwhile) - 1) / (last - first)
    return Figures(len(copies.taken), rate, len(haste), busiest_second(meanwhile), cpu, growth)


def _print(figures: Figures, rate: int) -> None:
    thousands = figures.copies / 1000
    cpu = "not measured" if figures.cpu is None else f"{1000 * figures.cpu / thousands:.0f} ms"
    memory = "not measured" if figures.growth is None else f"{figures.growth / MEGABYTE / thousands:.2f} MB"
    print(f"    {figures.rate:.2f} messages a second, {100 * figures.rate / rate:.1f} % of what is allowed")
    print(f"    {figures.refusals} refused with 429, {figures.busiest} in the busiest second")
    print(f"    for 1000 messages: {cpu} of CPU time, {memory} of memory", flush=True)


def _bars(figures: Figures, people: int, rate: int) -> list[Bar]:
    return [
        (f"all {people} people got their copy", figures.copies == people),
        (f"at least {100 * LEAST_SHARE:.0f} % of {rate} messages a second", figures.rate >= LEAST_SHARE * rate),
        ("nothing refused with 429", figures.refusals == 0),
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Simulated people who use a running bot all at once, and what they had to wait for.

    python -m benchmarks.crowd [--people 200] [--seconds 60] [--latency MS]

Starts the stand-in for Telegram and the bot, lets everybody write, ask, register, cancel and look around at
random, and prints how many answers came, how late, and what the bot's log complained of.
"""

import argparse
import asyncio
import random
import tempfile
import time
from pathlib import Path

from tests.e2e.stage import Visitor, captions, staged

WORDS = (
    "when is it?",
    "which room",
    "who speaks?",
    "how do i get there",
    "what is TIBS?",
    "is there parking?",
    "thanks!",
    "/start",
    "/help",
    "/agenda",
    "/status",
    "/reminders",
    "/privacy",
    "/register",
    "/cancel",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--latency", type=int, default=0, help="milliseconds that the Bot API takes for a request")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(crowd(Path(folder), arguments.people, arguments.seconds, arguments.latency))


async def crowd(folder: Path, people: int, seconds: float, latency: int) -> None:
    """Runs the crowd and prints its figures."""
    async with staged(folder) as stage:
        await stage.trouble(latency_ms=latency)
        visitors = [await stage.person(1000 + number, f"P{number}") for number in range(people)]
        until = time.monotonic() + seconds
        waits = [wait for each in await asyncio.gather(*(live(each, until) for each in visitors)) for wait in each]
        print(f"{len(waits)} answers to {people} people in {seconds:.0f} s, {len(waits) / seconds:.0f} a second")
        print(f"waited: median {quantile(waits, 0.5)}, 95 % {quantile(waits, 0.95)}, longest {quantile(waits, 1)}")
        print(f"registrations: {stage.rows('SELECT status, count(*) FROM registrations GROUP BY status')}")
        code = await stage.bot.stop()
        print(f"exit code {code}, errors in the log: {stage.bot.complaints or 'none'}")


async def live(visitor: Visitor, until: float) -> list[float]:
    """One person's minute: something, a pause, something else; the seconds each answer took."""
    waits: list[float] = []
    while time.monotonic() < until:
        began = time.monotonic()
        answer = await visitor.ask(random.choice(WORDS))
        waits.append(time.monotonic() - began)
        go_on = [caption for caption in captions(answer) if caption.startswith(("✅", "❌"))]
        if go_on:
            began = time.monotonic()
            await visitor.press(answer, random.choice(go_on))
            waits.append(time.monotonic() - began)
        await asyncio.sleep(random.uniform(0.5, 3))
    return waits


def quantile(waits: list[float], share: float) -> str:
    ordered = sorted(waits)
    return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f} ms" if ordered else "–"


if __name__ == "__main__":
    main()

"""How long people wait for an answer while an announcement goes out to thousands.

    python -m benchmarks.replies [--people 5000] [--rate 30] [--askers 20] [--seconds 20] [--no-bars]

Askers put a question, wait for the answer, pause for half a second to a second, and ask again: first while the bot has
nothing else to do, then while it announces something to everybody with a seat at the pace that Telegram allows. An
answer takes one of the slots of that pace too, so the wait for a slot is in both figures.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.audience import FIRST_PERSON, Askers, announce, knowledge, seat, welcome
from benchmarks.measuring import Bar, Calls, counts, in_milliseconds, quantile, verdict
from bot.sandbox.journal import Call
from tests.e2e.stage import Stage, staged

NEWS = "The session begins ten minutes later, in the same room. Please tell your neighbours!"
PAUSE = (0.5, 1.0)
WARMING_UP = 3.0
MOST_LONGER = 0.040
"""Seconds by which the 95th percentile may grow during an announcement."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5000, help="how many get the announcement")
    parser.add_argument("--rate", type=int, default=30, help="messages per second that are allowed")
    parser.add_argument("--askers", type=int, default=20, help="how many people ask meanwhile")
    parser.add_argument("--seconds", type=float, default=20, help="how long they ask, before and during it")
    parser.add_argument("--no-bars", action="store_true", help="only print")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        idle, during = asyncio.run(
            _asked(Path(folder), arguments.people, arguments.rate, arguments.askers, arguments.seconds)
        )
    return 0 if arguments.no_bars else verdict(_bars(idle, during))


async def _asked(
    folder: Path, people: int, rate: int, askers: int, seconds: float
) -> tuple[Sequence[float], Sequence[float]]:
    """The seconds that answers took, without an announcement and during one."""
    everybody = range(FIRST_PERSON, FIRST_PERSON + people)
    event = knowledge(folder, people)
    async with staged(folder, start=False, KNOWLEDGE_FILE=str(event), MESSAGES_PER_SECOND=str(rate)) as stage:
        seat(stage.database_path, everybody)
        welcome(stage.sandbox, everybody)
        await stage.trouble(rate_per_second=rate)
        await stage.bot.start()
        await stage.bot.running()
        crowd = Askers(stage.sandbox, askers)
        async with crowd.asking(PAUSE):
            await asyncio.sleep(WARMING_UP)
        idle = await _waits("idle", stage, crowd, seconds)
        copies = Calls(stage.sandbox, _is_copy)
        await announce(stage, NEWS)
        if not await copies.reach(1):
            raise RuntimeError("nobody got the announcement")
        during = await _waits("during", stage, crowd, seconds)
        print(f"    {len(copies.look())} of {people} copies went out meanwhile")
        if len(copies.taken) >= people:
            print("    THE ANNOUNCEMENT WAS OVER BEFORE THE ASKERS WERE: take more people")
        return idle, during


async def _waits(when: str, stage: Stage, crowd: Askers, seconds: float) -> Sequence[float]:
    """Lets the askers ask for so long, and prints what they waited; in seconds."""
    messages = Calls(stage.sandbox, counts)
    async with crowd.asking(PAUSE) as waits:
        await asyncio.sleep(seconds)
    messages.look()
    print(f"{when:8} {in_milliseconds(waits)}")
    print(
        f"    {len(waits) / seconds:.1f} answers a second, {len(messages.taken) / seconds:.1f} messages a second, "
        f"{len(messages.refused)} refused with 429",
        flush=True,
    )
    return waits


def _is_copy(call: Call) -> bool:
    return call.params.get("text") == NEWS


def _bars(idle: Sequence[float], during: Sequence[float]) -> list[Bar]:
    longer = quantile(during, 0.95) - quantile(idle, 0.95)
    what = f"95 % of the answers come at most {1000 * MOST_LONGER:.0f} ms later during an announcement"
    return [(f"{what} ({1000 * longer:+.0f} ms)", longer <= MOST_LONGER)]


if __name__ == "__main__":
    sys.exit(main())

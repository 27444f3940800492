"""How many questions Agora answers in a second and what CPU time an answer costs, beside two bots that only echo.

    python -m benchmarks.answers [--updates 2000] [--people 500] [--rounds 3]
                                 [--aiogram-venv FOLDER | --without-aiogram] [--no-bars]

Each bot runs as a process of its own against the stand-in for Telegram, which takes turns with them: first it answers
at once, then it takes 50 ms for a request, as Telegram does from afar. All questions wait in the stand-in before the
clock starts. Agora reads, understands, remembers and answers them, and has everything on disk before it tells Telegram
that it has it; the others say back what was said: one made with python-telegram-bot, on which Agora stands, with its
defaults, and one made with aiogram.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.audience import FIRST_PERSON, questions, welcome
from benchmarks.measuring import Bar, Calls, cpu_seconds, difference, says, verdict
from bot.sandbox import DEFAULT_TOKEN, Sandbox
from tests.e2e.stage import ROOT, environment_for, eventually

NOW = datetime.fromisoformat("2019-10-07T12:00:00+02:00")
SLOW = 50
"""Milliseconds that the slow API takes for a request."""
ONE_AT_A_TIME = 200
"""So many questions are enough for a bot that waits for each request in turn, at the slow API."""
SETTLING = 0.7
"""Seconds after the last answer in which a bot may finish what it does about it."""
AIOGRAM = "aiogram==3.31.0"

LARGEST_SHARE = 0.8
LEAST_PER_SECOND = 500


@dataclass(frozen=True)
class Contender:
    """A bot: ``command`` makes its command line from the API's address; ``in_turn`` when it answers one by one."""

    name: str
    command: Callable[[str], Sequence[str]]
    in_turn: bool = False


@dataclass(frozen=True)
class Figures:
    """One run: answers, seconds from the first question to the last answer, CPU seconds of the bot and the stand-in."""

    answers: int
    seconds: float
    cpu: float | None
    own_cpu: float

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    @property
    def cpu_each(self) -> float | None:
        """Milliseconds of CPU time for an answer."""
        return None if self.cpu is None else 1000 * self.cpu / self.answers


Results = dict[tuple[str, int], list[Figures]]
"""All rounds, by the bot's name and the API's milliseconds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=2000, help="questions in a run")
    parser.add_argument("--people", type=int, default=500, help="how many people ask them")
    parser.add_argument("--rounds", type=int, default=3, help="all figures are medians of so many rounds")
    parser.add_argument("--aiogram-venv", type=Path, help="where aiogram is, or is to be, installed and kept")
    parser.add_argument("--without-aiogram", action="store_true")
    parser.add_argument("--no-bars", action="store_true", help="only print")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        contenders = [
            Contender("python-telegram-bot echo", _ptb_command, in_turn=True),
            Contender("Agora", lambda url: (sys.executable, "-m", "bot", "run")),
        ]
        if not arguments.without_aiogram:
            contenders += _aiogram(arguments.aiogram_venv or Path(scratch) / "aiogram")
        results: Results = {}
        for number in range(arguments.rounds):
            for contender in contenders:
                print(f"round {number + 1} of {arguments.rounds}: {contender.name}", flush=True)
                folder = Path(scratch) / f"{number}-{contender.name.replace(' ', '-')}"
                folder.mkdir()
                for latency, figures in asyncio.run(_run(contender, folder, arguments.updates, arguments.people)):
                    results.setdefault((contender.name, latency), []).append(figures)
    _print_table(results)
    return 0 if arguments.no_bars else verdict(_bars(results))


def _ptb_command(url: str) -> Sequence[str]:
    return sys.executable, "-m", "benchmarks.echo_ptb", url, DEFAULT_TOKEN


def _aiogram(folder: Path) -> list[Contender]:
    """The aiogram echo bot, in an environment in ``folder``; nothing, with a line that says so, where that fails."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    try:
        if not python.exists():
            print(f"installing {AIOGRAM} into an environment of its own", flush=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            subprocess.run([python, "-m", "pip", "install", "-q", AIOGRAM], check=True, capture_output=True)
        subprocess.run([python, "-c", "import aiogram"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"WITHOUT AIOGRAM: it could not be installed ({error})")
        return []
    script = str(ROOT / "benchmarks" / "echo_aiogram.py")
    return [Contender("aiogram echo", lambda url: (str(python), script, url, DEFAULT_TOKEN))]


async def _run(contender: Contender, folder: Path, updates: int, people: int) -> list[tuple[int, Figures]]:
    """One start of a bot, asked at both APIs; the API's milliseconds and the figures."""
    async with _running(contender, folder, people) as (sandbox, pid):
        # The first answers import and compile what the later ones find ready, and meet everybody.
        await _ask(sandbox, pid, people, people)
        at_once = await _ask(sandbox, pid, updates, people)
        _print_run("at once", at_once)
        sandbox.faults.latency_ms = SLOW
        slow = await _ask(sandbox, pid, ONE_AT_A_TIME if contender.in_turn else updates, people)
        _print_run(f"{SLOW} ms", slow)
        return [(0, at_once), (SLOW, slow)]


@asynccontextmanager
async def _running(contender: Contender, folder: Path, people: int) -> AsyncIterator[tuple[Sandbox, int]]:
    """A stand-in and a bot that asks it for updates; the bot's process id."""
    sandbox = Sandbox(clock_file=folder / "clock.json")
    url = await sandbox.start()
    sandbox.world.clock.set_now(NOW)
    welcome(sandbox, range(FIRST_PERSON, FIRST_PERSON + people))
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *contender.command(url),
            # Without the clock of a rehearsal, which is a file that every look at the clock looks at.
            env=environment_for(url, folder, MESSAGES_PER_SECOND="10000", CLOCK_FILE=""),
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        await eventually(lambda: bool(sandbox.world.journal.calls(method="getUpdates")), 30)
        await asyncio.sleep(SETTLING)
        yield sandbox, process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await sandbox.stop()


async def _ask(sandbox: Sandbox, pid: int, updates: int, people: int) -> Figures:
    """Lets people ask so many questions, one after another, and waits for as many answers."""
    answers = Calls(sandbox, says)
    asked = questions()
    cpu, own_cpu, began = cpu_seconds(pid), time.process_time(), time.monotonic()
    for number in range(updates):
        sandbox.visitors.say(FIRST_PERSON + number % people, asked[number % len(asked)])
    if not await answers.reach(updates):
        raise RuntimeError(f"only {len(answers.taken)} of {updates} questions were answered")
    seconds = answers.taken[updates - 1].monotonic - began
    own_cpu = time.process_time() - own_cpu
    await asyncio.sleep(SETTLING)
    return Figures(updates, seconds, difference(cpu, cpu_seconds(pid)), own_cpu)


def _print_run(api: str, figures: Figures) -> None:
    cpu = "CPU not measured: no /proc" if figures.cpu_each is None else f"{figures.cpu_each:.2f} ms of CPU each"
    print(f"    {api:8} {figures.answers} answers, {figures.rate:.0f} a second, {cpu}", flush=True)


def _print_table(results: Results) -> None:
    print(f"\n{'bot':26} {'API':>7} {'updates/s':>10} {'CPU ms each':>12} {'of PTB echo':>12} {'stand-in busy':>14}")
    for (name, latency), rounds in sorted(results.items(), key=lambda entry: entry[0][1]):
        api = f"{latency} ms" if latency else "at once"
        rate = statistics.median(figures.rate for figures in rounds)
        busy = statistics.median(figures.own_cpu / figures.seconds for figures in rounds)
        each, share = _cpu_each(rounds), _share_of_echo(results, name, latency)
        shown = "–" if each is None else f"{each:.2f}", "–" if share is None else f"{share:.2f}"
        print(f"{name:26} {api:>7} {rate:10.0f} {shown[0]:>12} {shown[1]:>12} {100 * busy:12.0f} %")


def _cpu_each(rounds: list[Figures]) -> float | None:
    each = [figures.cpu_each for figures in rounds if figures.cpu_each is not None]
    return statistics.median(each) if each else None


def _share_of_echo(results: Results, name: str, latency: int) -> float | None:
    """CPU time of an answer as a share of the python-telegram-bot echo's in the same round; the median."""
    pairs = zip(results[name, latency], results["python-telegram-bot echo", latency], strict=True)
    shares = [mine.cpu_each / echo.cpu_each for mine, echo in pairs if mine.cpu_each and echo.cpu_each]
    return statistics.median(shares) if shares else None


def _bars(results: Results) -> list[Bar]:
    share = _share_of_echo(results, "Agora", 0)
    rate = statistics.median(figures.rate for figures in results["Agora", SLOW])
    return [
        (
            f"Agora's CPU time for an answer is at most {LARGEST_SHARE} times that of the python-telegram-bot echo",
            None if share is None else share <= LARGEST_SHARE,
        ),
        (
            f"Agora answers at least {LEAST_PER_SECOND} questions a second at {SLOW} ms for a request",
            rate >= LEAST_PER_SECOND,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())

"""What the benchmarks measure with: a process's CPU time and memory, the calls that the stand-in has taken, quantiles,
and bars to be met."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path
from typing import TypeVar

from bot.sandbox import Sandbox
from bot.sandbox.journal import Call
from tests.e2e.stage import Stage

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MEGABYTE = 2**20
PROGRESS_EVERY = 10.0
"""Seconds between two lines of progress."""
Number = TypeVar("Number", int, float)
Bar = tuple[str, bool | None]
"""What was to be shown, and whether it was; None where this machine could not measure it."""


def pid_of(stage: Stage) -> int:
    """The process id of the bot that runs on a stage."""
    assert stage.bot.process is not None
    return stage.bot.process.pid


def cpu_seconds(pid: int) -> float | None:
    """CPU time that a process has used so far, its own and the system's for it; None without ``/proc``."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return None
    # The second field is the program's name in brackets, which may hold blanks.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def resident_bytes(pid: int) -> int | None:
    """Memory that a process holds; None without ``/proc``."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return None
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), None)
    return None if line is None else int(line.split()[1]) * 1024


def difference(before: Number | None, after: Number | None) -> Number | None:
    """None where one of the two could not be measured."""
    return None if before is None or after is None else after - before


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_milliseconds(waits: Sequence[float]) -> str:
    """The waits, which are in seconds, as one reads them."""
    if not waits:
        return "none"
    p50, p95, most = (f"{1000 * quantile(waits, share):.0f}" for share in (0.5, 0.95, 1))
    return f"p50 {p50} ms, p95 {p95} ms, longest {most} ms"


def says(call: Call) -> bool:
    """Whether the call sends a text; an answer is one such call."""
    return call.method == "sendMessage"


def counts(call: Call) -> bool:
    """Whether the call counts towards the messages per second that Telegram allows."""
    return call.method.startswith(("send", "edit", "copy"))


class Calls:
    """The wanted calls that reach a stand-in from now on, in order, each once its answer is out; looked at once each,
    so that looking is cheap."""

    def __init__(self, sandbox: Sandbox, wanted: Callable[[Call], bool]) -> None:
        self._journal = sandbox.world.journal
        self._wanted = wanted
        self._seen = self._journal.last_call
        self.taken: list[Call] = []
        """Those that were accepted."""
        self.refused: list[Call] = []

    def look(self) -> list[Call]:
        """All that were accepted so far. Raises RuntimeError when the journal has forgotten calls since then."""
        new = self._journal.calls(after=self._seen)
        if new and new[0].number > self._seen + 1:
            raise RuntimeError("calls were forgotten before they were looked at")
        for call in new:
            if self._wanted(call):
                if call.status is None and call.fault is None:
                    break
                (self.taken if call.status == 200 else self.refused).append(call)
            self._seen = call.number
        return self.taken

    async def reach(
        self, count: int, seconds: float = inf, silence: float = 30.0, beside: Sequence["Calls"] = ()
    ) -> bool:
        """Waits for so many accepted ones, with a line of progress now and then; False when it took more than
        ``seconds``, or when none came for ``silence`` seconds. ``beside`` are looked at meanwhile."""
        began = since = told = time.monotonic()
        before = len(self.taken)
        while len(self.look()) < count:
            now = time.monotonic()
            if len(self.taken) > before:
                before, since = len(self.taken), now
            if now - began > seconds or now - since > silence:
                return False
            if now - told > PROGRESS_EVERY:
                told = now
                print(f"    {before} of {count} messages", flush=True)
            for other in beside:
                other.look()
            await asyncio.sleep(0.05)
        return True


def busiest_second(moments: Sequence[float]) -> int:
    """How many of the moments, which are in order, lie in the fullest second."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


class Memory:
    """What memory a process holds at the beginning and at most."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._first = self._most = resident_bytes(pid)

    async def watch(self) -> None:
        """Looks five times a second, for ever."""
        while True:
            await asyncio.sleep(0.2)
            now = resident_bytes(self._pid)
            self._most = None if now is None or self._most is None else max(self._most, now)

    @property
    def growth(self) -> int | None:
        """Bytes; None without ``/proc``."""
        return difference(self._first, self._most)


@asynccontextmanager
async def watched(pid: int) -> AsyncIterator[Memory]:
    """A process's memory during the block."""
    memory = Memory(pid)
    watching = asyncio.create_task(memory.watch())
    try:
        yield memory
    finally:
        watching.cancel()


def verdict(bars: Sequence[Bar]) -> int:
    """Prints the bars; the exit code, 1 when one is missed."""
    print()
    for what, met in bars:
        print(f"{'not measured' if met is None else 'met' if met else 'MISSED':>12}  {what}")
    return 1 if any(met is False for _, met in bars) else 0

"""What the benchmarks measure with: a process's CPU time and memory, the calls that the stand-in has taken, quantiles,
and bars to be met."""

import asyncio
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.sandbox import Sandbox
from bot.sandbox.journal import Call

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MEGABYTE = 2**20
Bar = tuple[str, bool | None]
"""What was to be shown, and whether it was; None where this machine could not measure it."""


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


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Calls:
    """The calls of some methods that reach a stand-in from now on; each is looked at once, so that looking is cheap."""

    def __init__(self, sandbox: Sandbox, *methods: str) -> None:
        self._journal = sandbox.world.journal
        self._methods = frozenset(methods)
        self._seen = self._journal.last_call
        self.taken: list[Call] = []

    def look(self) -> list[Call]:
        """All so far."""
        new = self._journal.calls(after=self._seen)
        if new:
            self._seen = new[-1].number
            self.taken += [call for call in new if call.method in self._methods]
        return self.taken

    async def reach(self, count: int, silence: float = 30.0) -> bool:
        """Waits for so many; False when none has come for ``silence`` seconds."""
        since = time.monotonic()
        before = len(self.taken)
        while len(self.look()) < count:
            if len(self.taken) > before:
                before, since = len(self.taken), time.monotonic()
            elif time.monotonic() - since > silence:
                return False
            await asyncio.sleep(0.05)
        return True


def verdict(bars: Sequence[Bar]) -> int:
    """Prints the bars; the exit code, 1 when one is missed."""
    print()
    for what, met in bars:
        print(f"{'not measured' if met is None else 'met' if met else 'MISSED':>12}  {what}")
    return 1 if any(met is False for _, met in bars) else 0

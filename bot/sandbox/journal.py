"""What happened, in order: events for the page and for tests that wait, and the calls the bot made."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from bot.sandbox.clock import SandboxClock

# A demo may run for days; older entries are forgotten.
KEPT_EVENTS = 20_000
KEPT_CALLS = 50_000


class Signal:
    """Wakes everybody who waits for something to change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, seconds: float) -> None:
        """Return at the next notification, or after ``seconds``."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(future)

    async def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether ``condition`` came true within ``seconds``."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not condition():
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False
            await self.wait(remaining)
        return True


@dataclass(frozen=True)
class Event:
    """Something the page shows: ``kind`` is message, edited, deleted, answer, action, clock, people …"""

    number: int
    kind: str
    chat_id: int | None
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "kind": self.kind, "chat_id": self.chat_id, **self.body}


@dataclass
class Call:
    """One request to the Bot API. ``answer`` stays None while it is pending or when the line was dropped."""

    number: int
    method: str
    params: dict[str, Any]
    wall: str
    monotonic: float
    status: int | None = None
    answer: dict[str, Any] | None = None
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class Journal:
    """Events and calls, each numbered from 1."""

    clock: SandboxClock
    changed: Signal = field(default_factory=Signal)
    last_event: int = 0
    last_call: int = 0
    _events: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))

    def tell(self, kind: str, chat_id: int | None = None, **body: Any) -> None:
        self.last_event += 1
        self._events.append(Event(self.last_event, kind, chat_id, body))
        self.changed.notify()

    def events(self, after: int = 0, chat_id: int | None = None) -> list[Event]:
        recent = takewhile(lambda event: event.number > after, reversed(self._events))
        return [event for event in recent if chat_id is None or event.chat_id == chat_id][::-1]

    async def wait_for_events(self, after: int, chat_id: int | None, seconds: float) -> list[Event]:
        await self.changed.wait_until(lambda: bool(self.events(after, chat_id)), seconds)
        return self.events(after, chat_id)

    def open_call(self, method: str, params: dict[str, Any]) -> Call:
        """Record a call on arrival; its answer is filled in later."""
        self.last_call += 1
        wall = self.clock.real_time().isoformat()
        call = Call(self.last_call, method, params, wall, self.clock.monotonic())
        self._calls.append(call)
        self.changed.notify()
        return call

    def calls(self, after: int = 0, method: str | None = None) -> list[Call]:
        wanted = method.lower() if method else None
        recent = takewhile(lambda call: call.number > after, reversed(self._calls))
        return [call for call in recent if wanted is None or call.method.lower() == wanted][::-1]

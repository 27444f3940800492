"""Injected troubles: what a network and a busy Telegram do to a bot, on demand."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import Refusal, too_many_requests

# Telegram's ceilings count what is sent, not what is asked.
_COUNTED_PREFIXES = ("send", "edit", "copy", "forward")
_WINDOW_SECONDS = 1.0

KINDS = ("429", "500", "502", "drop_before", "drop_after", "delay")


@dataclass
class Fault:
    """One trouble: ``kind`` is one of KINDS; it strikes the next ``times`` calls, or all when that is None."""

    kind: str
    times: int | None = 1
    method: str | None = None
    chat_id: int | None = None
    retry_after: int = 1
    delay_ms: int = 0

    def strikes(self, method: str, params: Parameters) -> bool:
        if self.times == 0:
            return False
        if self.chat_id is not None and params.text("chat_id") != str(self.chat_id):
            return False
        if self.method is None:
            # The poll would otherwise eat what was meant for the next real call.
            return method.lower() != "getupdates"
        return self.method.lower() == method.lower()

    def use(self) -> None:
        if self.times is not None:
            self.times -= 1

    def refusal(self) -> Refusal | None:
        """The answer this fault gives, when it gives one."""
        if self.kind == "429":
            return too_many_requests(self.retry_after)
        if self.kind == "500":
            return Refusal(500, "Internal Server Error")
        return Refusal(502, "Bad Gateway") if self.kind == "502" else None


@dataclass
class RateLimits:
    """Ceilings on what is sent within any second; None is no ceiling."""

    per_second: int | None = None
    per_chat: int | None = None
    _sent: deque[float] = field(default_factory=deque)
    _sent_to: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, method: str, params: Parameters, moment: float) -> None:
        """Count a call at ``moment`` (monotonic seconds), or raise the 429 refusal."""
        chat = params.text("chat_id")
        if not chat or not method.startswith(_COUNTED_PREFIXES) or method == "sendChatAction":
            return
        to_chat = self._sent_to.setdefault(chat, deque())
        for window, ceiling in ((self._sent, self.per_second), (to_chat, self.per_chat)):
            while window and window[0] <= moment - _WINDOW_SECONDS:
                window.popleft()
            if ceiling is not None and len(window) >= ceiling:
                raise too_many_requests(1)
        self._sent.append(moment)
        to_chat.append(moment)


@dataclass
class Faults:
    """All troubles in force."""

    limits: RateLimits = field(default_factory=RateLimits)
    waiting: list[Fault] = field(default_factory=list)
    down: bool = False
    latency_ms: int = 0

    def __post_init__(self) -> None:
        self._usual = self.limits.per_second, self.limits.per_chat

    def next_for(self, method: str, params: Parameters) -> Fault | None:
        """The oldest fault that this call runs into; it is used up by that."""
        self.waiting = [fault for fault in self.waiting if fault.times != 0]
        for fault in self.waiting:
            if fault.strikes(method, params):
                fault.use()
                return fault
        return None

    def clear(self) -> None:
        """Back to fair weather, and to the ceilings of the beginning."""
        self.waiting.clear()
        self.down = False
        self.latency_ms = 0
        self.limits.per_second, self.limits.per_chat = self._usual

    def as_json(self) -> dict[str, Any]:
        return {
            "waiting": [vars(fault) for fault in self.waiting if fault.times != 0],
            "down": self.down,
            "latency_ms": self.latency_ms,
            "rate_per_second": self.limits.per_second,
            "rate_per_chat": self.limits.per_chat,
        }

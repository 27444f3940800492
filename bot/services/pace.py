"""How fast the bot may talk. Moments are seconds of a steady clock, handed in."""

from collections import deque
from dataclasses import dataclass, field

JOURNEYS = 50
"""The quickest of so many requests is what a journey to Telegram and back usually takes."""
WINDOW = 1.003
"""Seconds in which no more than the ceiling is sent: a hair over one, so that jitter on the wire pushes none too many
into a second of Telegram's."""
CATCH_UP = 0.02
"""Seconds of slots that a late wake-up may catch up with; more would be a burst."""
FAILING_CHATS = 3
"""So many chats failing, with nothing getting through between them, are an outage."""
FIRST_SILENCE, LONGEST_SILENCE = 0.5, 15.0
"""Seconds for which everything waits during an outage, doubling from one to the other."""


@dataclass(slots=True)
class Slot:
    """When a message came to Telegram, as far as is known: the window counts from then."""

    at: float


@dataclass
class Pace:
    """Evenly spaced slots at ``per_second``, and a common silence when Telegram asks for one."""

    per_second: float
    _next: float = 0.0
    _silent_until: float = 0.0
    _slots: deque[Slot] = field(init=False)
    _journeys: deque[float] = field(default_factory=lambda: deque(maxlen=JOURNEYS))

    def __post_init__(self) -> None:
        self._slots = deque(maxlen=max(1, int(self.per_second)))

    def wait(self, now: float) -> float:
        """Seconds until something may be sent; 0 when it may be sent at once."""
        full = len(self._slots) == self._slots.maxlen and self.per_second >= 1
        window_free = self._slots[0].at + WINDOW if full else now
        return max(0.0, self._next - now, window_free - now, self._silent_until - now)

    def take(self, now: float) -> Slot:
        """Uses up the slot of ``now``; whoever leaves later than that says so in it."""
        slot = Slot(now)
        self._slots.append(slot)
        self._next = max(self._next, now - CATCH_UP) + 1 / self.per_second
        return slot

    def answered(self, slot: Slot, sent: float, answered: float) -> None:
        """Notes that what left in the slot at ``sent`` had its answer at ``answered``. What took longer than usual may
        have come to Telegram that much later, and a second from then is another second than from when it left."""
        self._journeys.append(answered - sent)
        slot.at = max(sent, answered - min(self._journeys))

    def silent_for(self, now: float) -> float:
        """Seconds for which nobody may talk at all."""
        return max(0.0, self._silent_until - now)

    def silence(self, until: float) -> None:
        """Nobody talks before ``until``."""
        self._silent_until = max(self._silent_until, until)


@dataclass
class Outage:
    """Tells a Telegram that is away from one chat that is stuck: several chats fail and none gets through."""

    _failing: set[int] = field(default_factory=set)
    _pause: float = 0.0
    _until: float = 0.0

    @property
    def noticed(self) -> bool:
        return len(self._failing) >= FAILING_CHATS

    def failed(self, chat: int, now: float, jitter: float) -> float | None:
        """Notes a failure; until when everybody had better wait, growing from try to try, or None."""
        self._failing.add(chat)
        if not self.noticed or now < self._until:
            return None
        self._pause = min(LONGEST_SILENCE, max(FIRST_SILENCE, self._pause * 2))
        self._until = now + self._pause * jitter
        return self._until

    def over(self) -> bool:
        """Notes that something got through; whether that ends an outage."""
        ended = self.noticed
        self._failing.clear()
        self._pause = 0.0
        return ended

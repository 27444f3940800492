"""Who gets a seat. First come, first served; newcomers never overtake the queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.registration import Status
from bot.knowledge.event import RegistrationRules, Session

HOLD_SHARE = 4
"""A freed seat waits for at most this fraction (one quarter) of the time left before the session …"""
SHORTEST_HOLD = timedelta(minutes=5)
"""… but for no less than this: one must have the time to take out one's phone."""


@dataclass(frozen=True)
class Seats:
    """How full a session is; ``taken`` counts confirmed and offered seats."""

    capacity: int
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def open_to_newcomers(self) -> bool:
        """A free seat belongs to the queue while there is one."""
        return self.free > 0 and self.waiting == 0


@dataclass(frozen=True)
class NotYet:
    """Registration opens later."""

    opens: datetime


@dataclass(frozen=True)
class Closed:
    """Registration is over since ``closed``."""

    closed: datetime


def registration_window(rules: RegistrationRules, session: Session, now: datetime) -> NotYet | Closed | None:
    """What stands in the way of registering at ``now``; None when nothing does."""
    closes = closing(rules, session)
    if now >= closes:
        return Closed(closes)
    if rules.opens is not None and now < rules.opens:
        return NotYet(rules.opens)
    return None


def closing(rules: RegistrationRules, session: Session) -> datetime:
    """When registration for ``session`` ends: never later than it starts."""
    return session.start if rules.closes is None else min(rules.closes, session.start)


def status_on_arrival(seats: Seats) -> Status:
    """What a newcomer gets."""
    return Status.CONFIRMED if seats.open_to_newcomers else Status.WAITLISTED


def offers_due(seats: Seats) -> int:
    """How many of those who wait are to be offered a seat now."""
    return min(seats.free, seats.waiting)


def offered_until(rules: RegistrationRules, session: Session, now: datetime) -> datetime | None:
    """Until when a seat freed at ``now`` is held for the next in line; None once the session has started."""
    if now >= session.start:
        return None
    share = max((session.start - now) / HOLD_SHARE, SHORTEST_HOLD)
    return min(now + min(rules.offer_hold, share), session.start)

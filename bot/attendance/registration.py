"""One person's registration for one session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"


TAKES_A_SEAT = frozenset({Status.CONFIRMED, Status.OFFERED})


@dataclass(frozen=True)
class Registration:
    """``number`` is its own and never used again; ``person`` is None for people added by name; ``position`` is
    the place on the waiting list from 1, None for every other status."""

    number: int
    person: int | None
    name: str
    session: str
    status: Status
    registered_at: datetime
    confirmed_at: datetime | None = None
    offered_until: datetime | None = None
    checked_in_at: datetime | None = None
    position: int | None = None

    @property
    def code(self) -> str:
        """What the door asks for: short enough to read out."""
        return f"A{self.number:04d}"

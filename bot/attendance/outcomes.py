"""What came of what somebody wanted. Values, not exceptions: none of these is anybody's fault."""

from dataclasses import dataclass

from bot.attendance.registration import Registration
from bot.attendance.seating import Closed, NotYet


@dataclass(frozen=True)
class Registered:
    """New: a seat, or a place on the waiting list."""

    registration: Registration


@dataclass(frozen=True)
class AlreadyRegistered:
    """There was a registration before; nothing has changed."""

    registration: Registration


@dataclass(frozen=True)
class NoSuchSession:
    """No session of that name takes registrations."""


@dataclass(frozen=True)
class Cancelled:
    """The registration is given back; ``registration`` is as it was before."""

    registration: Registration


@dataclass(frozen=True)
class TooLate:
    """The session has begun; the registration stays as it is."""

    registration: Registration


@dataclass(frozen=True)
class Accepted:
    """The offered seat is taken."""

    registration: Registration


@dataclass(frozen=True)
class Refused:
    """The offered seat goes to the next; this registration is cancelled."""

    registration: Registration


@dataclass(frozen=True)
class NothingThere:
    """The registration was cancelled before, its offer has lapsed, or it is another's; then ``session`` is None."""

    session: str | None


RegisterOutcome = Registered | AlreadyRegistered | NotYet | Closed | NoSuchSession
CancelOutcome = Cancelled | TooLate | NothingThere
AcceptOutcome = Accepted | AlreadyRegistered | NothingThere
RefuseOutcome = Refused | AlreadyRegistered | NothingThere

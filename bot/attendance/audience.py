"""Whom an announcement is for."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Who(StrEnum):
    """A choice among people by what they have to do with the event."""

    EVERYBODY = "everybody"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CHECKED_IN = "checked_in"
    NOT_CHECKED_IN = "not_checked_in"


@dataclass(frozen=True)
class Audience:
    """``session`` narrows it to those of one session, ``language`` to people whose phone speaks it.

    EVERYBODY is whoever has ever written to the bot, so no session narrows it; REGISTERED is whoever has a
    registration that is not cancelled; WAITING includes those to whom a seat is offered.
    """

    who: Who = Who.REGISTERED
    session: str | None = None
    language: str | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Audience":
        """What ``to_json`` wrote; an empty object is the usual audience."""
        stored = json.loads(text)
        return cls(Who(stored.get("who", Who.REGISTERED)), stored.get("session"), stored.get("language"))

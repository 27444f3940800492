"""A programme as another program has it, before it becomes an Event: what every format has in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import AgoraError


class SourceFault(AgoraError):
    """A programme that cannot be read. The text names the source and says what is wrong with it."""


@dataclass(frozen=True)
class ForeignPerson:
    """``key`` is what the source tells people of one name apart by; empty where it has nothing."""

    name: str
    key: str = ""
    bio: str = ""


@dataclass(frozen=True)
class ForeignSession:
    """``start`` without a zone is local to the event. ``keys``: the source's names for it, the best first."""

    title: str
    start: datetime
    length: timedelta | None = None
    keys: tuple[str, ...] = ()
    room: str = ""
    track: str = ""
    kind: str = ""
    language: str = ""
    description: str = ""
    people: tuple[ForeignPerson, ...] = ()


@dataclass(frozen=True)
class ForeignProgramme:
    """``zone_names``: the zones that the source names, the most telling first. Texts may still hold HTML."""

    title: str
    sessions: tuple[ForeignSession, ...]
    zone_names: tuple[str, ...] = ()
    description: str = ""
    website: str = ""
    venue: str = ""
    city: str = ""
    warnings: tuple[str, ...] = ()

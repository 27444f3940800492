"""The event as values. Every moment is aware, in the event's time zone; every id is unique in its list.

The paths by which answers name their sources follow the knowledge file: ``venue.address``,
``sessions.<id>.room``, ``speakers.<id>.affiliation``, ``places.<id>``, ``glossary.<term>``, ``faq.<id>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.knowledge.localized_text import LocalizedText


@dataclass(frozen=True)
class Contact:
    """Whom to turn to."""

    name: str
    role: LocalizedText | None = None
    email: str | None = None
    phone: str | None = None
    telegram: str | None = None


@dataclass(frozen=True)
class Venue:
    """Where it takes place; coordinates are WGS 84 latitude and longitude in degrees."""

    name: LocalizedText
    address: LocalizedText | None = None
    coordinates: tuple[float, float] | None = None


@dataclass(frozen=True)
class Speaker:
    id: str
    name: str
    affiliation: LocalizedText | None = None
    role: LocalizedText | None = None
    bio: LocalizedText | None = None
    also_known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """``end`` is None where the file gives none; ``capacity`` None means no registration, 0 no seats."""

    id: str
    title: LocalizedText
    start: datetime
    end: datetime | None = None
    room: LocalizedText | None = None
    speakers: tuple[str, ...] = ()
    capacity: int | None = None
    description: LocalizedText | None = None
    track: LocalizedText | None = None
    kind: LocalizedText | None = None
    language: LocalizedText | None = None

    @property
    def takes_registrations(self) -> bool:
        return self.capacity is not None


@dataclass(frozen=True)
class Place:
    """Another place that people ask for."""

    id: str
    name: LocalizedText
    description: LocalizedText | None = None


@dataclass(frozen=True)
class GlossaryEntry:
    """What a name or an acronym means."""

    term: str
    meaning: LocalizedText
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class FaqEntry:
    id: str
    questions: tuple[LocalizedText, ...]
    answer: LocalizedText


@dataclass(frozen=True)
class RegistrationRules:
    """``opens`` None: at once; ``closes`` None: at each session's start."""

    opens: datetime | None = None
    closes: datetime | None = None
    note: LocalizedText | None = None
    website: str | None = None
    guests: int = 0
    offer_hold: timedelta = timedelta(hours=12)
    erase_after: timedelta = timedelta(days=30)


@dataclass(frozen=True)
class ReminderRule:
    """Exactly one of ``before`` (a session's start) and ``after`` (its end) is set."""

    id: str
    before: timedelta | None = None
    after: timedelta | None = None
    text: LocalizedText | None = None


@dataclass(frozen=True)
class Event:
    """All that the knowledge file holds."""

    title: LocalizedText
    timezone: ZoneInfo
    languages: tuple[str, ...]
    sessions: tuple[Session, ...]
    description: LocalizedText | None = None
    series: LocalizedText | None = None
    audience: LocalizedText | None = None
    price: LocalizedText | None = None
    website: LocalizedText | None = None
    hashtags: tuple[str, ...] = ()
    organisers: tuple[LocalizedText, ...] = ()
    partners: tuple[LocalizedText, ...] = ()
    contact: Contact | None = None
    venue: Venue | None = None
    speakers: tuple[Speaker, ...] = ()
    places: tuple[Place, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    registration: RegistrationRules = field(default_factory=RegistrationRules)
    reminders: tuple[ReminderRule, ...] = ()

    @cached_property
    def sessions_by_id(self) -> Mapping[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def speakers_by_id(self) -> Mapping[str, Speaker]:
        return {speaker.id: speaker for speaker in self.speakers}

    @property
    def language(self) -> str:
        """The language that the file's plain texts are in."""
        return self.languages[0]

    @property
    def registrable_sessions(self) -> tuple[Session, ...]:
        return tuple(session for session in self.sessions if session.takes_registrations)

    @property
    def last_end(self) -> datetime:
        """When the last session is over; a session without an end counts by its start."""
        return max(session.end or session.start for session in self.sessions)

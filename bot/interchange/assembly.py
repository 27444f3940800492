"""A foreign programme to an Event: ids, people, time zone and language are settled here for every format."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from anyascii import anyascii
from babel import Locale, UnknownLocaleError

from bot.interchange.foreign import ForeignPerson, ForeignProgramme, ForeignSession, SourceFault
from bot.interchange.plain_text import plain_line, plain_text
from bot.knowledge.event import Event, Session, Speaker, Venue
from bot.knowledge.local_time import EARLIEST_YEAR, LATEST_YEAR
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.scalars import parse_web_address

LONGEST_ID = 48
LONGEST_SESSION = timedelta(days=31)


@dataclass(frozen=True)
class Imported:
    """The event, and what its coordinator should look at again."""

    event: Event
    warnings: tuple[str, ...] = ()


def assemble(programme: ForeignProgramme, source_name: str) -> Imported:
    """The Event that a programme describes; SourceFault where it holds no session at all."""
    assembly = _Assembly(programme)
    sessions = assembly.sessions()
    if not sessions:
        raise SourceFault(f"{source_name}: there is no session in it with a title and a start")
    return Imported(assembly.event(sessions), (*programme.warnings, *assembly.warnings))


class _Assembly:
    def __init__(self, programme: ForeignProgramme) -> None:
        self.warnings: list[str] = []
        self._programme = programme
        self._zone = self._settled_zone()
        self._language = self._settled_language()
        self._session_ids = _Ids("session")
        self._speakers = _Speakers(self._language)

    def event(self, sessions: tuple[Session, ...]) -> Event:
        programme = self._programme
        if not plain_line(programme.title):
            self.warnings.append("the source does not name the event: write its title")
        venue, city = self._text(programme.venue), self._text(programme.city)
        return Event(
            title=self._text(programme.title) or LocalizedText.of("Untitled event", self._language),
            timezone=self._zone,
            languages=(self._language,),
            sessions=sessions,
            description=self._text(programme.description, plain_text),
            website=self._text(programme.website) if _is_web_address(programme.website) else None,
            venue=Venue(venue, city) if venue else Venue(city) if city else None,
            speakers=tuple(self._speakers.found),
        )

    def sessions(self) -> tuple[Session, ...]:
        usable = [foreign for foreign in self._programme.sessions if self._is_usable(foreign)]
        usable.sort(key=lambda foreign: self._moment(foreign.start))
        return tuple(self._session(foreign) for foreign in usable)

    def _is_usable(self, foreign: ForeignSession) -> bool:
        title, start = plain_line(foreign.title), foreign.start
        if not title:
            self.warnings.append(f"a session on {start:%Y-%m-%d} at {start:%H:%M} has no title: left out")
        elif not EARLIEST_YEAR < start.year < LATEST_YEAR:
            self.warnings.append(f"“{title}” is in the year {start.year}: left out")
        else:
            return True
        return False

    def _session(self, foreign: ForeignSession) -> Session:
        start = self._moment(foreign.start).astimezone(self._zone)
        return Session(
            id=self._session_id(foreign),
            title=LocalizedText.of(plain_line(foreign.title), self._language),
            start=start,
            end=self._end(foreign, start),
            room=self._text(foreign.room),
            speakers=self._speakers.ids(foreign.people),
            description=self._text(foreign.description, plain_text),
            track=self._text(foreign.track),
            kind=self._text(foreign.kind),
            language=self._text(_language_name(foreign.language, self._language)),
        )

    def _session_id(self, foreign: ForeignSession) -> str:
        wished = next((id for key in foreign.keys if (id := slug(key))), slug(foreign.title))
        id = self._session_ids.new(f"session-{wished}" if wished.isdigit() else wished)
        if wished and not id.endswith(wished):
            self.warnings.append(f"the id “{wished}” is there more than once: “{plain_line(foreign.title)}” is {id}")
        return id

    def _end(self, foreign: ForeignSession, start: datetime) -> datetime | None:
        if foreign.length is None or foreign.length <= timedelta(0):
            return None
        if foreign.length > LONGEST_SESSION:
            self.warnings.append(f"“{plain_line(foreign.title)}” would last over a month: its end is left out")
            return None
        return (start.astimezone(UTC) + foreign.length).astimezone(self._zone)

    def _moment(self, moment: datetime) -> datetime:
        """In UTC, so that moments can be compared; a clock time that the zone skips moves on with the clocks."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        return aware.astimezone(UTC).replace(microsecond=0)

    def _text(self, text: str, clean: Callable[[str], str] = plain_line) -> LocalizedText | None:
        words = clean(text)
        return LocalizedText.of(words, self._language) if words else None

    def _settled_zone(self) -> ZoneInfo:
        for name in self._programme.zone_names:
            try:
                return ZoneInfo(name.strip())
            except (ValueError, OSError, LookupError):
                self.warnings.append(f"“{plain_line(name)}” is no known time zone")
        offsets = Counter(
            offset for session in self._programme.sessions if (offset := session.start.utcoffset()) is not None
        )
        zone = _fixed_zone(offsets.most_common(1)[0][0] if offsets else timedelta(0))
        self.warnings.append(
            f"the source names no time zone: its times are written in {zone.key}. "
            "Set event.timezone to the event's own, such as Europe/Brussels, and check the times"
        )
        return zone

    def _settled_language(self) -> str:
        codes = Counter(code for session in self._programme.sessions if (code := _language_code(session.language)))
        if codes:
            return codes.most_common(1)[0][0]
        self.warnings.append("the source does not say its language: event.languages is [en] for now")
        return "en"


class _Ids:
    """Gives out ids that are unique; an id that is taken gets a number."""

    def __init__(self, fallback: str) -> None:
        self._taken: set[str] = set()
        self._fallback = fallback

    def new(self, wished: str) -> str:
        stem = id = wished or self._fallback
        number = 1
        while id in self._taken:
            number += 1
            id = f"{stem}-{number}"
        self._taken.add(id)
        return id


@dataclass
class _Speakers:
    """Every person once: by the source's key where there is one, else by name."""

    language: str
    found: list[Speaker] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)
    _ids: _Ids = field(default_factory=lambda: _Ids("speaker"))

    def ids(self, people: Iterable[ForeignPerson]) -> tuple[str, ...]:
        ids = (self._id(person) for person in people if plain_line(person.name))
        return tuple(dict.fromkeys(ids))

    def _id(self, person: ForeignPerson) -> str:
        name = plain_line(person.name)
        key = person.key or name.casefold()
        if key not in self._known:
            self._known[key] = self._ids.new(slug(name))
            bio = plain_text(person.bio)
            text = LocalizedText.of(bio, self.language) if bio else None
            self.found.append(Speaker(self._known[key], name, bio=text))
        return self._known[key]


def slug(text: str) -> str:
    """An id made of a text: the same text gives the same id. Empty where nothing is left."""
    words = re.sub("[^a-z0-9]+", "-", anyascii(plain_line(text)).lower()).strip("-")
    return words[:LONGEST_ID].strip("-")


def _fixed_zone(offset: timedelta) -> ZoneInfo:
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest or not -12 <= hours <= 14 or not hours:
        return ZoneInfo("UTC")
    return ZoneInfo(f"Etc/GMT{-hours:+d}")  # these names count westwards


def _language_code(text: str) -> str:
    found = re.match(r"([a-z]{2,3})(?![a-z])", text.strip().lower())
    return found[1] if found else ""


def _language_name(code: str, language: str) -> str:
    """“German” for de, in the event's language; what is no code stays as it is."""
    try:
        return Locale.parse(_language_code(code)).get_display_name(language) or code
    except (UnknownLocaleError, ValueError, TypeError):
        return code


def _is_web_address(text: str) -> bool:
    try:
        return bool(parse_web_address(text.strip()))
    except ValueError:
        return False

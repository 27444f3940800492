"""The schedule.json of frab, pretalx and their kin.

The format: https://c3voc.de/wiki/schedule. It is described by what programs write, so nothing is taken for
granted here: durations as ``00:45``, ``1:30:00`` or ``135.0:00``, days without dates, persons without ids.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.interchange.foreign import ForeignPerson, ForeignProgramme, ForeignSession, SourceFault
from bot.interchange.plain_text import plain_line, plain_text

Record = dict[str, Any]


def read_frab_json(data: bytes, source_name: str) -> ForeignProgramme:
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise SourceFault(f"{source_name}, line {error.lineno}: this is not valid JSON") from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SourceFault(f"{source_name}: this is not valid JSON in UTF-8") from error
    conference = _record(_record(_record(content).get("schedule")).get("conference"))
    if not conference:
        raise SourceFault(f"{source_name}: this JSON is no frab schedule, for it has no schedule.conference")
    return read_conference(conference)


def read_conference(conference: Record) -> ForeignProgramme:
    """The programme in the records of a schedule; schedule.xml is brought into the same shape."""
    warnings: list[str] = []
    sessions = [
        session
        for index, day in enumerate(_records(conference.get("days")))
        for room, talk in _talks(day)
        if (session := _session(talk, room, _day_date(day, index, conference), _day_change(day, conference), warnings))
    ]
    zone = _text(conference.get("time_zone_name"))
    return ForeignProgramme(
        title=_text(conference.get("title")),
        sessions=tuple(sessions),
        zone_names=(zone,) if zone else (),
        description=_text(conference.get("description")),
        website=_text(conference.get("url")),
        venue=_text(conference.get("venue")),
        city=_text(conference.get("city")),
        warnings=tuple(warnings),
    )


def _session(talk: Record, room: str, day: date | None, day_change: time, warnings: list[str]) -> ForeignSession | None:
    title = plain_line(_text(talk.get("title")))
    start = _start(talk, day, day_change)
    if start is None:
        warnings.append(f"“{title}” has no readable start: left out")
        return None
    length = parse_length(_text(talk.get("duration")))
    if length is None and title:
        warnings.append(f"“{title}” has no readable duration: its end is left out")
    return ForeignSession(
        title=title,
        start=start,
        length=length,
        keys=tuple(_text(talk.get(name)) for name in ("id", "guid", "code", "slug")),
        room=_text(talk.get("room")) or room,
        track=_text(talk.get("track")),
        kind=_text(talk.get("type")),
        language=_text(talk.get("language")),
        description=_description(talk),
        people=tuple(_people(talk)),
    )


def parse_length(text: str) -> timedelta | None:
    """A session's duration. Three parts are hours, minutes and seconds, or days, hours and minutes.

    Sessions rarely last for days and never for odd seconds, so ``1:30:00`` is an hour and a half, while
    ``1:02:30`` is a day and more. Hours with a decimal point were minutes once: ``135.0:00``.
    """
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?(:[0-9]{1,2}){0,2}", text):
        return None
    first, *rest = (float(part) for part in text.split(":"))
    if not rest or ("." in text and first > 24):
        return timedelta(seconds=round(60 * (first + sum(rest))))
    if len(rest) == 1:
        return timedelta(seconds=round(3600 * first + 60 * rest[0]))
    if rest[1] and rest[0] < 24:
        return timedelta(seconds=round(86_400 * first + 3600 * rest[0] + 60 * rest[1]))
    return timedelta(seconds=round(3600 * first + 60 * rest[0] + rest[1]))


def _start(talk: Record, day: date | None, day_change: time) -> datetime | None:
    moment = _moment(_text(talk.get("date")))
    if moment is not None:
        return moment
    clock = _clock(_text(talk.get("start")))
    if day is None or clock is None:
        return None
    # What begins before the day changes belongs to the night that follows.
    return datetime.combine(day + timedelta(days=clock < day_change), clock)


def _moment(text: str) -> datetime | None:
    """A date with a time; None for a date alone, which says no more than the day does."""
    try:
        return datetime.fromisoformat(text) if re.search(r"\d[T ]\d", text) else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    found = re.match(r"([0-9]{1,2}):([0-9]{2})", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def _day_date(day: Record, index: int, conference: Record) -> date | None:
    given = _date(_text(day.get("date"))) or _date(_text(day.get("day_start")))
    first = _date(_text(conference.get("start")))
    return given or (first + timedelta(days=index) if first else None)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _day_change(day: Record, conference: Record) -> time:
    begins = _moment(_text(day.get("day_start")))
    change = begins.time() if begins else _clock(_text(conference.get("day_change")))
    return change if change and change < time(12) else time(0)


def _talks(day: Record) -> Iterator[tuple[str, Record]]:
    rooms = day.get("rooms")
    if isinstance(rooms, dict):
        named = list(rooms.items())
    else:
        named = [(_text(room.get("name")), room.get("events")) for room in _records(rooms)]
    for name, talks in named:
        yield from ((str(name), talk) for talk in _records(talks))


def _people(talk: Record) -> Iterator[ForeignPerson]:
    persons = talk.get("persons")
    for person in persons if isinstance(persons, list) else []:
        if isinstance(person, str):
            yield ForeignPerson(person)
        elif isinstance(person, dict):
            names = (_text(person.get(key)) for key in ("public_name", "full_public_name", "name"))
            keys = (_text(person.get(key)) for key in ("guid", "code", "id"))
            bios = (_text(person.get(key)) for key in ("biography", "description", "abstract"))
            yield ForeignPerson(_first(names), _first(keys), _first(bios))


def _first(texts: Iterator[str]) -> str:
    return next(filter(None, texts), "")


def _description(talk: Record) -> str:
    """Subtitle, abstract and description as paragraphs; what a longer one begins with is not said twice."""
    parts = [plain_text(_text(talk.get(name))) for name in ("subtitle", "abstract", "description")]
    kept = [
        part for i, part in enumerate(parts) if part and not any(later.startswith(part) for later in parts[i + 1 :])
    ]
    return "\n\n".join(kept)


def _text(value: object) -> str:
    """A scalar as text; of a text in several languages the English one, or else the first."""
    if isinstance(value, dict):
        return _text(value.get("en") or value.get("name") or next(iter(value.values()), ""))
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _records(value: object) -> list[Record]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

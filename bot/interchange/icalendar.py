"""iCalendar (RFC 5545), as calendars and conference tools export it.

People are left out on purpose: organisers and attendees of a calendar are whoever was invited, with their
addresses, and not the speakers.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from bot.interchange.foreign import ForeignProgramme, ForeignSession, SourceFault
from bot.interchange.plain_text import plain_line


def read_icalendar(data: bytes, source_name: str) -> ForeignProgramme:
    try:
        calendars = Calendar.from_ical(data.decode("utf-8-sig"), multiple=True)
    except UnicodeDecodeError as error:
        raise SourceFault(f"{source_name}: this calendar is not in UTF-8") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise SourceFault(f"{source_name}: this is not a valid iCalendar file") from error
    warnings: list[str] = []
    components = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    sessions = [session for event in components if (session := _session(event, warnings))]
    first = calendars[0] if calendars else Calendar()
    return ForeignProgramme(
        title=_text(first, "X-WR-CALNAME") or _text(first, "NAME"),
        sessions=tuple(sessions),
        zone_names=_zone_names(first, sessions),
        description=_text(first, "X-WR-CALDESC") or _text(first, "DESCRIPTION"),
        warnings=tuple(warnings),
    )


def _session(event: Component, warnings: list[str]) -> ForeignSession | None:
    title = plain_line(_text(event, "SUMMARY"))
    start = _value(event, "DTSTART")
    trouble = _trouble(event, start)
    if trouble or not isinstance(start, datetime):
        warnings.append(f"“{title}” {trouble}: left out")
        return None
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        warnings.append(f"“{title}” repeats: only its first time is taken")
    if not _known_zone(event):
        warnings.append(f"“{title}” is in a time zone that nobody knows: its time is taken for the event's own")
    return ForeignSession(
        title=title,
        start=start,
        length=_length(event, start),
        keys=(_text(event, "UID").split("@")[0],),
        room=_text(event, "LOCATION"),
        track=_category(event),
        language=_summary_language(event),
        description=_text(event, "DESCRIPTION"),
    )


def _trouble(event: Component, start: object) -> str:
    if _text(event, "STATUS").upper() == "CANCELLED":
        return "is cancelled"
    if start is None:
        return "has no readable start"
    return "" if isinstance(start, datetime) else "lasts all day"


def _length(event: Component, start: datetime) -> timedelta | None:
    end, duration = _value(event, "DTEND"), _value(event, "DURATION")
    if isinstance(end, datetime) and (end.tzinfo is None) == (start.tzinfo is None):
        return end - start if end.tzinfo is None else timedelta(seconds=end.timestamp() - start.timestamp())
    return duration if isinstance(duration, timedelta) else None


def _zone_names(calendar: Component, sessions: list[ForeignSession]) -> tuple[str, ...]:
    """The calendar's own zone, or the one of most sessions; UTC says nothing about where an event is."""
    keys = Counter(key for session in sessions if (key := getattr(session.start.tzinfo, "key", None)))
    used = [key for key, _ in keys.most_common() if key not in ("UTC", "Etc/UTC")]
    named = [_text(calendar, "X-WR-TIMEZONE")]
    return tuple(name for name in (*named, *used) if name)


def _known_zone(event: Component) -> bool:
    start = _first(event, "DTSTART")
    return "TZID" not in start.params or start.dt.tzinfo is not None


def _category(event: Component) -> str:
    return next((str(category) for category in getattr(_first(event, "CATEGORIES"), "cats", ())), "")


def _summary_language(event: Component) -> str:
    return str(getattr(_first(event, "SUMMARY"), "params", {}).get("LANGUAGE", ""))


def _value(event: Component, name: str) -> Any:
    """The date, moment or length of a property; None where there is none that can be read."""
    try:
        return getattr(_first(event, name), "dt", None)
    except BrokenCalendarProperty:
        return None


def _text(component: Component, name: str) -> str:
    text = str(_first(component, name) or "").strip()
    # The library leaves the escapes of properties that the standard does not know as they are.
    return re.sub(r"\\(.)", lambda e: "\n" if e[1] in "nN" else e[1], text) if name.startswith("X-") else text


def _first(component: Component, name: str) -> Any:
    """A property, or the first where a file has several of the name against the standard."""
    found = component.get(name)
    return next(iter(found), None) if isinstance(found, list) else found

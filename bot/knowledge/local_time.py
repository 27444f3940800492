"""Moments as the knowledge file writes them: local to the event's time zone unless they carry an offset.

Where the clocks go back, an hour happens twice: a time without an offset then means the first of the two.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"\s*(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """The moment in ``zone``; ValueError, in words for its writer, where the text is none."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        reason = "has no time" if _DATE.fullmatch(text) else "is no date and time"
        raise ValueError(f"{reason}: write it like 2019-10-09T16:30")
    wall = _wall_time(found["date"], found["time"])
    if found["offset"]:
        return wall.replace(tzinfo=_offset(found["offset"])).astimezone(zone)
    return in_zone(wall, zone)


def in_zone(wall: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of ``zone`` show, as a moment; ValueError for a time that they skip."""
    moment = wall.replace(tzinfo=zone, fold=0)
    real = moment.astimezone(UTC).astimezone(zone)
    if real.replace(tzinfo=None, fold=0) != wall:
        instead = f"{real:%H:%M}" if real.date() == wall.date() else f"{real:%Y-%m-%dT%H:%M}"
        raise ValueError(f"does not exist in {zone.key}, where the clocks go forward: did you mean {instead}?")
    return moment


def format_moment(moment: datetime) -> str:
    """The shortest text that ``parse_moment`` reads back as the same moment, in the moment's own zone."""
    wall = moment.replace(tzinfo=None)
    text = wall.isoformat(timespec="seconds" if wall.second else "minutes")
    return text + _offset_text(moment) if moment.fold and _happens_twice(moment) else text


def _happens_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _offset_text(moment: datetime) -> str:
    return moment.isoformat()[-6:]


def _wall_time(day: str, time: str) -> datetime:
    try:
        wall = datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        raise ValueError("is not in the calendar: check the numbers") from None
    if not EARLIEST_YEAR <= wall.year <= LATEST_YEAR:
        raise ValueError(f"is too far away: the year must be between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return wall


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 18 or minutes > 59:
        raise ValueError(f"has no real offset {text}: write one like +02:00, or leave it out")
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(length if text[0] == "+" else -length)

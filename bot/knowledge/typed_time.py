"""A moment as somebody types it into a chat: digits only, so that it means the same in every language."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.knowledge.local_time import in_zone

_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_TIME}",
        rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})(?:[./](?P<year>\d{{4}})?)?,?\s+{_TIME}",
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})[T,]?\s*{_TIME}",
    )
)


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """``16:20``, ``9.10. 16:20`` or ``2019-10-09 16:20`` on the clocks of ``zone``; None for anything else.

    What is left out is the next that comes: the day of a time alone, the year of a day. A full date may be past.
    """
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip()))), None)
    if found is None:
        return None
    parts = found.groupdict()
    today = now.astimezone(zone).date()
    try:
        if "day" not in parts:
            return _first_ahead((today, today + timedelta(days=1)), parts, now, zone)
        day, month = int(parts["day"]), int(parts["month"])
        if parts["year"]:
            return _at(date(int(parts["year"]), month, day), parts, zone)
        return _first_ahead([date(year, month, day) for year in (today.year, today.year + 1)], parts, now, zone)
    except ValueError:
        return None


def _first_ahead(
    days: tuple[date, ...] | list[date], parts: dict[str, str], now: datetime, zone: ZoneInfo
) -> datetime | None:
    return next((at for day in days if (at := _at(day, parts, zone)) > now), None)


def _at(day: date, parts: dict[str, str], zone: ZoneInfo) -> datetime:
    return in_zone(datetime.combine(day, time(int(parts["hour"]), int(parts["minute"]))), zone)

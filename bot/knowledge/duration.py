"""Lengths of time as people write them: ``1 hour 30 minutes``, ``90 min``, ``2d``."""

import re
from datetime import timedelta

LONGEST = timedelta(days=3660)

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_PLURALS = {f"{unit}s": length for unit, length in _SECONDS.items()}
_SHORT = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_UNITS = _SECONDS | _PLURALS | _SHORT
_PART = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([a-z]+)\s*")
_ADVICE = "is no length of time: write it like 90 minutes, or 1 hour 30 minutes"


def parse_duration(text: str) -> timedelta:
    """The length of time that ``text`` means; ValueError, in words for its writer, where it means none."""
    seconds, position, words = 0.0, 0, text.strip().lower()
    while position < len(words) or not words:
        part = _PART.match(words, position)
        if part is None or part[2] not in _UNITS:
            raise ValueError(_ADVICE)
        seconds += float(part[1]) * _UNITS[part[2]]
        position = part.end()
    if seconds > LONGEST.total_seconds():
        raise ValueError("is longer than ten years")
    return timedelta(seconds=round(seconds))


def format_duration(duration: timedelta) -> str:
    """The same in words that ``parse_duration`` reads back; days are the largest unit."""
    rest, words = int(duration.total_seconds()), []
    for unit in ("day", "hour", "minute", "second"):
        count, rest = divmod(rest, _SECONDS[unit])
        if count:
            words.append(f"{count} {unit}" if count == 1 else f"{count} {unit}s")
    return " ".join(words) or "0 minutes"

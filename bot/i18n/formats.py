"""Dates, times, durations and lists as the reader's language writes them.

Every function takes the language code first. Times are ``HH:mm`` in every language: one look at a phone in
a corridor, no a.m. or p.m. to misread.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.i18n.catalog import catalog

# Plain "en" writes October 9 and 4:30 PM, plain "pt" is Brazilian.
REGIONAL = {"en": "en_GB", "pt": "pt_PT"}
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@cache
def locale(language: str) -> Locale:
    """The CLDR locale behind a language code."""
    return Locale.parse(REGIONAL.get(language, language))


def time(language: str, moment: datetime) -> str:
    """``16:30``, or ``16:30:05`` where there are seconds."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def day(language: str, moment: date) -> str:
    """``Wednesday, 9 October 2019`` as the language writes it."""
    return format_date(moment, "full", locale=locale(language))


def weekday(language: str, moment: date) -> str:
    """``Wednesday``."""
    return format_date(moment, "EEEE", locale=locale(language))


def short_day(language: str, moment: date) -> str:
    """``Wed 9 Oct``."""
    return str(format_skeleton("MMMEd", _as_datetime(moment), locale=locale(language)))


def month_day(language: str, moment: date) -> str:
    """``9 October``."""
    return str(format_skeleton("MMMMd", _as_datetime(moment), locale=locale(language)))


def _as_datetime(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, datetime.min.time())


def moment(language: str, at: datetime) -> str:
    """``Wednesday, 9 October 2019, 16:30``."""
    return catalog(language).text("formats.moment", day=day(language, at), time=time(language, at))


def span(language: str, start: datetime, end: datetime | None) -> str:
    """``16:30–19:00``; the start alone where there is no end; both days where it runs over midnight."""
    if end is None:
        return time(language, start)
    if end.date() != start.date():
        return (
            f"{short_day(language, start)} {time(language, start)} – {short_day(language, end)} {time(language, end)}"
        )
    return f"{time(language, start)}–{time(language, end)}"


def duration(language: str, length: timedelta, most: int = 2) -> str:
    """``2 hours 30 minutes``: the ``most`` largest units, rounded down to minutes; under a minute in seconds."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return _unit(language, seconds, "second")
    parts: list[str] = []
    for name, size in UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(_unit(language, number, name))
    return " ".join(parts[:most])


def _unit(language: str, number: int, name: str) -> str:
    return format_unit(number, f"duration-{name}", length="long", locale=locale(language))


def listing(language: str, items: Sequence[str]) -> str:
    """``A, B and C``."""
    return format_list(list(items), style="standard", locale=locale(language))


def number(language: str, value: int) -> str:
    """``1,000`` with the language's own separators."""
    return format_decimal(value, locale=locale(language))


def place_of_zone(language: str, moment: datetime) -> str:
    """The city or country that names the moment's time zone, e.g. ``Brussels`` or ``Belgium``."""
    return get_timezone_location(moment.tzinfo, locale=locale(language), return_city=True)


def language_name(language: str) -> str:
    """The language's name in itself, e.g. ``Deutsch``; the code where nobody knows its name."""
    try:
        name = Locale.parse(language).get_display_name(language) or language
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:]

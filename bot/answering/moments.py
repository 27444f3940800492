"""Times and days that a message names, read with the lexicon's words, and whether they fit a session."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from bot.answering.lexicon import Lexicon
from bot.answering.tokens import Message, Token

EARLY = 8
"""The first hour that is more likely one of the morning."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said of a moment; what was not said is None. ``by`` is a bound: "by eight", "before eight"."""

    positions: tuple[int, ...]
    clock: time | None = None
    half_day_known: bool = True
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    offset: int | None = None
    hours: tuple[int, int] | None = None
    by: bool = False
    since: bool = False
    """Whether it is the earliest that is meant: "after six"."""

    @property
    def has_day(self) -> bool:
        return any(value is not None for value in (self.day, self.month, self.weekday, self.offset, self.year))

    def fits_day(self, day: date, today: date) -> bool:
        return (
            self.day in (None, day.day)
            and self.month in (None, day.month)
            and self.year in (None, day.year)
            and self.weekday in (None, day.weekday())
            and (self.offset is None or today + timedelta(days=self.offset) == day)
        )

    def clocks(self) -> tuple[time, ...]:
        """The times of day that were perhaps meant: "at five" may be 5:00 or 17:00."""
        if self.clock is None:
            return ()
        if self.half_day_known or self.clock.hour >= 12:
            return (self.clock,)
        return (self.clock, self.clock.replace(hour=self.clock.hour + 12))

    def fits(self, at: datetime, today: date) -> bool:
        """Whether everything that was said is true of the moment ``at``."""
        if not self.fits_day(at.date(), today):
            return False
        if self.hours and not self.hours[0] <= at.hour < self.hours[1]:
            return False
        clocks = self.clocks()
        if not clocks:
            return True
        wall = at.time().replace(second=0, microsecond=0)
        if self.by or self.since:
            return any(wall <= clock if self.by else wall >= clock for clock in clocks)
        return wall in clocks

    def by_day(self) -> "Moment":
        """The same with an hour of the day rather than of the night: "before ten" is in the morning, "six" is not."""
        if self.clock is None or self.half_day_known or self.clock.hour >= EARLY:
            return replace(self, half_day_known=True)
        return replace(self, clock=self.clock.replace(hour=self.clock.hour + 12), half_day_known=True)

    def candidates(self, days: Sequence[date], today: date, timezone: object) -> Iterable[datetime]:
        """The moments of those days that were perhaps meant."""
        for day in days:
            if self.fits_day(day, today):
                for clock in self.clocks():
                    yield datetime.combine(day, clock, timezone)  # type: ignore[arg-type]


def find_moments(message: Message, lexicon: Lexicon, days: Sequence[date] = ()) -> tuple[Moment, ...]:
    """Every moment in the message, each word used once. ``days`` are those of the event, for "the second day"."""
    tokens = message.tokens
    taken: set[int] = set()
    moments: list[Moment] = []
    for read in (_iso_date, _clock, _spoken_clock, _calendar_day, _weekday, _named_day):
        for at in range(len(tokens)):
            if at not in taken:
                moment = read(tokens, at, lexicon)
                if moment and not taken & set(moment.positions):
                    taken |= set(moment.positions)
                    moments.append(moment)
    for at in range(len(tokens)) if len(days) > 1 else ():
        numbered = None if at in taken else _numbered_day(tokens, at, lexicon, days)
        if numbered:
            taken |= set(numbered.positions)
            moments.append(numbered)
    return tuple(sorted(moments, key=lambda moment: moment.positions))


def _numbered_day(tokens: Sequence[Token], at: int, lexicon: Lexicon, days: Sequence[date]) -> Moment | None:
    """``the second day``, ``day 2``, ``the last day``."""
    if not lexicon.is_in("day", tokens[at].stem):
        return None
    before, after = _word(tokens, at - 1), _word(tokens, at + 1)
    number, positions = lexicon.table("ordinals").get(before), (at - 1, at)
    if number is None:
        number, positions = _hour(tokens, at + 1, lexicon) if after else None, (at, at + 1)
    if not number or not -1 <= number <= len(days):
        return None
    meant = days[number - 1 if number > 0 else number]
    return Moment(positions, day=meant.day, month=meant.month, year=meant.year)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _digits(separators: str) -> re.Pattern[str]:
    """``16``, ``16:30``, ``4pm``, with what a language writes between hours and minutes."""
    return re.compile(rf"(\d{{1,2}})(?:[{re.escape(separators)}](\d{{2}}))?([^\W\d_]*)")


_DAY_MONTH = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?")


def _iso_date(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    found = _ISO.fullmatch(tokens[at].word)
    if not found:
        return None
    year, month, day = map(int, found.groups())
    return Moment((at,), year=year, month=month, day=day)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _clock(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``16:30``, ``4.30 pm``, ``16h``, ``4pm``, ``at 5``."""
    found = _digits(lexicon.table("clock").get("separators", ":.")).fullmatch(tokens[at].word)
    if not found:
        return None
    hour, minute, suffix = int(found[1]), int(found[2] or 0), found[3]
    positions: tuple[int, ...] = (at,)
    clock_words = lexicon.table("clock")
    after, before, sharp = (set(clock_words.get(key, ())) for key in ("after_noon", "before_noon", "oclock"))
    following = _word(tokens, at + 1)
    if not suffix and _word(tokens, at + 1) + _word(tokens, at + 2) in after | before | sharp and following:
        suffix, positions = following + _word(tokens, at + 2), (at, at + 1, at + 2)
    elif not suffix and following in after | before | sharp:
        suffix, positions = following, (at, at + 1)
    leads = _word(tokens, at - 1) in clock_words.get("at", ())
    marked = suffix in after | before | sharp
    if not (marked or found[2] or (leads and not suffix)) or hour > 24 or minute > 59:
        return None
    if found[2] and not marked and ("." in tokens[at].word) and not leads and int(found[2]) <= 12:
        return None
    if suffix and not marked:
        return None
    return _moment_at(hour, minute, positions, suffix in after, suffix in before, tokens, at, lexicon)


def _moment_at(
    hour: int,
    minute: int,
    positions: tuple[int, ...],
    pm: bool,
    am: bool,
    tokens: Sequence[Token],
    at: int,
    lexicon: Lexicon,
) -> Moment:
    if pm and hour < 12:
        hour += 12
    if am and hour == 12:
        hour = 0
    by = _word(tokens, at - 1) in lexicon.table("clock").get("bounds", ())
    since = _word(tokens, at - 1) in lexicon.table("clock").get("since", ())
    known = pm or am or hour > 12 or hour == 0 or tokens[at].word.startswith("0")
    return Moment(positions, clock=time(hour % 24, minute), half_day_known=known, by=by, since=since)


def _spoken_clock(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``half past five``, ``noon``, ``at five``."""
    clock_words = lexicon.table("clock")
    named = lexicon.table("hours").get(tokens[at].word)
    if named:
        # "Szesnastej trzydzieści": a language may have a word of its own for the sixteenth hour.
        minutes = lexicon.table("numbers").get(_word(tokens, at + 1), 0) if named[0] > 12 else 0
        if 10 <= minutes < 60:
            return Moment((at, at + 1), clock=time(named[0], minutes))
        return Moment((at,), clock=time(named[0], named[1]), by=_word(tokens, at - 1) in clock_words.get("bounds", ()))
    for key, shift in (("half_past", 30), ("half_to", -30), ("quarter_past", 15), ("quarter_to", -15)):
        for phrase in clock_words.get(key, ()):
            words = phrase.split()
            if [_word(tokens, at + step) for step in range(len(words))] == words:
                hour = _hour(tokens, at + len(words), lexicon)
                if hour is not None:
                    total = (hour * 60 + shift) % 1440
                    positions = tuple(range(at, at + len(words) + 1))
                    return _with_half_day(total, positions, tokens, lexicon)
    hour = lexicon.table("numbers").get(tokens[at].word)
    if (
        hour
        and hour <= 12
        and (_word(tokens, at - 1) in clock_words.get("at", ()) or _is_marked(tokens, at + 1, lexicon))
    ):
        following = _word(tokens, at + 1)
        if not lexicon.is_in("unit_of_time", lexicon.stems.of(following)) and _may_be_hour(tokens, at, lexicon):
            return _with_half_day(hour * 60, (at,), tokens, lexicon)
    return None


def _may_be_hour(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """An hour ends the phrase; "from one of the speakers" goes on."""
    following = _word(tokens, at + 1)
    return (
        not following
        or _is_marked(tokens, at + 1, lexicon)
        or not lexicon.is_in("counting", lexicon.stems.of(following))
    )


def _is_marked(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    clock_words = lexicon.table("clock")
    marks = {*clock_words["after_noon"], *clock_words["before_noon"], *clock_words["oclock"]}
    return _word(tokens, at) in marks - {*clock_words.get("attached", ())}


def _with_half_day(total: int, positions: tuple[int, ...], tokens: Sequence[Token], lexicon: Lexicon) -> Moment:
    first, following = positions[0], positions[-1] + 1
    clock_words = lexicon.table("clock")
    pm, am = (_word(tokens, following) in clock_words[key] for key in ("after_noon", "before_noon"))
    if _is_marked(tokens, following, lexicon):
        positions = (*positions, following)
    return _moment_at(total // 60, total % 60, positions, pm, am, tokens, first, lexicon)


def _hour(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    word = _word(tokens, at)
    if word.isascii() and word.isdigit() and int(word[:4]) <= 24:
        return int(word)
    number = lexicon.table("numbers").get(word)
    return number if number is not None and number <= 12 else None


def _calendar_day(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``9 October 2019``, ``October the 9th``, ``9.10.``, ``the 9th``, ``October``."""
    word = tokens[at].word
    months = lexicon.table("months")
    if word in months:
        return _month_first(tokens, at, months[word], lexicon)
    numeric = _DAY_MONTH.fullmatch(word)
    if numeric:
        day, month = int(numeric[1]), int(numeric[2])
        if month > 12 >= day:
            day, month = month, day
        if 1 <= day <= 31 and 1 <= month <= 12:
            return Moment((at,), day=day, month=month, year=int(numeric[3]) if numeric[3] else None)
        return None
    number = _day_number(tokens[at].word, lexicon)
    if number is None:
        return None
    for step in (1, 2, 3):
        month_word = _word(tokens, at + step)
        if month_word in months:
            positions = [*range(at, at + step + 1)]
            year = _year(tokens, at + step + 1)
            return Moment(
                tuple(positions + [at + step + 1] * (year is not None)), day=number, month=months[month_word], year=year
            )
        if not lexicon.is_in("function", lexicon.stems.of(month_word)):
            break
    return None if word.isdigit() else Moment((at,), day=number)


def _month_first(tokens: Sequence[Token], at: int, month: int, lexicon: Lexicon) -> Moment | None:
    step = 2 if lexicon.is_in("article", lexicon.stems.of(_word(tokens, at + 1))) else 1
    day = _day_number(_word(tokens, at + step), lexicon)
    if day is not None:
        year = _year(tokens, at + step + 1)
        return Moment(tuple(range(at, at + step + 1 + (year is not None))), day=day, month=month, year=year)
    # "may" and "mar" are words of their own where no day stands beside them.
    if lexicon.is_in("function", tokens[at].stem) or lexicon.is_in("no_month_alone", tokens[at].stem):
        return None
    return Moment((at,), month=month, year=_year(tokens, at + 1))


def _day_number(word: str, lexicon: Lexicon) -> int | None:
    bare = _LETTERS.sub("", word).rstrip(".")
    suffix = word[len(bare) :].strip(".")
    if not word.startswith(bare):
        return None
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 2 or not 1 <= int(bare) <= 31:
        return None
    return int(bare) if not suffix or suffix in lexicon.table("clock").get("day_suffixes", ()) else None


def _year(tokens: Sequence[Token], at: int) -> int | None:
    word = _word(tokens, at)
    return int(word) if len(word) == 4 and word.isascii() and word.isdigit() and word[:2] in ("19", "20") else None


def _weekday(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    weekday = lexicon.table("weekdays").get(tokens[at].word)
    return None if weekday is None else Moment((at,), weekday=weekday)


def _named_day(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``tomorrow``, ``in the morning``; not the "good morning" of a greeting."""
    word = tokens[at].word
    offset = lexicon.table("days").get(word)
    hours = lexicon.table("dayparts").get(word)
    greeted = lexicon.is_in("greeting_before", lexicon.stems.of(_word(tokens, at - 1))) if at else False
    if (offset is None and hours is None) or greeted:
        return None
    return Moment((at,), offset=offset, hours=tuple(hours) if hours else None)

"""Times and days that a message names, read with the lexicon's words, and whether they fit a session."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.answering.lexicon import Clock, Lexicon
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
    starts = [token.at for token in tokens if token.is_number or token.word in lexicon.words_of_time]
    readers = (_iso_date, _clock, _spoken_clock, _calendar_day, _weekday, _named_day)
    found = [read(tokens, at, lexicon) for read in readers for at in starts]
    if len(days) > 1:
        found += [_numbered_day(tokens, token.at, lexicon, days) for token in tokens if token.is_a("day")]
    taken: set[int] = set()
    moments: list[Moment] = []
    for moment in found:
        if moment and not taken & set(moment.positions):
            taken |= set(moment.positions)
            moments.append(moment)
    return tuple(sorted(moments, key=lambda moment: moment.positions))


def _numbered_day(tokens: Sequence[Token], at: int, lexicon: Lexicon, days: Sequence[date]) -> Moment | None:
    """``the second day``, ``day 2``, ``the last day``."""
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
    clock = lexicon.clock
    found = clock.digits.fullmatch(tokens[at].word)
    if not found or int(found[1]) > 24 or int(found[2] or 0) > 59:
        return None
    suffix, positions = _mark_behind(tokens, at, clock) if not found[3] else (found[3], (at,))
    marked = suffix in clock.marks
    leads = _word(tokens, at - 1) in clock.at
    if (suffix and not marked) or not (marked or found[2] or leads):
        return None
    # "9.10" is a day rather than a time of day.
    if found[2] and not marked and not leads and "." in tokens[at].word and int(found[2]) <= 12:
        return None
    return _moment_at(int(found[1]), int(found[2] or 0), positions, suffix, tokens, clock)


def _mark_behind(tokens: Sequence[Token], at: int, clock: Clock) -> tuple[str, tuple[int, ...]]:
    """What stands behind an hour, in one word or two ("o clock"), and where both are."""
    one = _word(tokens, at + 1)
    two = one + _word(tokens, at + 2)
    if one != two and one and two in clock.marks:
        return two, (at, at + 1, at + 2)
    return (one, (at, at + 1)) if one in clock.marks else ("", (at,))


def _moment_at(
    hour: int, minute: int, positions: tuple[int, ...], mark: str, tokens: Sequence[Token], clock: Clock
) -> Moment:
    """The moment of an hour with its mark; without one, a small hour may be of either half of the day."""
    pm, am = mark in clock.after_noon, mark in clock.before_noon
    if pm and hour < 12:
        hour += 12
    if am and hour == 12:
        hour = 0
    first = positions[0]
    before = _word(tokens, first - 1)
    known = pm or am or hour > 12 or hour == 0 or tokens[first].word.startswith("0")
    return Moment(
        positions,
        clock=time(hour % 24, minute),
        half_day_known=known,
        by=before in clock.bounds,
        since=before in clock.since,
    )


def _spoken_clock(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``half past five``, ``noon``, ``at five``."""
    clock = lexicon.clock
    named = lexicon.table("hours").get(tokens[at].word)
    if named:
        # "Szesnastej trzydzieści": a language may have a word of its own for the sixteenth hour.
        minutes = lexicon.table("numbers").get(_word(tokens, at + 1), 0) if named[0] > 12 else 0
        if 10 <= minutes < 60:
            return Moment((at, at + 1), clock=time(named[0], minutes))
        return Moment((at,), clock=time(named[0], named[1]), by=_word(tokens, at - 1) in clock.bounds)
    for words, minutes in clock.quarters:
        behind = at + len(words)
        if tuple(_word(tokens, each) for each in range(at, behind)) == words:
            hour = _hour(tokens, behind, lexicon)
            if hour is not None:
                return _marked((hour * 60 + minutes) % 1440, tuple(range(at, behind + 1)), tokens, clock)
    hour = lexicon.table("numbers").get(tokens[at].word)
    if not hour or hour > 12 or not (_word(tokens, at - 1) in clock.at or _is_marked(tokens, at + 1, clock)):
        return None
    return _marked(hour * 60, (at,), tokens, clock) if _may_be_hour(tokens, at, clock) else None


def _may_be_hour(tokens: Sequence[Token], at: int, clock: Clock) -> bool:
    """An hour ends the phrase; "from one of the speakers" and "in five minutes" go on."""
    if at + 1 >= len(tokens):
        return True
    following = tokens[at + 1]
    return not following.is_a("unit_of_time") and (_is_marked(tokens, at + 1, clock) or not following.is_a("counting"))


def _is_marked(tokens: Sequence[Token], at: int, clock: Clock) -> bool:
    return _word(tokens, at) in clock.marks - clock.attached


def _marked(total: int, positions: tuple[int, ...], tokens: Sequence[Token], clock: Clock) -> Moment:
    """The moment of so many minutes of the day, with the mark that follows it."""
    following = positions[-1] + 1
    mark = _word(tokens, following)
    if _is_marked(tokens, following, clock):
        positions = (*positions, following)
    return _moment_at(total // 60, total % 60, positions, mark, tokens, clock)


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
        if at + step < len(tokens) and not tokens[at + step].is_a("function"):
            break
    return None if word.isdigit() else Moment((at,), day=number)


def _month_first(tokens: Sequence[Token], at: int, month: int, lexicon: Lexicon) -> Moment | None:
    step = 2 if at + 1 < len(tokens) and tokens[at + 1].is_a("article") else 1
    day = _day_number(_word(tokens, at + step), lexicon)
    if day is not None:
        year = _year(tokens, at + step + 1)
        return Moment(tuple(range(at, at + step + 1 + (year is not None))), day=day, month=month, year=year)
    # "may" and "mar" are words of their own where no day stands beside them.
    if tokens[at].is_a("function") or tokens[at].is_a("no_month_alone"):
        return None
    return Moment((at,), month=month, year=_year(tokens, at + 1))


def _day_number(word: str, lexicon: Lexicon) -> int | None:
    bare = _LETTERS.sub("", word).rstrip(".")
    suffix = word[len(bare) :].strip(".")
    if not word.startswith(bare):
        return None
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 2 or not 1 <= int(bare) <= 31:
        return None
    return int(bare) if not suffix or suffix in lexicon.clock.day_suffixes else None


def _year(tokens: Sequence[Token], at: int) -> int | None:
    word = _word(tokens, at)
    return int(word) if len(word) == 4 and word.isascii() and word.isdigit() and word[:2] in ("19", "20") else None


def _weekday(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    weekday = lexicon.table("weekdays").get(tokens[at].word)
    owned = at > 0 and tokens[at - 1].is_a("personal")  # "my sat nav"
    return None if weekday is None or owned else Moment((at,), weekday=weekday)


def _named_day(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Moment | None:
    """``tomorrow``, ``in the morning``; not the "good morning" of a greeting."""
    word = tokens[at].word
    offset = lexicon.table("days").get(word)
    hours = lexicon.table("dayparts").get(word)
    greeted = at > 0 and tokens[at - 1].is_a("greeting_before")
    if (offset is None and hours is None) or greeted:
        return None
    return Moment((at,), offset=offset, hours=tuple(hours) if hours else None)

"""Dates, times and lists as three languages write them, and a night in which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import formats
from tests.builders import END, START, at

EUROPE = ("en", "de", "pl")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Wednesday, 9 October 2019"),
        ("de", "Mittwoch, 9. Oktober 2019"),
        ("pl", "środa, 9 października 2019"),
    ],
)
def test_a_day_is_written_in_full(language: str, written: str) -> None:
    assert formats.day(language, START) == written
    assert formats.day(language, date(2019, 10, 9)) == written


@pytest.mark.parametrize(
    ("language", "weekday", "short", "month"),
    [
        ("en", "Wednesday", "Wed 9 Oct", "9 October"),
        ("de", "Mittwoch", "Mi., 9. Okt.", "9. Oktober"),
        ("pl", "środa", "śr., 9 paź", "9 października"),
    ],
)
def test_a_day_may_be_written_shorter(language: str, weekday: str, short: str, month: str) -> None:
    written = (
        formats.weekday(language, START),
        formats.short_day(language, START),
        formats.month_day(language, START.date()),
    )
    assert written == (weekday, short, month)


@pytest.mark.parametrize("language", EUROPE)
@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2019-10-09 16:30", "16:30"),
        ("2019-10-09 00:00", "00:00"),
        ("2019-10-09 09:05", "09:05"),
        ("2019-10-09 16:30:05", "16:30:05"),
    ],
)
def test_the_time_of_day_has_24_hours_in_every_language(language: str, moment: str, written: str) -> None:
    assert formats.time(language, at(moment)) == written


def test_a_moment_is_a_day_and_a_time() -> None:
    assert formats.moment("en", START) == "Wednesday, 9 October 2019, 16:30"


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (START, END, "16:30–19:00"),
        (START, None, "16:30"),
        (START, START + timedelta(seconds=90), "16:30–16:31:30"),
        (START, START + timedelta(hours=10), "Wed 9 Oct 16:30 – Thu 10 Oct 02:30"),
        # The clocks went back at 3:00: an hour and a half that reads like half an hour.
        (at("2019-10-27 02:15"), at("2019-10-27 02:45").replace(fold=1), "02:15–02:45"),
    ],
)
def test_a_span_names_both_days_where_it_runs_over_midnight(
    start: datetime, end: datetime | None, written: str
) -> None:
    assert formats.span("en", start, end) == written


@pytest.mark.parametrize(
    ("length", "english", "german", "polish"),
    [
        (timedelta(0), "0 seconds", "0 Sekunden", "0 sekund"),
        (timedelta(seconds=1), "1 second", "1 Sekunde", "1 sekunda"),
        (timedelta(seconds=59), "59 seconds", "59 Sekunden", "59 sekund"),
        (timedelta(seconds=60), "1 minute", "1 Minute", "1 minuta"),
        (timedelta(seconds=119), "1 minute", "1 Minute", "1 minuta"),
        (timedelta(minutes=22), "22 minutes", "22 Minuten", "22 minuty"),
        (timedelta(hours=1), "1 hour", "1 Stunde", "1 godzina"),
        (timedelta(hours=5, minutes=2), "5 hours 2 minutes", "5 Stunden 2 Minuten", "5 godzin 2 minuty"),
        (timedelta(days=1), "1 day", "1 Tag", "1 dzień"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours", "2 Tage 3 Stunden", "2 dni 3 godziny"),
        (timedelta(days=30), "30 days", "30 Tage", "30 dni"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(length: timedelta, english: str, german: str, polish: str) -> None:
    assert tuple(formats.duration(language, length) for language in EUROPE) == (english, german, polish)


@pytest.mark.parametrize(
    ("items", "english", "german", "polish"),
    [
        ([], "", "", ""),
        (["A"], "A", "A", "A"),
        (["A", "B"], "A and B", "A und B", "A i B"),
        (["A", "B", "C"], "A, B and C", "A, B und C", "A, B i C"),
    ],
)
def test_a_list_ends_with_and(items: list[str], english: str, german: str, polish: str) -> None:
    assert tuple(formats.listing(language, items) for language in EUROPE) == (english, german, polish)


@pytest.mark.parametrize(("language", "written"), [("en", "1,234,567"), ("de", "1.234.567"), ("pl", "1\xa0234\xa0567")])
def test_a_number_has_the_languages_separators(language: str, written: str) -> None:
    assert formats.number(language, 1_234_567) == written


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Europe/Brussels", ("Brussels", "Brüssel", "Bruksela")),
        ("America/New_York", ("New York", "New York", "Nowy Jork")),
        ("UTC", ("UTC", "UTC", "UTC")),
    ],
)
def test_a_zone_is_named_by_its_place_summer_and_winter(zone: str, names: tuple[str, ...]) -> None:
    for month in (1, 7):
        moment = datetime(2025, month, 1, tzinfo=ZoneInfo(zone))
        assert tuple(formats.place_of_zone(language, moment) for language in EUROPE) == names


def test_both_hours_of_the_night_in_which_the_clocks_go_back_read_alike() -> None:
    instants = [datetime(2019, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    local = [instant.astimezone(ZoneInfo("Europe/Brussels")) for instant in instants]
    assert [formats.time("en", moment) for moment in local] == ["02:30", "02:30", "03:30"]


@pytest.mark.parametrize(("code", "name"), [("en", "English"), ("de", "Deutsch"), ("pl", "Polski"), ("el", "Ελληνικά")])
def test_a_language_is_named_in_itself(code: str, name: str) -> None:
    assert formats.language_name(code) == name

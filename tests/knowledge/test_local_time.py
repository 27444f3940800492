"""Local times, above all where the clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.knowledge.local_time import format_moment, parse_moment

BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2019-10-09T16:30", BRUSSELS, "2019-10-09T14:30"),
        ("2019-10-09T16:30:15", BRUSSELS, "2019-10-09T14:30:15"),
        ("2019-10-09 16:30", BRUSSELS, "2019-10-09T14:30"),
        ("2019-10-09t16:30", BRUSSELS, "2019-10-09T14:30"),
        ("2019-10-09T16:30Z", BRUSSELS, "2019-10-09T16:30"),
        ("2019-10-09T16:30+02:00", "Asia/Tokyo", "2019-10-09T14:30"),
        ("2019-10-09 16:30 -0330", BRUSSELS, "2019-10-09T20:00"),
        ("2019-10-09T00:00", "Asia/Kathmandu", "2019-10-08T18:15"),
        # The first of the two where the clocks go back.
        ("2025-10-26T02:30", BRUSSELS, "2025-10-26T00:30"),
        ("2025-11-02T01:30", "America/New_York", "2025-11-02T05:30"),
        ("2025-04-06T01:45", "Australia/Lord_Howe", "2025-04-05T14:45"),
        # The edges of the hour that the clocks skip.
        ("2025-03-30T01:59", BRUSSELS, "2025-03-30T00:59"),
        ("2025-03-30T03:00", BRUSSELS, "2025-03-30T01:00"),
    ],
)
def test_a_time_is_local_unless_it_has_an_offset(text: str, zone: str, utc: str) -> None:
    moment = parse_moment(text, ZoneInfo(zone))
    assert moment.tzinfo is ZoneInfo(zone)
    assert moment.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "instead"),
    [
        ("2025-03-30T02:00", BRUSSELS, "03:00"),
        ("2025-03-30T02:59:59", BRUSSELS, "03:59"),
        ("2025-03-30T01:30", "Europe/London", "02:30"),
        ("2025-03-09T02:30", "America/New_York", "03:30"),
        ("2025-10-05T02:15", "Australia/Lord_Howe", "02:45"),
        ("2025-09-07T00:30", "America/Santiago", "01:30"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-31T12:00"),
    ],
)
def test_a_time_that_the_clocks_skip_is_none(text: str, zone: str, instead: str) -> None:
    with pytest.raises(ValueError, match="does not exist") as caught:
        parse_moment(text, ZoneInfo(zone))
    words = f"does not exist in {zone}, where the clocks go forward: did you mean {instead}?"
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2019-10-09", "has no time: write it like 2019-10-09T16:30"),
        ("16:30", "is no date and time: write it like 2019-10-09T16:30"),
        ("9.10.2019 16:30", "is no date and time: write it like 2019-10-09T16:30"),
        ("2019-10-09T16.30", "is no date and time: write it like 2019-10-09T16:30"),
        ("2019-10-09T16:30 CEST", "is no date and time: write it like 2019-10-09T16:30"),
        ("٢٠١٩-10-09T16:30", "is no date and time: write it like 2019-10-09T16:30"),
        ("2019-02-29T10:00", "is not in the calendar: check the numbers"),
        ("2019-10-09T25:00", "is not in the calendar: check the numbers"),
        ("0001-01-01T00:00", "is too far away: the year must be between 1900 and 2199"),
        ("9999-12-31T23:59", "is too far away: the year must be between 1900 and 2199"),
        ("2019-10-09T16:30+19:00", "has no real offset +19:00: write one like +02:00, or leave it out"),
        ("2019-10-09T16:30+02:75", "has no real offset +02:75: write one like +02:00, or leave it out"),
    ],
)
def test_what_is_no_time_is_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) ") as caught:
        parse_moment(text, ZoneInfo(BRUSSELS))
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2019, 10, 9, 16, 30, tzinfo=UTC), "2019-10-09T16:30"),
        (datetime(2019, 10, 9, 16, 30, 5, tzinfo=UTC), "2019-10-09T16:30:05"),
        (datetime(2025, 10, 26, 2, 30, tzinfo=UTC), "2025-10-26T02:30"),
        (datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=UTC), "2025-10-26T02:30+01:00"),
        (datetime(2025, 10, 26, 12, 0, fold=1, tzinfo=UTC), "2025-10-26T12:00"),
    ],
)
def test_a_moment_is_written_without_its_offset_where_that_is_clear(moment: datetime, text: str) -> None:
    zone = ZoneInfo(BRUSSELS)
    written = format_moment(moment.replace(tzinfo=zone))
    assert written == text
    assert parse_moment(written, zone).astimezone(UTC) == moment.replace(tzinfo=zone).astimezone(UTC)

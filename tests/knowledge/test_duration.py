from datetime import timedelta

import pytest
from hypothesis import given

from bot.knowledge.duration import format_duration, parse_duration

from .events import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 hour 30 minutes", 5400),
        ("90 min", 5400),
        ("90min", 5400),
        ("1h30min", 5400),
        ("1h 30 min", 5400),
        ("1.5 hours", 5400),
        ("30 minutes 1 hour", 5400),
        ("2 days", 172_800),
        ("2d", 172_800),
        ("1 week", 604_800),
        ("2 w", 1_209_600),
        ("45 seconds", 45),
        ("45s", 45),
        ("1 second", 1),
        ("0 minutes", 0),
        ("  1   Day  ", 86_400),
        ("12 HOURS", 43_200),
    ],
)
def test_a_duration_is_numbers_and_units(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "15", "day", "1 month", "01:30", "PT1H", "-1 day", "1 hour and 5", "1,5 hours", "1 hours 30", "٣ days"],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no length of time: write it like 90 minutes, or 1 hour 30 minutes$"):
        parse_duration(text)


def test_a_duration_of_decades_is_a_slip() -> None:
    with pytest.raises(ValueError, match=r"^is longer than ten years$"):
        parse_duration("999999999 weeks")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 minutes"),
        (1, "1 second"),
        (600, "10 minutes"),
        (5400, "1 hour 30 minutes"),
        (86_400, "1 day"),
        (30 * 86_400, "30 days"),
        (90_061, "1 day 1 hour 1 minute 1 second"),
    ],
)
def test_a_duration_is_written_in_words(seconds: int, text: str) -> None:
    assert format_duration(timedelta(seconds=seconds)) == text


@given(durations)
def test_a_written_duration_is_read_back(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration

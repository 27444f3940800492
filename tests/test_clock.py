"""The clocks."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, FixedClock, MovableClock, SystemClock
from tests.builders import NOON


@pytest.mark.parametrize("clock", [SystemClock(), FixedClock(NOON), MovableClock(Path("/nowhere"))])
def test_every_clock_tells_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_stands_still() -> None:
    clock = FixedClock(NOON)
    assert [clock.now(), clock.now()] == [NOON, NOON]


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2019, 10, 7))  # noqa: DTZ001


def off(clock: Clock) -> timedelta:
    """How far the clock is from the machine's, to the minute."""
    seconds = (clock.now() - SystemClock().now()).total_seconds()
    return timedelta(minutes=round(seconds / 60))


def write(path: Path, content: str, at: int) -> None:
    path.write_text(content, "utf-8")
    os.utime(path, (at, at))


def test_a_movable_clock_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock = MovableClock(path)
    assert off(clock) == timedelta()
    write(path, json.dumps({"offset_seconds": 3600.0}), 1)
    assert off(clock) == timedelta(hours=1)
    write(path, json.dumps({"offset_seconds": -86_400}), 2)
    assert off(clock) == timedelta(days=-1)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"offset_seconds": null}', '{"offset_seconds": "x"}'])
def test_a_half_written_file_leaves_the_shift_as_it_was(tmp_path: Path, content: str) -> None:
    path = tmp_path / "clock.json"
    write(path, json.dumps({"offset_seconds": 7200}), 1)
    clock = MovableClock(path)
    assert off(clock) == timedelta(hours=2)
    write(path, content, 2)
    assert off(clock) == timedelta(hours=2)
    path.unlink()
    assert off(clock) == timedelta(hours=2)


def test_a_file_that_was_mended_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock = MovableClock(path)
    write(path, "{", 1)
    assert off(clock) == timedelta()
    write(path, json.dumps({"offset_seconds": 60}), 1)
    assert off(clock) == timedelta(minutes=1)

"""The only place where the current moment is read; everything else has it handed in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the current moment, as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still, for ``--now`` and for tests."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs a moment with a time zone")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment


class MovableClock:
    """The machine's clock shifted by what a JSON file says: ``{"offset_seconds": 3600.0}``.

    The demo's page moves the clock by rewriting the file; the bot sees it at its next look. A missing or
    half-written file leaves the shift as it was.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed_at: int | None = None
        self._shift = timedelta()

    def now(self) -> datetime:
        self._follow()
        return datetime.now(UTC) + self._shift

    def _follow(self) -> None:
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at == self._changed_at:
                return
            offset = float(json.loads(self._path.read_text("utf-8"))["offset_seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._changed_at, self._shift = changed_at, timedelta(seconds=offset)

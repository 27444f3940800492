"""The stand-in's time: the machine's, shifted by a file that the bot's process reads too."""

import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


class SandboxClock:
    """Tells the demo's moment and moves it.

    The shift lives in ``path`` as ``{"offset_seconds": float}``, positive when the demo is ahead of the real
    time. Without a path it lives in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._offset = self._stored_offset()

    @property
    def offset_seconds(self) -> float:
        return self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._offset, UTC)

    def timestamp(self) -> int:
        """Unix time of the demo's moment, in whole seconds as messages carry it."""
        return int(time.time() + self._offset)

    def real_time(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that no shift moves, for rates and for what tests measure."""
        return time.monotonic()

    def set_now(self, moment: datetime) -> None:
        self._shift_to(moment.timestamp() - time.time())

    def advance(self, seconds: float) -> None:
        self._shift_to(self._offset + seconds)

    def _shift_to(self, offset: float) -> None:
        if self._path is not None:
            _replace(self._path, json.dumps({"offset_seconds": offset}))
        self._offset = offset

    def _stored_offset(self) -> float:
        if self._path is None or not self._path.exists():
            return 0.0
        return float(json.loads(self._path.read_text("utf-8"))["offset_seconds"])


def _replace(path: Path, text: str) -> None:
    # A rename, because the bot may read in the middle of a write.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)

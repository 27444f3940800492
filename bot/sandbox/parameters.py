"""A call's parameters, whichever of the four ways they came in."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.refusals import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True)
class Parameters:
    """Values by name, as strings (query, form, multipart) or as JSON values."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Like the server, read what is no number as the default."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float | None:
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).strip().lower() in ("true", "1", "yes", "t")

    def structure(self, name: str, noun: str) -> Any:
        """A nested value, from JSON in a string or as it is; None when it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as fault:
            raise bad_request(f"can't parse {noun} JSON object") from fault

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, or the one that ``attach://…`` points at."""
        if name in self.uploads:
            return self.uploads[name]
        reference = self.values.get(name)
        if isinstance(reference, str) and reference.startswith("attach://"):
            return self.uploads.get(reference.removeprefix("attach://"))
        return None

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def for_journal(self) -> dict[str, Any]:
        """The parameters with nested JSON read and files summed up, for tests to compare."""
        values = {name: _read(value) for name, value in self.values.items()}
        files = {
            name: {"file_name": upload.name, "file_size": len(upload.content), "mime_type": upload.mime_type}
            for name, upload in self.uploads.items()
        }
        return {**values, **files}


def _read(value: Any) -> Any:
    # Numbers, booleans, arrays and objects arrive as strings in forms; a text that looks like a number would
    # be misread, so only what JSON brackets is turned back.
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value

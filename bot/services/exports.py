"""The registrations export: the contract's columns, as rows that any table format takes."""

from collections.abc import Iterable
from datetime import tzinfo

from bot.interchange import tables
from bot.storage.database import Row
from bot.storage.moments import restored

COLUMNS = ("registration", "user_id", "name", "session", "status", "position", "registered_at", "checked_in_at")
FORMATS = ("csv", "json", "xlsx")
Cell = str | int | None


def rows(stored: Iterable[Row], zone: tzinfo) -> list[tuple[Cell, ...]]:
    """One row a registration; moments are ISO 8601 with the event's offset, to the second."""
    return [
        (
            row["number"],
            row["person"],
            row["name"],
            row["session"],
            row["status"],
            row["position"],
            _moment(row["registered_at"], zone),
            _moment(row["checked_in_at"], zone),
        )
        for row in stored
    ]


def table(kind: str, rows: list[tuple[Cell, ...]]) -> bytes:
    """The rows as a file of one of the ``FORMATS``. Raises KeyError for another."""
    writers = {"csv": tables.to_csv, "json": tables.to_json, "xlsx": tables.to_xlsx}
    return writers[kind](COLUMNS, rows)


def _moment(value: int | None, zone: tzinfo) -> str | None:
    return None if value is None else restored(value).astimezone(zone).isoformat(timespec="seconds")

"""Moments as the database keeps them: whole milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def stored(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def restored(value: int) -> datetime:
    return EPOCH + value * MILLISECOND


def restored_if(value: int | None) -> datetime | None:
    return None if value is None else restored(value)

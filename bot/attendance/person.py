"""Somebody who wrote to the bot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NAME_LENGTH = 64


@dataclass(frozen=True)
class Person:
    """``id`` is Telegram's; ``language`` is what the person chose, None until then; ``muted`` are the reminder
    rules switched off; ``lead`` is how long before a session they want a reminder of their own; ``unreachable_since``
    is set while they block the bot."""

    id: int
    name: str
    username: str | None = None
    telegram_language: str | None = None
    language: str | None = None
    muted: frozenset[str] = frozenset()
    lead: timedelta | None = None
    unreachable_since: datetime | None = None


def display_name(first: str | None, last: str | None, username: str | None) -> str:
    """The name that people see, on one line and of bearable length."""
    joined = " ".join(" ".join(part for part in (first, last) if part).split())
    return (joined or username or "?")[:NAME_LENGTH].rstrip()

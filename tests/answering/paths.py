"""Whether a source path of an answer leads anywhere in an event."""

from typing import Any

from bot.knowledge.event import Event


def exists(event: Event, path: str) -> bool:
    """``sessions.<id>.room``, ``speakers.<id>.name``, ``glossary.<term>``, ``event.<field>``, ``venue.<field>`` …"""
    head, _, rest = path.partition(".")
    if head == "glossary":
        return any(entry.term == rest for entry in event.glossary)
    if head == "event":
        return bool(getattr(event, rest, None))
    if head in ("sessions", "speakers", "places", "faq"):
        return _in_list(getattr(event, head), rest)
    if head in ("venue", "registration", "reminders"):
        return _has(getattr(event, head), rest)
    return False


def _in_list(entries: tuple[Any, ...], rest: str) -> bool:
    if not rest:
        return bool(entries)
    id, _, field = rest.partition(".")
    return any(entry.id == id and _has(entry, field) for entry in entries)


def _has(thing: Any, field: str) -> bool:
    return thing is not None and (not field or getattr(thing, field, None) is not None)

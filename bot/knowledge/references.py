"""Whether ids are unique and whether what is referred to exists. Knows places in the file, not the event."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.knowledge.fault import Fault, quoted


@dataclass(frozen=True, slots=True)
class Mention:
    """An id, and where the file has it."""

    id: str
    line: int
    field: str


def doubles(defined: Iterable[Mention]) -> Iterator[Fault]:
    """A fault for each id after the first of its kind."""
    first: dict[str, Mention] = {}
    for mention in defined:
        earlier = first.setdefault(mention.id, mention)
        if earlier is not mention:
            message = f"{quoted(mention.id)} is taken already, in line {earlier.line}: choose another"
            yield Fault(mention.line, mention.field, message)


def dangling(used: Iterable[Mention], known: Collection[str], kind: str) -> Iterator[Fault]:
    """A fault for each mention of something that is not there."""
    for mention in used:
        if mention.id not in known:
            message = f"there is no {kind} {quoted(mention.id)}{suggestion(mention.id, known)}"
            yield Fault(mention.line, mention.field, message)


def suggestion(word: str, known: Collection[str]) -> str:
    """A question to append to a message, where a known word looks like the one that was written."""
    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(word[:100].lower(), by_lower, n=1)
    return f": did you mean {by_lower[close[0]]}?" if close else ""

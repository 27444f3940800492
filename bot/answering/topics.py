"""Which topics a message asks for: the lexicon's patterns found in it, the longest ones first."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.lexicon import Lexicon
from bot.answering.patterns import Pattern
from bot.answering.tokens import Message, Part

# Where two patterns of the same length meet, the more cautious reading wins.
_RANK = {"unheld": 2, "topics": 1, "talk": 0}


@dataclass(frozen=True, slots=True)
class Hit:
    """One topic found: where, and whether it asks (``strong``) or only names."""

    topic: str
    group: str
    strong: bool
    positions: tuple[int, ...]

    @property
    def weight(self) -> tuple[int, int, bool]:
        return len(self.positions), 2 if self.topic == "injection" else _RANK[self.group], self.strong


def find_hits(message: Message, part: Part, lexicon: Lexicon) -> tuple[Hit, ...]:
    """The topics of one part, each word used once, in the order of the text."""
    stems = [token.stem for token in message.tokens]
    first, last = _core(message, part, lexicon)
    found = [
        Hit(pattern.topic, lexicon.groups[pattern.topic], not pattern.weak, positions)
        for pattern in _candidates(stems[part.first : part.last], lexicon)
        if (
            positions := pattern.match(
                stems, first if pattern.at_start else part.first, last if pattern.at_end else part.last
            )
        )
    ]
    chosen: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(found, key=lambda hit: hit.weight, reverse=True):
        if not taken & set(hit.positions):
            taken |= set(hit.positions)
            chosen.append(hit)
    return tuple(sorted(chosen, key=lambda hit: hit.positions))


def _candidates(stems: Sequence[str], lexicon: Lexicon) -> list[Pattern]:
    found: dict[Pattern, None] = {}
    for stem in dict.fromkeys(stems):
        for pattern in lexicon.index.get(stem, ()):
            found[pattern] = None
    return list(found)


def _core(message: Message, part: Part, lexicon: Lexicon) -> tuple[int, int]:
    """The part without the courtesies around it, for patterns that are tied to its beginning or end."""
    first, last = part.first, part.last
    while last - 1 > first and lexicon.is_in("trailing", message.tokens[last - 1].stem):
        last -= 1
    while first < last - 1 and lexicon.is_in("leading", message.tokens[first].stem):
        first += 1
    return first, last

"""Which topics a message asks for: the lexicon's patterns found in it, the longest ones first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.lexicon import Lexicon
from bot.answering.tokens import Message, Part, Token

OUTWEIGHED = 3
"""By so much must a fact say more than what no file holds, to be what was asked after all."""
PHRASE = 5
"""What is asked at every event in so telling a phrase ("registration desk") is no fact that has one of its words."""
# Where two patterns of the same length meet, the more cautious reading wins.
_RANK = {"unheld": 2, "topics": 1, "talk": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One topic found: where, and whether it asks (``strong``) or only names."""

    topic: str
    group: str
    strong: bool
    positions: tuple[int, ...]
    telling: int
    """How much the matched words say: a word of content counts for several of those that every question has."""

    @property
    def weight(self) -> tuple[int, int, bool, int]:
        """What says most comes first; of two that say as much, the more cautious, then the one in fewer words."""
        rank = 2 if self.topic == "injection" else _RANK[self.group] * self.strong
        caution = OUTWEIGHED if self.group == "unheld" and self.strong and self.telling >= PHRASE else 0
        return self.telling + caution, rank, self.strong, -len(self.positions)


def find_hits(
    message: Message, part: Part, lexicon: Lexicon, names: Mapping[int, bool], without: frozenset[str] = frozenset()
) -> tuple[Hit, ...]:
    """The topics of one part, each word used once, in the order of the text.

    ``names`` are the positions of name words: True where a name begins, which then counts as one word that no
    phrase holds; the others are passed over. ``without`` are topics that do not count.
    """
    at_of = [at for at in range(part.first, part.last) if names.get(at, True)]
    words = [None if at in names else message.tokens[at] for at in at_of]
    stems = [word.stem if word else "" for word in words]
    telling = [1 if word and word.is_a("function", "event") else 3 for word in words]
    first, last = _core(words)
    found: list[Hit] = []
    for pattern in lexicon.patterns_for(stems):
        if pattern.topic in without:
            continue
        matched = pattern.match(stems, first if pattern.at_start else 0, last if pattern.at_end else len(stems))
        if matched:
            positions = tuple(at_of[each] for each in matched)
            worth = sum(telling[each] for each in matched)
            found.append(Hit(pattern.topic, lexicon.groups[pattern.topic], not pattern.weak, positions, worth))
    return tuple(sorted(_apart(found), key=lambda hit: hit.positions))


def _apart(found: Sequence[Hit]) -> list[Hit]:
    """The most telling hits, of which no two share a word."""
    if len(found) < 2:
        return [*found]
    chosen: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(found, key=lambda hit: hit.weight, reverse=True):
        if not taken & set(hit.positions):
            taken |= set(hit.positions)
            chosen.append(hit)
    return chosen


def _core(words: Sequence[Token | None]) -> tuple[int, int]:
    """The part without the courtesies around it, for patterns that are tied to its beginning or end. None is a name."""
    first, last = 0, len(words)
    while last - 1 > first and (word := words[last - 1]) and word.is_a("trailing"):
        last -= 1
    while first < last - 1 and (word := words[first]) and word.is_a("leading"):
        first += 1
    return first, last

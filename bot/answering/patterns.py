"""Phrase patterns over stems: the small language in which the lexicons say what a question looks like.

    which <event>? (room|conference hall)     words, one of several, an optional part
    how long ... take                         a gap of at most three words
    ^ and then $                              only at the beginning, only at the end of a part of the sentence

``<event>`` stands for the class of that name in the lexicon. A pattern is unfolded into plain sequences when the
lexicon is read, so that matching is a walk without regular expressions and its cost is bounded.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

WIDEST_GAP = 3
_PART = re.compile(r"\^|\$|\.\.\.|<\w+>\??|\([^()]*\)\??|[^\s()<>]+")

Element = frozenset[str] | None
"""The stems that fit one word, or None for a gap."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One plain sequence; ``weak`` ones only name a topic, the others ask for it."""

    topic: str
    weak: bool
    elements: tuple[Element, ...]
    at_start: bool = False
    at_end: bool = False

    def match(self, stems: Sequence[str], first: int, last: int) -> tuple[int, ...] | None:
        """The positions in ``stems[first:last]`` that fit, or None."""
        starts = (first,) if self.at_start else range(first, last)
        opening = self.elements[0]
        for start in starts:
            if start >= last:
                return None
            if opening is None or stems[start] in opening:
                found = self._follow(0, stems, start, last)
                if found is not None:
                    return found
        return None

    def _follow(self, element: int, stems: Sequence[str], at: int, last: int) -> tuple[int, ...] | None:
        if element == len(self.elements):
            return () if not self.at_end or at == last else None
        wanted = self.elements[element]
        if wanted is None:
            for width in range(min(WIDEST_GAP, last - at) + 1):
                rest = self._follow(element + 1, stems, at + width, last)
                if rest is not None:
                    return rest
            return None
        if at >= last or stems[at] not in wanted:
            return None
        rest = self._follow(element + 1, stems, at + 1, last)
        return None if rest is None else (at, *rest)


class PatternReader:
    """Unfolds written patterns with one language's stems and classes."""

    def __init__(self, stems_of: Callable[[str], list[str]], classes: Mapping[str, Sequence[str]]) -> None:
        self._stems_of = stems_of
        self._classes = {name: self._alternatives(phrases) for name, phrases in classes.items()}

    def read(self, written: str, topic: str, weak: bool) -> Iterator[Pattern]:
        """Every plain sequence of a written pattern. Raises ValueError for a class that is not there."""
        parts = _PART.findall(written)
        at_start, at_end = parts[:1] == ["^"], parts[-1:] == ["$"]
        choices = [self._choices(part) for part in parts if part not in "^$"]
        unfolded = (tuple(element for sequence in chosen for element in sequence) for chosen in product(*choices))
        for elements in dict.fromkeys(unfolded):
            if any(element is not None for element in elements):
                yield Pattern(topic, weak, elements, at_start, at_end)

    def _choices(self, part: str) -> list[tuple[Element, ...]]:
        """The sequences that may stand for one part of a pattern."""
        if part == "...":
            return [(None,)]
        optional = part.endswith("?") and len(part) > 1
        core = part[:-1] if optional else part
        if core.startswith("<"):
            try:
                sequences = self._classes[core[1:-1]]
            except KeyError:
                raise ValueError(f"no class {core} in the lexicon") from None
        else:
            sequences = self._alternatives(core.strip("()").split("|"))
        return [*sequences, ()] if optional else list(sequences)

    def _alternatives(self, phrases: Sequence[str]) -> list[tuple[Element, ...]]:
        """Single words become one element, so that a long class does not multiply the patterns."""
        stems = [self._stems_of(phrase) for phrase in phrases]
        single = frozenset(words[0] for words in stems if len(words) == 1)
        sequences: list[tuple[Element, ...]] = [(single,)] if single else []
        for words in stems:
            if len(words) > 1:
                sequences.append(tuple(frozenset([word]) for word in words))
        return sequences

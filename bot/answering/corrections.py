"""Typos: a word that neither the language nor the event knows becomes the nearest one that either knows."""

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.answering.language import fold
from bot.answering.lexicon import UNEXPLAINED, Lexicon
from bot.answering.tokens import Message, Token

SHORT_NAME = 4
"""So short an acronym with an ending is that acronym, and no misspelt word."""
MENDED = 5
"""Words of the event's prose are mended towards when they are as long as this."""
# A message of nothing but unknown words is no misspelt question.
MOST_CORRECTIONS = 10


class Corrector:
    """Knows the words of one language and of the event, by length."""

    def __init__(self, lexicon: Lexicon, event_words: Iterable[str], names: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._names = frozenset(names)
        self._cues = frozenset(lexicon.spellings)
        written = {fold(word) for word in event_words}
        self._event_stems = frozenset(lexicon.stems.of(word) for word in written)
        candidates = dict.fromkeys(
            [*lexicon.spellings, *sorted(self._names), *sorted(word for word in written if len(word) >= MENDED)]
        )
        self._by_length: dict[int, list[str]] = {}
        for word in candidates:
            self._by_length.setdefault(len(word), []).append(word)

    def knows(self, token: Token) -> bool:
        return (
            token.stem in self._lexicon.known
            or self._lexicon.is_a(token.stem, UNEXPLAINED)
            or token.stem in self._lexicon.meanings
            or token.stem in self._event_stems
            or token.word in self._names
            or token.stem in self._names
            or (len(token.word) <= SHORT_NAME and token.word[:-1] in self._names)
            or not token.word.isalpha()
        )

    def corrected(self, message: Message) -> Message:
        """The message with its unknown words mended where there is a near and plausible one."""
        tokens: list[Token] = list(message.tokens)
        left = MOST_CORRECTIONS
        for at, token in enumerate(tokens):
            if left and 3 <= len(token.word) <= 24 and not self.knows(token):
                left -= 1
                word = self._nearest(token)
                if word:
                    _, folded, stem, classes = self._lexicon.word(word, word)
                    tokens[at] = replace(token, word=folded, stem=stem, classes=classes)
        return message if left == MOST_CORRECTIONS else replace(message, tokens=tuple(tokens))

    def _nearest(self, token: Token) -> str | None:
        word = token.word
        most = 0 if len(word) < 3 else 1 if len(word) < 7 else 2
        candidates = [
            other
            for length in range(len(word) - most, len(word) + most + 1)
            for other in self._by_length.get(length, ())
        ]
        best: tuple[float, str] | None = None
        for other, distance, _ in extract(word, candidates, scorer=OSA.distance, score_cutoff=most, limit=8):
            cost = self._cost(word, other, int(distance))
            if cost is not None and (best is None or cost < best[0]):
                best = cost, other
        return best[1] if best else None

    def _cost(self, word: str, other: str, distance: int) -> float | None:
        """How implausible the correction is, or None for one not to be made."""
        transposed = sorted(word) == sorted(other)
        replaced = len(word) == len(other) == 4 and word[:2] == other[:2] and other in self._cues
        if len(word) <= 4 and not transposed and not replaced and not _left_out(word, other):
            return None
        if distance == 2 and word[0] != other[0]:
            return None
        # Letters are left out more often than put in.
        return (
            distance
            + (0.5 if word[0] != other[0] else 0)
            - (0.3 if transposed else 0.2 if len(other) > len(word) else 0)
            - (0.1 if other in self._names else 0)
        )


def _left_out(word: str, other: str) -> bool:
    """Whether a letter of the middle was left out of a short word: ``ned`` for need."""
    return len(other) > len(word) and other[0] == word[0] and (len(word) == 4 or other[-1] == word[-1])

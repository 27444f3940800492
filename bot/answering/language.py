"""Letters and stems: what is the same word, whatever its accents, case and ending."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))
# Letters that NFKD leaves alone but that people without the keyboard write plainly.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case, without accents and with plain apostrophes."""
    word = word.translate(_APOSTROPHES).casefold()
    if word.isascii():
        return word
    spread = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).translate(_PLAIN)


class Stems:
    """Words to stems by one rule: a Snowball algorithm's name, or ``prefix:N`` where a language has none.

    ``folded:NAME`` takes the accents off first: one stem for a word, whether or not the phone had them. Words that are
    to stay ``whole`` are their own stems.
    """

    def __init__(self, rule: str, clitics: Sequence[str] = (), whole: Iterable[str] = ()) -> None:
        self._clitics = tuple(clitics)
        self._whole = frozenset(fold(word) for word in whole)
        self._known: dict[str, str] = {}
        name, _, length = rule.partition(":")
        self._folded = name == "folded"
        self._length = int(length) if name == "prefix" else None
        self._stemmer = None if name == "prefix" else Stemmer.Stemmer(length if self._folded else name)

    def of(self, word: str) -> str:
        """The folded stem of a word. The stemmer comes first where it wants the accents."""
        known = self._known.get(word)
        if known is None:
            lowered = fold(word) if self._folded else word.translate(_APOSTROPHES).casefold()
            if fold(word) in self._whole:
                return fold(word)
            known = fold(self._stemmer.stemWord(lowered) if self._stemmer else lowered[: self._length])
            if len(self._known) < 50_000:
                self._known[word] = known
        return known

    def of_text(self, text: str, contractions: Mapping[str, Sequence[str]] | None = None) -> list[str]:
        """The stems of a phrase in a lexicon or a knowledge file."""
        stems: list[str] = []
        for match in WORD.finditer(text.translate(_APOSTROPHES)):
            word = match.group()
            plain = fold(word).replace("'", "")
            if contractions and plain in contractions:
                stems += [self.of(part) for part in contractions[plain]]
            else:
                stems.append(self.of(without_clitic(word, self._clitics)))
        return stems


def without_clitic(word: str, clitics: Sequence[str]) -> str:
    """``Urban's`` is Urban where ``'s`` is a clitic, ``D'Hondt`` is DHondt."""
    lowered = word.translate(_APOSTROPHES)
    for clitic in clitics:
        if lowered.casefold().endswith(clitic) and len(lowered) > len(clitic) + 1:
            return lowered[: -len(clitic)].replace("'", "")
    return lowered.replace("'", "")

"""Which language a message is written in, where it is plainly another one than the reader's."""

from collections.abc import Collection
from itertools import islice

from bot.answering.language import WORD, fold
from bot.answering.lexicon import UNEXPLAINED, Lexicon, lexicon, lexicon_languages
from bot.answering.tokens import shortened
from bot.i18n.catalog import available_languages

MOST_WORDS = 60
PLAINLY = 2
"""So many times the words of one's own language must there be of the other one."""
COVERED = 2 / 3
"""So much of a message the other language must know: a third one has a few words in common with it by chance."""
SHORTEST = 2
SAID = ("question_word", "function", "courtesy")
"""Classes of words that tell a language even alone: where, is, thanks."""


def spoken_languages() -> tuple[str, ...]:
    """The languages that are both understood and spoken."""
    return tuple(each for each in lexicon_languages() if each in available_languages())


def plain_language(text: str, own: str, names: Collection[str]) -> str:
    """The language whose words a message is made of: another one than ``own`` only where there is no doubt.

    ``names`` are the words of the event's names, which belong to no language.
    """
    words = [fold(match.group()) for match in islice(WORD.finditer(shortened(text)), MOST_WORDS)]
    words = [word for word in dict.fromkeys(words) if word.isalpha() and word not in names]
    mine = {word for word in words if _knows(lexicon(own), word)}
    best, most = own, 0
    for language in spoken_languages():
        other = lexicon(language)
        known = [word for word in words if _knows(other, word)]
        theirs = [word for word in known if word not in mine]
        covers = len(known) >= COVERED * len(words)
        only_mine = sum(not _knows(other, word) for word in mine)
        if covers and len(theirs) > most and len(theirs) > PLAINLY * only_mine and _tell(theirs, other):
            best, most = language, len(theirs)
    return best


def _knows(words: Lexicon, word: str) -> bool:
    stem = words.stems.of(word)
    return stem in words.known or words.is_a(stem, UNEXPLAINED) or word in words.contractions


def _tell(found: list[str], words: Lexicon) -> bool:
    """Whether a word is among them that only the language itself has: no name and no loan."""
    return any(len(word) >= SHORTEST and words.is_a(words.stems.of(word), *SAID) for word in found)

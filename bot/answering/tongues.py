"""Which language a message is written in, where it is plainly another one than the reader's."""

from collections.abc import Collection
from itertools import islice

from bot.answering.language import WORD, fold
from bot.answering.lexicon import UNEXPLAINED, Lexicon, classes_alone, lexicon, lexicon_languages
from bot.answering.tokens import shortened
from bot.i18n.catalog import available_languages

MOST_WORDS = 60
PLAINLY = 2
"""So many times the words of one's own language must there be of the other one."""
COVERED = 2 / 3
"""So much of a message the other language must know: a third one has a few words in common with it by chance. Of which
one's own language knows more is not looked up in others."""
SHORTEST = 3
SAID = ("question_word", "function", "courtesy")
"""Classes of words that tell a language even alone: where, is, thanks."""


def spoken_languages() -> tuple[str, ...]:
    """The languages that are both understood and spoken."""
    return tuple(each for each in lexicon_languages() if each in available_languages())


def plain_language(text: str, own: str, names: Collection[str]) -> str:
    """The language whose words a message is made of: another one than ``own`` only where there is no doubt.

    ``names`` are the words of the event's names, which belong to no language. A language is read in whole only when a
    message has a word that tells it.
    """
    words = [fold(match.group()) for match in islice(WORD.finditer(shortened(text)), MOST_WORDS)]
    words = [word for word in dict.fromkeys(words) if word.isalpha() and word not in names]
    mine = {word for word in words if _knows(lexicon(own), word)}
    if len(mine) > COVERED * len(words):
        return own
    best, most = own, 0
    for language in spoken_languages():
        if not any(_tells(word, language) for word in words if word not in mine):
            continue
        other = lexicon(language)
        known = [word for word in words if _knows(other, word)]
        theirs = [word for word in known if word not in mine]
        covers = len(known) >= COVERED * len(words)
        only_mine = sum(not _knows(other, word) for word in mine)
        if covers and len(theirs) > most and len(theirs) > PLAINLY * only_mine:
            best, most = language, len(theirs)
    return best


def _knows(words: Lexicon, word: str) -> bool:
    stem = words.stems.of(word)
    return stem in words.known or words.is_a(stem, UNEXPLAINED) or word in words.contractions


def _tells(word: str, language: str) -> bool:
    """Whether it is a word that only the language itself has: no name and no loan."""
    stems, told = classes_alone(language, *SAID)
    return len(word) >= SHORTEST and stems.of(word) in told


def get_ready(own: str) -> None:
    """Reads by what words the languages besides one's own are told, rather than when the first message comes."""
    for language in spoken_languages():
        if language != own:
            classes_alone(language, *SAID)

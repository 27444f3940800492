"""A message as words: folded, contractions unfolded, typos mended, cut into sentences and their parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.answering.lexicon import Lexicon

# A question is short; of a long message the beginning and the end are read, which is where people ask.
LONGEST_TEXT = 1_200
MOST_TOKENS = 120
_PIECE = re.compile(r"(?<=\s)\+(?=\s)|#?\d+(?:[:.+/,–-]\d+)+|#?[^\W_]+(?:['’‘ʼ`´′][^\W_]+)*|[.?!;:,()\n…–—\"“”„&]")
_SENTENCE = frozenset(".?!;\n…:")


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """One word. ``classes`` are those of the lexicon that it stands in; ``at`` is its number in the message, ``start``
    where it begins in the text that was read."""

    text: str
    word: str
    stem: str
    classes: frozenset[str]
    at: int
    start: int

    def is_a(self, *names: str) -> bool:
        """Whether the word stands in one of the classes."""
        return not self.classes.isdisjoint(names)

    @property
    def is_number(self) -> bool:
        return self.word[:1].isdigit()


@dataclass(frozen=True, slots=True)
class Part:
    """A run of tokens between commas and conjunctions."""

    first: int
    last: int
    joined: bool
    """Whether a comma or a conjunction, rather than the end of a sentence, ties it to the part before."""


@dataclass(frozen=True)
class Message:
    """What was typed, as tokens and parts."""

    text: str
    tokens: tuple[Token, ...]
    parts: tuple[Part, ...]
    question_mark: bool

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset().union(*(token.classes for token in self.tokens))

    def has(self, *names: str) -> bool:
        """Whether any of its words stands in one of the classes."""
        return not self._classes.isdisjoint(names)


def shortened(text: str) -> str:
    """What is looked at of a message of any length."""
    text = text.replace("\0", " ")
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + "\n" + text[-LONGEST_TEXT // 2 :]


def read(question: str, lexicon: Lexicon) -> Message:
    """The tokens and parts of a message."""
    text = shortened(question)
    pieces = list(_PIECE.finditer(text))
    if len(pieces) > MOST_TOKENS:
        pieces = pieces[: MOST_TOKENS // 2] + pieces[-MOST_TOKENS // 2 :]
    tokens: list[Token] = []
    breaks: dict[int, str] = {}
    for piece in pieces:
        if not piece.group()[-1].isalnum():
            # Of several marks in a row the one that ends a sentence counts.
            held = breaks.get(len(tokens), "")
            breaks[len(tokens)] = held + piece.group()
        else:
            words = lexicon.words_in(piece.group().lstrip("#"))
            tokens += [Token(*word, at, piece.start()) for at, word in enumerate(words, len(tokens))]
    return Message(text, tuple(tokens), tuple(_parts(tokens, breaks)), "?" in text)


def _parts(tokens: Sequence[Token], breaks: dict[int, str]) -> list[Part]:
    parts: list[Part] = []
    first, joined = 0, False
    for at in range(len(tokens) + 1):
        mark = breaks.get(at, "")
        conjunction = at < len(tokens) and tokens[at].is_a("conjunction")
        if not (mark or conjunction or at == len(tokens)):
            continue
        if at > first:
            parts.append(Part(first, at, joined))
        joined = at > 0 and _SENTENCE.isdisjoint(mark)
        first = at + 1 if conjunction else at
    return parts


def joined(message: Message, named: frozenset[int]) -> Message:
    """The message with its parts put together where only two names were joined: "Ada and Grace"."""
    if not named or len(message.parts) == 1:
        return message
    parts: list[Part] = []
    for part in message.parts:
        before = parts[-1] if parts else None
        if before and part.joined and before.last - 1 in named and part.first in named:
            parts[-1] = replace(before, last=part.last)
        else:
            parts.append(part)
    return replace(message, parts=tuple(parts))

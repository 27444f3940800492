"""A message that asks several things, cut into the questions that it is made of."""

from collections.abc import Sequence
from itertools import pairwise

from bot.answering.lexicon import Lexicon
from bot.answering.tokens import Message, Part, read

MOST = 4


def segments(question: str, lexicon: Lexicon) -> list[Message]:
    """The single questions of a message; the whole message where it asks one thing.

    A new one begins where a sentence, or what a conjunction or a comma joins, begins the way questions do.
    """
    message = read(question, lexicon)
    starts = [part for number, part in enumerate(message.parts) if number == 0 or _begins(message, part)]
    if not 1 < len(starts) <= MOST or not _each_says_something(message, starts):
        return [message]
    offsets = [0, *(message.tokens[part.first].start for part in starts[1:]), len(message.text)]
    return [read(message.text[first:last].strip(), lexicon) for first, last in pairwise(offsets)]


def asking(messages: Sequence[Message]) -> Sequence[Message]:
    """Those that ask, where any does: "we are thirty people" before a question only tells of oneself."""
    return [message for message in messages if not _tells_of_oneself(message)] or messages


def _tells_of_oneself(message: Message) -> bool:
    words = [token for token in message.tokens if not token.is_a("courtesy")]
    return (
        len(words) > 2
        and not message.question_mark
        and words[0].is_a("oneself")
        and any(word.is_a("being") for word in words[:2])
        and not message.has("question_word")
    )


def _begins(message: Message, part: Part) -> bool:
    """Whether a part begins with a question word or a verb that asks, and is more than that word."""
    first = message.tokens[part.first]
    asks = first.is_a("question_word") or (first.is_a("yes_no") and part.last - part.first > 2)
    return asks and part.last - part.first > 1


def _each_says_something(message: Message, starts: Sequence[Part]) -> bool:
    """Whether every question but the first has words of its own; "when and where is it" is one."""
    ends = [*(part.first for part in starts[1:]), len(message.tokens)]
    return all(
        any(not token.is_a("function", "courtesy") for token in message.tokens[part.first : end])
        for part, end in zip(starts, ends, strict=True)
    )

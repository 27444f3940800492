"""What a question asks for, apart from how it is put."""

from bot.answering.language import fold
from bot.answering.lexicon import Lexicon
from bot.answering.tokens import read

SAYS_NOTHING = ("function", "courtesy", "framing")


def gist(question: str, lexicon: Lexicon) -> str:
    """The stems that carry meaning, and what is asked of them (where, when, who), in no order: two questions with the
    same gist ask the same. Never empty for a text that is not."""
    stems = {
        token.stem
        for token in read(question, lexicon).tokens
        if token.is_a("question_word") or not token.is_a(*SAYS_NOTHING)
    }
    return " ".join(sorted(stems)) or fold(question).strip()

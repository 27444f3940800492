"""What a message wants: its topics in the order asked, and the words that nothing explains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Mention
from bot.answering.moments import Moment
from bot.answering.tokens import Message, Part, Token
from bot.answering.topics import Hit, find_hits

SHORT_PART = 3
"""A part with so few words of content may name a topic instead of asking for it."""


@dataclass(frozen=True)
class Intents:
    """``facts`` and ``unheld`` are topics; ``talk`` is small talk; ``strange`` are words that neither the language's
    lexicon nor the event explains; ``content`` are the stems that carry meaning."""

    facts: tuple[str, ...]
    unheld: tuple[str, ...]
    talk: tuple[str, ...]
    strange: tuple[Token, ...]
    content: tuple[str, ...]
    asked: frozenset[str]
    """Facts that are asked for, rather than only named."""
    yes_no: bool
    premise: bool


def find_intents(message: Message, lexicon: Lexicon, mentions: Sequence[Mention], moments: Sequence[Moment]) -> Intents:
    """Reads the parts of a message one by one."""
    named = {at for mention in mentions for at in mention.positions}
    facts: dict[str, bool] = {}
    unheld: dict[str, None] = {}
    talk: dict[str, None] = {}
    used: set[int] = set(named) | {at for moment in moments for at in moment.positions}
    hits_of = [(part, find_hits(message, part, lexicon)) for part in message.parts]
    asks_somewhere = any(hit.strong and hit.group != "talk" for _, hits in hits_of for hit in hits)
    for part, hits in hits_of:
        kept = _kept(message, part, hits, lexicon, asks_somewhere, named)
        for hit in kept:
            used |= set(hit.positions)
            if hit.group == "talk":
                talk.setdefault(hit.topic)
            elif hit.group == "unheld":
                unheld.setdefault(hit.topic)
            else:
                facts[hit.topic] = facts.get(hit.topic, False) or hit.strong
        used |= {at for hit in hits for at in hit.positions}
    rest = [token for at, token in enumerate(message.tokens) if at not in used]
    return Intents(
        facts=tuple(facts),
        unheld=tuple(unheld),
        talk=tuple(talk),
        strange=tuple(token for token in rest if _is_strange(token, lexicon)),
        content=tuple(_content(message.tokens, lexicon)),
        asked=frozenset(topic for topic, strong in facts.items() if strong),
        yes_no=_is_yes_no(message, lexicon),
        premise=any(lexicon.is_in("premise", token.stem) for token in message.tokens),
    )


def _kept(
    message: Message, part: Part, hits: Sequence[Hit], lexicon: Lexicon, asks_somewhere: bool, named: set[int]
) -> list[Hit]:
    """The hits of one part that count. What is asked at every event outweighs what it stands beside ("where is the
    parking"); a topic that is only named counts where the part is short and nothing in it asks."""
    unheld = [hit for hit in hits if hit.group == "unheld"]
    facts = [hit for hit in hits if hit.group == "topics"]
    talk = [hit for hit in hits if hit.group == "talk"]
    if unheld:
        longest = max(len(hit.positions) for hit in unheld)
        facts = [hit for hit in facts if hit.strong and len(hit.positions) > longest + 1]
        return [*talk, *facts] if facts else [*talk, *unheld]
    strong = [hit for hit in facts if hit.strong]
    if strong:
        return [*talk, *strong]
    carried = [
        at
        for at in range(part.first, part.last)
        if at not in named and not _carries_nothing(message.tokens[at], lexicon)
    ]
    if facts and (not asks_somewhere or len(carried) <= SHORT_PART):
        return [*talk, *facts]
    return talk


def _carries_nothing(token: Token, lexicon: Lexicon) -> bool:
    return any(lexicon.is_in(name, token.stem) for name in ("function", "courtesy"))


def _is_strange(token: Token, lexicon: Lexicon) -> bool:
    return token.word.isalpha() and len(token.word) > 2 and token.stem not in lexicon.known


def _content(tokens: Iterable[Token], lexicon: Lexicon) -> list[str]:
    return [
        token.stem
        for token in tokens
        if not any(lexicon.is_in(name, token.stem) for name in ("function", "courtesy", "event"))
    ]


def _is_yes_no(message: Message, lexicon: Lexicon) -> bool:
    """A question without a question word, or that begins with a verb that wants a yes or a no."""
    for token in message.tokens:
        if lexicon.is_in("courtesy", token.stem) or lexicon.is_in("premise", token.stem):
            continue
        return lexicon.is_in("yes_no", token.stem) or not any(
            lexicon.is_in("question_word", each.stem) for each in message.tokens
        )
    return False

"""What a message wants: its topics in the order asked, and the words that nothing explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Mention
from bot.answering.moments import Moment
from bot.answering.tokens import Message, Part, Token
from bot.answering.topics import OUTWEIGHED, Hit, find_hits

KINDS_OF_TIME = frozenset({"end", "duration", "countdown", "status", "registration_times"})
"""Beside these a "when" is no question of its own."""
LONGEST_ADDRESS = 5
BARE = 3
"""A message of so few words may lean on the one before."""


@dataclass(frozen=True)
class Intents:
    """``facts`` and ``unheld`` are topics; ``talk`` is small talk; ``strange`` are words that neither the language's
    lexicon nor the event explains; ``rest`` are the words of content that stand beside the topics and names."""

    facts: tuple[str, ...]
    unheld: tuple[str, ...]
    talk: tuple[str, ...]
    strange: tuple[Token, ...]
    rest: tuple[Token, ...]
    asked: frozenset[str]
    """Facts that are asked for, rather than only named."""
    asking: frozenset[int]
    """The positions of the words that ask for them."""
    positions_of: Mapping[str, frozenset[int]]
    """Topic to the positions of the words that it was recognised by."""
    outweighed: frozenset[str]
    """Facts that were asked for beside something that is asked at every event: "is it free for children"."""
    numbers: tuple[Token, ...]
    """Numbers that are no times."""
    yes_no: bool
    """Whether a yes or a no would do: nothing in it asks for more."""
    polar: bool
    """Whether it begins the way such questions do."""
    premise: bool
    is_question: bool
    several: bool
    """Whether the message has more than one part that asks."""
    either: bool
    """Whether alternatives are offered: "today or tomorrow"."""
    refers_back: bool
    """Whether a pronoun or a bare "and when?" calls on what was spoken of before."""


def find_intents(
    message: Message,
    lexicon: Lexicon,
    mentions: Sequence[Mention],
    moments: Sequence[Moment],
    without: frozenset[str] = frozenset(),
) -> Intents:
    """Reads the parts of a message one by one."""
    named = {at for mention in mentions for at in mention.positions}
    timed = {at for moment in moments for at in moment.positions}
    names = _name_positions(message, mentions)
    hits_of = [find_hits(message, part, lexicon, names, without) for part in message.parts]
    asks_somewhere = any(hit.strong and hit.group != "talk" for hits in hits_of for hit in hits)
    kept_of = [
        _kept(message, part, hits, asks_somewhere, named) for part, hits in zip(message.parts, hits_of, strict=True)
    ]
    kept = [hit for hits in kept_of for hit in hits]
    dropped = [hit for hits in hits_of for hit in hits if hit not in kept]
    used = named | timed | {at for hit in (*kept, *dropped) for at in hit.positions}
    asking = _asking(hits_of, kept_of)
    return Intents(
        facts=_topics(kept, "topics"),
        unheld=_topics(kept, "unheld"),
        talk=_topics(kept, "talk"),
        strange=tuple(token for token in message.tokens if token.at not in used and _is_strange(token, lexicon)),
        rest=tuple(_rest(message, named | timed | asking)),
        asked=frozenset(hit.topic for hit in kept if hit.group == "topics" and hit.strong),
        asking=asking,
        outweighed=frozenset(_topics(dropped, "topics")),
        positions_of={**_positions(dropped), **_positions(kept)},
        numbers=tuple(token for token in message.tokens if token.at not in timed and _is_number(token, lexicon)),
        yes_no=_is_yes_no(message),
        polar=_is_polar(message),
        premise=message.has("premise") or _is_tagged(message),
        is_question=message.question_mark or message.has("asking"),
        several=sum(any(hit.group == "topics" for hit in hits) for hits in kept_of) > 1,
        # An "or" that a question begins with ("czy to dziś") offers nothing to choose from.
        either=any(token.is_a("either") for token in message.tokens[1:]),
        refers_back=message.has("pronoun_thing") or len(message.tokens) <= BARE,
    )


def _topics(hits: Sequence[Hit], group: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.topic for hit in hits if hit.group == group))


def _positions(hits: Sequence[Hit]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for hit in hits:
        found.setdefault(hit.topic, set()).update(hit.positions)
    return {topic: frozenset(positions) for topic, positions in found.items()}


def _asking(hits_of: Sequence[Sequence[Hit]], kept_of: Sequence[Sequence[Hit]]) -> frozenset[int]:
    """The positions of all words of a part that speak of what it asks, whether they ask for it or only name it."""
    asking: set[int] = set()
    for hits, kept in zip(hits_of, kept_of, strict=True):
        topics = {hit.topic for hit in kept if hit.group == "topics"}
        asking.update(*(hit.positions for hit in hits if hit.topic in topics))
    return frozenset(asking)


def _name_positions(message: Message, mentions: Sequence[Mention]) -> dict[int, bool]:
    """The positions of names, True where one begins; of "Ada and Grace" only the first counts as a word."""
    names: dict[int, bool] = {}
    for mention in mentions:
        if mention.is_opaque:
            names.update({at: at == mention.positions[0] for at in mention.positions})
    for at in sorted(names):
        if names.get(at - 2) is not None and message.tokens[at - 1].is_a("conjunction"):
            names[at - 1] = names[at] = False
    return names


def _rest(message: Message, explained: set[int]) -> list[Token]:
    return [
        token
        for at, token in enumerate(message.tokens)
        if at not in explained and token.word.isalpha() and not token.is_a("function", "courtesy", "event")
    ]


def _is_number(token: Token, lexicon: Lexicon) -> bool:
    return token.is_number or token.word in lexicon.table("numbers")


def _kept(message: Message, part: Part, hits: Sequence[Hit], asks_somewhere: bool, named: set[int]) -> list[Hit]:
    """The hits of one part that count. What is asked at every event outweighs what it stands beside ("where is the
    parking"); a topic that is only named counts where nothing asks, or in an enumeration."""
    talk = [hit for hit in hits if hit.group == "talk"]
    if _is_address(message, part):
        return talk
    unheld = [hit for hit in hits if hit.group == "unheld"]
    facts = [hit for hit in hits if hit.group == "topics"]
    strong = _main(message, [hit for hit in facts if hit.strong])
    most = max((hit.telling for hit in unheld if hit.strong), default=0)
    strong = [hit for hit in strong if not most or hit.telling > most + OUTWEIGHED]
    if strong:
        return [*talk, *strong]
    if unheld:
        return [*talk, *unheld]
    if not facts or (asks_somewhere and _carries_more(message, part, facts, named)):
        return talk
    return [*talk, *facts]


def _carries_more(message: Message, part: Part, facts: Sequence[Hit], named: set[int]) -> bool:
    """Whether a part holds words of content beside names and what it speaks of."""
    explained = named | {at for hit in facts for at in hit.positions}
    return any(
        token.at not in explained and not token.is_a("function", "courtesy", "framing")
        for token in message.tokens[part.first : part.last]
    )


def _main(message: Message, strong: Sequence[Hit]) -> list[Hit]:
    """One clause asks one thing: the most telling hit, and another only where it has a question word of its own."""
    if not strong:
        return []
    best = max(strong, key=lambda hit: hit.weight)
    return [
        hit
        for hit in strong
        if hit is best
        or (
            any(message.tokens[at].is_a("question_word") for at in hit.positions)
            and not (hit.topic == "time" and best.topic in KINDS_OF_TIME)
        )
    ]


def _is_address(message: Message, part: Part) -> bool:
    """``Dear organisers,`` asks for nothing."""
    tokens = message.tokens[part.first : part.last]
    return (
        len(message.parts) > 1
        and len(tokens) <= LONGEST_ADDRESS
        and tokens[0].is_a("vocative")
        and not any(token.is_a("question_word") for token in tokens)
    )


def _is_strange(token: Token, lexicon: Lexicon) -> bool:
    return token.word.isalpha() and len(token.word) > 2 and token.stem not in lexicon.known


def _is_tagged(message: Message) -> bool:
    """``…, no?`` at the end asks for a claim to be confirmed."""
    return len(message.tokens) > BARE and message.question_mark and message.tokens[-1].is_a("tag")


def _is_yes_no(message: Message) -> bool:
    """A question that begins with a verb that wants a yes or a no, or a statement to be confirmed."""
    first = _first(message)
    if first is None:
        return False
    return first.is_a("yes_no") or not message.has("question_word")


def _is_polar(message: Message) -> bool:
    first = _first(message)
    return first is not None and first.is_a("yes_no")


def _first(message: Message) -> Token | None:
    """The first word that is neither a courtesy nor a "so"."""
    for token in message.tokens:
        if not (token.is_a("courtesy") or token.is_a("premise")):
            return token
    return None

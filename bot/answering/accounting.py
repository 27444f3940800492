"""Whether every word of a question is accounted for: by what is asked, by a name, or by what is told.

A word that nothing explains asks for something else than what is known. Then that is said, and nothing is guessed.
"""

from collections.abc import Sequence

from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.retrieval import Retrieval
from bot.answering.statements import Statement
from bot.answering.tokens import Part, Token

CLAIMED = frozenset(
    {"place", "room", "organiser", "partner", "audience", "affiliation", "series", "website", "hashtag"}
)
"""Facts that are told to whoever takes something else for granted."""


class Accounting:
    """Finds the words that nothing explains."""

    def __init__(self, facts: Facts, retrieval: Retrieval, finder: Finder, lexicon: Lexicon) -> None:
        self._facts = facts
        self._retrieval = retrieval
        self._finder = finder
        self._lexicon = lexicon

    def strange(self, reading: Reading) -> list[Token]:
        return [
            token
            for token in reading.message.tokens
            if (token in reading.intents.strange or self._explains_nothing(token, reading))
            and not self._retrieval.knows(token.stem)
            and not self._finder.knows(token.stem)
        ]

    def _explains_nothing(self, token: Token, reading: Reading) -> bool:
        if token not in reading.subject.wanted or len(token.word) < 3:
            return False
        return token.stem not in self._lexicon.explaining

    def claimed(self, reading: Reading) -> frozenset[str]:
        """The topics of which a claim is corrected by the fact itself; the hour where one is claimed."""
        return CLAIMED | {"time", "end"} if reading.moments else CLAIMED

    def unaccounted(self, reading: Reading, told: Sequence[Statement]) -> list[Token]:
        """The words that neither what is asked nor what is told explains: they ask for some one thing of the event."""
        intents = reading.intents
        topics = {statement.topic for statement in told} | set(intents.facts)
        claims = (intents.polar or intents.premise) and not reading.message.has("existence", "comparing")
        if "audience" in topics or (claims and topics <= self.claimed(reading) | {"about"}):
            return []
        fields = [statement.text for statement in told if statement.topic in CLAIMED]
        said = {stem for text in fields for stem in self._lexicon.stems.of_text(text)}
        sources = {"venue", *(source for statement in told for source in statement.sources)}
        unheld = {at for topic in intents.unheld for at in intents.positions_of[topic]}
        # "The GoSmart session": a term that was passed over only describes the event.
        describing = {at for mention in reading.of(Kind.TERM) for at in mention.positions}
        return [
            each
            for each in reading.subject.wanted
            if each.at not in unheld
            and each.word[:1].isalpha()
            and each.at not in describing
            and each.stem not in said
            and not any(each.stem in self._lexicon.words_of_topics.get(topic, ()) for topic in topics)
            and not any(self._finder.holds(source, each.stem) for source in sources)
            and self.belongs_to_the_question(each, reading)
        ]

    def somebody_else(self, reading: Reading) -> bool:
        """``When does Bill Gates speak``: words beside the time that nothing explains are a name."""
        intents = reading.intents
        on_stage = reading.message.has("speaking")
        beside = [token for token in intents.rest if not token.is_a("framing", "speaking")]
        return on_stage and bool(beside) and set(intents.asked) == {"time"} and not reading.of(Kind.SESSION)

    def only_named(self, reading: Reading) -> bool:
        """``Is there a stage in the room?`` names the room but asks for something else."""
        intents = reading.intents
        return (
            intents.polar
            and bool(intents.facts)
            and not intents.asked
            and not reading.moments
            and any(not token.is_a("framing") for token in intents.rest)
        )

    def belongs_to_the_question(self, token: Token, reading: Reading) -> bool:
        """Whether the word is part of what is asked for, rather than of a greeting or of a tale about oneself."""
        tokens = reading.message.tokens
        at = token.at
        if not reading.asks_beside(token):
            return False
        if self._is_object(at, tokens):
            return True
        part = next(each for each in reading.message.parts if each.first <= at < each.last)
        return not self._speaks_of_the_event(part, tokens)

    def _is_object(self, at: int, tokens: Sequence[Token]) -> bool:
        """``Where is the projector`` asks for one; ``I come from the ministry`` tells of oneself."""
        if not at or not tokens[at - 1].is_a("noun_before", "attaching", "person_question"):
            return False
        return not any(each.is_a("oneself") for each in tokens[max(0, at - 8) : at])

    def _speaks_of_the_event(self, part: Part, tokens: Sequence[Token]) -> bool:
        return any(token.is_a("event") or token.is_a("event_pronoun") for token in tokens[part.first : part.last])

    def unknown(self, reading: Reading) -> Statement:
        """What was not understood is named where something was asked; an order to the bot is not repeated."""
        if not reading.intents.is_question:
            return self._facts.unheld_words("")
        strange = [token.text for token in self.strange(reading)]
        return self._facts.unheld_words(", ".join(dict.fromkeys(strange[:4])))

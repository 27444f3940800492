"""Answers from prose: the organiser's own question and answer, or the one sentence that holds what was asked."""

from collections.abc import Sequence

from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.retrieval import ENOUGH, Match, Retrieval
from bot.answering.statements import Statement
from bot.answering.tokens import Token

SAME_FAQ = 0.62
"""So much of two questions' weight must be shared for them to be the same."""
IDENTICAL = 0.97
SURELY_SAME_FAQ = 0.8
"""So much where something else would answer too."""
IN_PROSE = frozenset(
    {"about", "agenda", "closing", "meaning", "status", "talk_title", "after", "registration", "who", "speakers"}
)
"""Topics that the organiser's own question and answer may tell better than a field."""
CONFIRMED = frozenset({"about", "end", "speakers", "agenda", "closing", "meaning", "talk_title"})
"""Topics whose words also stand in questions about the content: "does it end with a panel", "do they speak of …"."""


class ProseReplies:
    """Finds what lives in sentences rather than in fields."""

    def __init__(self, facts: Facts, retrieval: Retrieval, finder: Finder, lexicon: Lexicon) -> None:
        self._facts = facts
        self._retrieval = retrieval
        self._finder = finder
        self._lexicon = lexicon

    def own_words(self, reading: Reading) -> Statement | None:
        """The organiser's answer to this very question, or the sentence that a yes/no question repeats."""
        return self._same_question(reading) or self._confirmed(reading)

    def about(self, reading: Reading) -> list[Statement]:
        """The sentence that holds nearly all that was asked, where nothing else answers."""
        if reading.intents.talk or not reading.intents.is_question:
            return []
        match = self._retrieval.sentence(stems := self._content(reading))
        return [self._passage(match, "about")] if match and match.coverage >= ENOUGH and len(stems) > 1 else []

    def within(self, source: str, reading: Reading) -> list[Statement]:
        """The sentence of one entity's prose."""
        match = self._retrieval.sentence(_stems_of_content(reading), within=source)
        return [self._passage(match, "meaning")] if match and match.coverage >= ENOUGH else []

    def on_subject(self, reading: Reading) -> Statement | None:
        """To "what does it say about industry": the sentence on it, where the words beside the topic name one."""
        stems = [
            token.stem for token in reading.intents.rest if reading.asks_beside(token) and not token.is_a("framing")
        ]
        if not stems or not all(self._retrieval.knows(stem) for stem in stems):
            return None
        for within in ("event.", "sessions.", None):
            match = self._retrieval.sentence(stems, within)
            if match and match.coverage >= ENOUGH:
                return self._passage(match, "about")
        return None

    def of_a_part(self, reading: Reading) -> Statement | None:
        """The organiser's answer to one part of the message."""
        for part in reading.message.parts:
            asked = self._telling(reading.message.tokens[part.first : part.last])
            match = self._retrieval.faq(asked) if len(asked) > 1 else None
            if match and match.coverage >= SURELY_SAME_FAQ:
                return self._passage(match, "faq")
        return None

    def closing(self) -> Statement | None:
        """The sentence that tells how it ends."""
        stems = sorted(self._lexicon.classes.get("closing", ()))
        found = [self._retrieval.sentence([stem], within) for within in ("sessions.", "event.") for stem in stems]
        return next((self._passage(match, "closing") for match in found if match), None)

    def _same_question(self, reading: Reading) -> Statement | None:
        asked = self._asked(reading)
        terms = reading.of(Kind.TERM, Kind.PLACE)
        named = frozenset(reading.message.tokens[at].stem for mention in terms for at in mention.positions)
        match = self._retrieval.faq(asked, named)
        if match is None or match.coverage < SAME_FAQ:
            return None
        intents = reading.intents
        if match.coverage >= IDENTICAL and len(asked) > 1:
            return self._passage(match, "faq")
        if not all(self._finder.holds(match.passage.source, token.stem) for token in reading.subject.wanted):
            return None
        free = not intents.facts and not intents.unheld
        sure = match.coverage >= SURELY_SAME_FAQ and len(asked) > 1 and set(intents.facts) <= IN_PROSE
        return self._passage(match, "faq") if free or sure else None

    def _confirmed(self, reading: Reading) -> Statement | None:
        intents = reading.intents
        if not intents.polar or reading.moments or not set(intents.facts) <= CONFIRMED or intents.unheld:
            return None
        if reading.of(Kind.SPEAKER, Kind.CONTACT, Kind.STRANGER):
            return None
        stems = self._content(reading)
        if len(stems) < 2 or any(self._lexicon.is_a(stem, "question_word") for stem in stems):
            return None
        match = self._retrieval.sentence(stems)
        return self._passage(match, "about") if match and match.coverage >= 0.99 else None

    def _content(self, reading: Reading) -> list[str]:
        """The stems of content; a word of the framing counts where the event's prose has it too."""
        return [
            stem
            for stem in _stems_of_content(reading)
            if not self._lexicon.is_a(stem, "framing") or self._retrieval.knows(stem)
        ]

    def _asked(self, reading: Reading) -> list[str]:
        return self._telling(reading.message.tokens)

    def _telling(self, tokens: Sequence[Token]) -> list[str]:
        return [
            token.stem for token in tokens if token.is_a("telling") or not token.is_a("function", "courtesy", "event")
        ]

    def _passage(self, match: Match, topic: str) -> Statement:
        return Statement(topic, self._facts.say.cut(match.passage.text), (match.passage.source,))


def _stems_of_content(reading: Reading) -> list[str]:
    return [token.stem for token in reading.message.tokens if not token.is_a("function", "courtesy", "event")]

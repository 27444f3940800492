"""Answers to what goes on with the place or the answer that was told last: "and where is that?", "and students?"."""

from bot.answering.finding import Finder
from bot.answering.found_replies import FoundReplies
from bot.answering.reading import Reading
from bot.answering.statements import Statement

TOLD_OF = ("places.", "faq.", "registration.", "event.price")
BARE_QUESTIONS = frozenset({"time", "place", "meaning", "about", "who"})
"""What may be asked with no word that names a thing."""
PLAIN = (
    *("function", "framing", "courtesy", "conjunction", "place_question", "time_question", "opening"),
    *("money_wanted", "number_wanted"),
)
"""Classes of words that name no thing."""
SHORT = 5
BRIEF = 2


class ResumedReplies:
    """Tells once more what was told before, where it holds what is asked now."""

    def __init__(self, found: FoundReplies, finder: Finder) -> None:
        self._found = found
        self._finder = finder

    def about(self, reading: Reading) -> Statement | None:
        """The text that was told before; None where it does not answer, or where something else is asked."""
        entity = self._entity(reading)
        return self._found.told(entity) if entity and self._found.answers(entity, (), reading) else None

    def goes_on(self, reading: Reading) -> bool:
        """Whether the message asks for nothing but more of what was told."""
        return self._entity(reading) is not None

    def _entity(self, reading: Reading) -> str | None:
        """What was told of last, where the message goes on with it."""
        entity = reading.conversation.entity or ""
        if not entity.startswith(TOLD_OF) or len(reading.message.tokens) > SHORT or not self._found.is_known(entity):
            return None
        if reading.mentions or reading.moments:
            return None
        return entity if self._adds_words(entity, reading) or self._asks_barely(entity, reading) else None

    def _adds_words(self, entity: str, reading: Reading) -> bool:
        """``And students?`` after the price: the same text holds that, too."""
        tokens = reading.message.tokens
        if not tokens or not tokens[0].is_a("resuming") or reading.intents.asked - {"about", "meaning"}:
            return False
        added = [token for token in tokens[1:] if not token.is_a("function", "courtesy", "conjunction")]
        return bool(added) and all(self._finder.holds(entity, each.stem) for each in added)

    def _asks_barely(self, entity: str, reading: Reading) -> bool:
        """``And where is that?`` after a place, "at what time?" after an answer of the organiser's."""
        tokens, asked = reading.message.tokens, set(reading.intents.facts)
        points = reading.message.has("pronoun_thing")
        bare = sum(not token.is_a("conjunction") for token in tokens) == 1
        if not (points or bare if entity.startswith("places.") else not points):
            return False
        costs = "price" in asked and (points or len(tokens) <= BRIEF)
        asks = asked & BARE_QUESTIONS or costs or reading.message.has("opening")
        return bool(asks) and all(token.is_a(*PLAIN) for token in tokens)

"""Answers in the organiser's own words: what was written of a thing that is asked at every event, or of any other."""

from collections.abc import Sequence

from bot.answering.accounting import CLAIMED, Accounting
from bot.answering.facts import Facts
from bot.answering.finding import LABEL, Finder
from bot.answering.found_replies import FoundReplies
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.statements import Statement
from bot.answering.tokens import Token
from bot.knowledge.event import Event

OF_TALKS = frozenset({"speakers", "agenda", "about", "talk_title"})
"""Topics that the very word "talk" may look like."""


class WrittenReplies:
    """Decides whether the organiser wrote of what is asked, and finds it."""

    def __init__(self, event: Event, facts: Facts, found: FoundReplies, accounting: Accounting, finder: Finder) -> None:
        self._event = event
        self._facts = facts
        self._found = found
        self._accounting = accounting
        self._finder = finder

    def about(self, reading: Reading) -> list[Statement]:
        """What the organiser wrote of something that is asked at every event, or of what no session is called."""
        intents = reading.intents
        asked = intents.asked - (OF_TALKS if reading.subject.sessions else frozenset())
        if intents.unheld and not asked and not reading.of(Kind.SPEAKER, Kind.CONTACT):
            told = {topic: self._found.on_topic(topic, reading) for topic in intents.unheld}
            known = [statement for statement in told.values() if statement]
            if known:
                sources = [source for statement in known for source in statement.sources]
                unknown = [
                    topic for topic, each in told.items() if each is None and not self._covered(topic, sources, reading)
                ]
                return [*known, *(self._facts.unheld(topic) for topic in unknown)]
        in_charge = reading.message.has("in_charge")
        comes_from = reading.message.has("coming_from")
        if self._asks_for_somebody(reading) and (in_charge or comes_from) and not reading.of(Kind.SPEAKER):
            tasks = [each for each in reading.subject.wanted if not each.is_a("in_charge", "titles")]
            people = self._found.people(tasks, only_roles=True)
            if people:
                return people
            if in_charge and not reading.subject.exact and not reading.message.has("treating", "session_noun"):
                return self.grounded(reading) or [self._accounting.unknown(reading)] if reading.subject.sessions else []
        return self.grounded(reading) if self._is_written(reading) else []

    def _covered(self, topic: str, sources: Sequence[str], reading: Reading) -> bool:
        """Whether what is told holds the words for something else as well."""
        words = [reading.message.tokens[at].stem for at in reading.intents.positions_of[topic]]
        return any(all(self._finder.holds(source, stem) for stem in words) for source in sources)

    def _asks_for_somebody(self, reading: Reading) -> bool:
        names = ("person_question", "somebody")
        return reading.message.has(*names)

    def _is_written(self, reading: Reading) -> bool:
        """Whether the organiser wrote of what is asked, and nothing in the question speaks of a session."""
        subject = reading.subject
        named = reading.of(Kind.ROOM, Kind.SPEAKER)
        if not subject.sessions or subject.exact or not subject.wanted or named:
            return False
        if self._asks_for_somebody(reading):
            near = max(
                (each.least for each in self._finder.find(_stems(reading.subject.wanted), ("sessions.",))), default=0
            )
            return near < LABEL and bool(self._found.people(reading.subject.wanted, only_roles=True))
        unheld = {
            reading.message.tokens[at] for topic in reading.intents.unheld for at in reading.intents.positions_of[topic]
        }
        names = ("session_noun", "listing")
        if self._is_only_written(subject.wanted):
            return bool(self.grounded(reading))
        if all(token in unheld for token in reading.subject.words):
            return not reading.message.has("session_noun") and (bool(self.grounded(reading)))
        return not reading.message.has(*names) and (
            self._found.named(reading.subject.wanted) and bool(self.grounded(reading))
        )

    def _is_only_written(self, wanted: Sequence[Token]) -> bool:
        """Whether the very words stand in what the organiser wrote and in no session."""
        held = [self._finder.directly(each.stem) for each in wanted]
        return all(held) and not any(source.startswith("sessions.") for sources in held for source in sources)

    def grounded(self, reading: Reading) -> list[Statement]:
        """What the organiser wrote about all that was asked, where no field answers it."""
        wanted = reading.subject.wanted
        claims = reading.intents.polar or reading.intents.premise
        if "place" in reading.intents.asked and all(self._finder.holds("venue", each.stem) for each in wanted):
            return []
        if (claims and reading.intents.asked & CLAIMED) or not self._beside_known(reading):
            return []
        if not wanted or not (reading.intents.is_question or reading.intents.unheld or len(wanted) < 4):
            return []
        if self._asks_for_somebody(reading):
            people = self._found.people(wanted)
            if people:
                return people
        found = self._found.on(wanted, reading)
        if found:
            return [found]
        # "The treasurer's name": a role names somebody as well.
        bare = not reading.intents.unheld and not reading.mentions and len(self._event.sessions) > 1
        return self._found.people(wanted, only_roles=True) if bare else []

    def beside_names(self, reading: Reading) -> list[Token]:
        """The words beside the names of things that something has to hold."""
        named = {at for mention in reading.of(Kind.TERM, Kind.ORGANISER, Kind.PARTNER) for at in mention.positions}
        return [token for token in reading.subject.wanted if token.at not in named]

    def _beside_known(self, reading: Reading) -> bool:
        """Whether a field is not asked for with the name of an organisation or a term beside it."""
        asked = reading.intents.asked - {"meaning", "about", "who"}
        hours = reading.of(Kind.TERM) and asked <= {"time", "end", "price"}
        return not asked or bool(hours) or bool(self.beside_names(reading))


def _stems(tokens: Sequence[Token]) -> list[str]:
    return [token.stem for token in tokens]

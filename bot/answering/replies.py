"""Reading to statements: which facts answer what was asked, and what has to be said not to be known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.accounting import CLAIMED, Accounting
from bot.answering.event_replies import EventReplies
from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.found_replies import FoundReplies, TopicsOf
from bot.answering.intents import Intents
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind, Mention
from bot.answering.people_replies import PeopleReplies
from bot.answering.prose_replies import ProseReplies
from bot.answering.reading import Reading
from bot.answering.resumed_replies import ResumedReplies
from bot.answering.retrieval import Retrieval
from bot.answering.session_replies import SessionReplies
from bot.answering.statements import Situation, Statement
from bot.answering.thing_replies import ThingReplies
from bot.answering.written_replies import WrittenReplies
from bot.knowledge.event import Event

ROOM_ITSELF = frozenset({"place", "room", "seats", "speaker_count"})
"""What is asked of a room rather than of what is on in it."""
POLITE = frozenset({"greeting", "thanks"})
MOST_UNKNOWN = 3
MOST_LINES = 5
Step = Callable[[Reading, Situation], list[Statement]]
"""Says what it knows of a message, or nothing."""


class Replies:
    """Chooses among the facts."""

    def __init__(
        self, event: Event, facts: Facts, retrieval: Retrieval, finder: Finder, lexicon: Lexicon, topics_of: TopicsOf
    ) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._finder = finder
        self._accounting = Accounting(facts, retrieval, finder, lexicon)
        self._found = FoundReplies(event, facts, finder, lexicon, topics_of)
        self._written = WrittenReplies(event, facts, self._found, self._accounting, finder)
        self._resumed = ResumedReplies(self._found, finder)
        self._sessions = SessionReplies(event, facts, finder, lexicon)
        self._prose = ProseReplies(facts, retrieval, finder, lexicon)
        self._people = PeopleReplies(event, facts, finder, lexicon)
        self._things = ThingReplies(event, facts, self._prose, self._found, finder, lexicon)
        self._whole = EventReplies(event, facts, self._prose, lexicon)
        self._steps: tuple[Step, ...] = (
            self._of_what_was_told,
            self._in_own_words,
            self._of_day,
            self._of_what_was_written,
            self._of_sessions,
            self._of_people,
            self._of_rooms,
            self._not_in_programme,
            self._of_things,
            self._of_what_is_claimed,
            self._of_what_is_not_held,
            self._of_the_event,
        )

    def to(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What to say. Small talk only where nothing else was said; never nothing at all."""
        statements = self._about_the_event(reading, situation)
        talk = [topic for topic in reading.intents.talk if self._say.label(f"talk.{topic}")]
        if statements:
            return in_order(statements)
        if talk and not (talk[0] in POLITE and self._accounting.strange(reading)):
            return [self._small(f"talk.{talk[-1] if talk[0] in POLITE else talk[0]}")]
        if not reading.message.tokens:
            return [self._small("talk.emoji" if reading.message.text.strip(" ?!.…") else "empty")]
        return [self._accounting.unknown(reading)]

    def offer_to_pass_on(self) -> str:
        contact = self._event.contact
        return self._say("pass_on", name=contact.name) if contact else self._say("pass_on_nobody")

    def _small(self, key: str) -> Statement:
        # What tries to make the bot say something is turned down, not answered.
        return Statement("small talk", self._say(key), known=key != "talk.injection")

    def _about_the_event(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What the first step says that has anything to say: from the particular to the event as a whole."""
        for tell in self._steps:
            statements = tell(reading, situation)
            if statements:
                return statements
        return []

    def _of_what_was_told(self, reading: Reading, situation: Situation) -> list[Statement]:
        if not self._resumed.goes_on(reading):
            return []
        return [self._resumed.about(reading) or self._accounting.unknown(reading)]

    def _in_own_words(self, reading: Reading, situation: Situation) -> list[Statement]:
        """The organiser's answer to the very question, which has to say how long or how much where that is asked."""
        told = self._prose.own_words(reading)
        source = told.sources[0] if told else ""
        measured = source.startswith("faq.") and self._found.wants_measure(reading)
        return [told] if told and (not measured or self._found.answers(source, (), reading)) else []

    def _of_what_is_claimed(self, reading: Reading, situation: Situation) -> list[Statement]:
        claimed = self._taken_for_granted(reading)
        return self._whole.about(replace(reading, intents=claimed), situation) if claimed else []

    def _of_what_is_not_held(self, reading: Reading, situation: Situation) -> list[Statement]:
        """That the file does not hold it, where nothing else was asked or what was asked is none of the event's."""
        unheld = self._unheld(reading)
        if reading.intents.unheld and not reading.intents.facts:
            return unheld
        if self._accounting.somebody_else(reading):
            return [self._facts.not_listed()]
        if self._accounting.only_named(reading):
            return unheld or [self._accounting.unknown(reading)]
        return []

    def _of_the_event(self, reading: Reading, situation: Situation) -> list[Statement]:
        """The event's own fields, where every word of the question is accounted for."""
        unheld = self._unheld(reading)
        if self._accounting.strange(reading):
            return [*unheld, *self._with_strangers(reading, situation)]
        facts = self._whole.about(reading, situation)
        unaccounted = self._accounting.unaccounted(reading, facts)
        if unaccounted:
            return [*unheld, self._facts.unheld_words(", ".join(each.text for each in unaccounted[:4]))]
        return [*unheld, *facts] if facts else unheld or self._prose.about(reading)

    def _taken_for_granted(self, reading: Reading) -> Intents | None:
        """``The venue is the museum, right?``: what is claimed of a fact is corrected by it, whatever is claimed."""
        intents = reading.intents
        claimed = intents.outweighed & (CLAIMED | {"after"})
        if not intents.premise or not intents.unheld or intents.facts or not claimed:
            return None
        first = min(at for topic in intents.unheld for at in intents.positions_of[topic])
        told = tuple(topic for topic in sorted(claimed) if max(intents.positions_of[topic]) < first)
        return replace(intents, facts=told, asked=frozenset(told)) if told else None

    def _of_day(self, reading: Reading, situation: Situation) -> list[Statement]:
        return self._whole.programme.of_day(reading, situation) if len(self._event.sessions) > 1 else []

    def _not_in_programme(self, reading: Reading, situation: Situation) -> list[Statement]:
        """``Is there a talk on blockchain?``: a session was asked for by a word that nothing in the file holds."""
        if len(self._event.sessions) == 1 or reading.intents.unheld:
            return []
        strangers = [
            each for each in reading.subject.wanted if each.word.isalpha() and not self._finder.knows(each.stem)
        ]
        sought = reading.message.has("session_noun", "listing")
        return (
            [self._facts.unheld_words(", ".join(each.text for each in strangers[:4]))] if strangers and sought else []
        )

    def _of_what_was_written(self, reading: Reading, situation: Situation) -> list[Statement]:
        return self._written.about(reading)

    def _of_sessions(self, reading: Reading, situation: Situation) -> list[Statement]:
        if reading.intents.unheld and not reading.subject.exact and self._people.pointed_at(reading):
            return []
        sessions = self._sessions.about(reading, situation)
        return [*self._unheld(reading), *sessions] if sessions else []

    def _of_people(self, reading: Reading, situation: Situation) -> list[Statement]:
        return self._people.about(reading, situation)

    def _of_rooms(self, reading: Reading, situation: Situation) -> list[Statement]:
        rooms = self._in_rooms(reading, situation)
        known = all(statement.known for statement in rooms)
        return [*([] if known else self._unheld(reading)), *rooms]

    def _of_things(self, reading: Reading, situation: Situation) -> list[Statement]:
        """A named thing, or what the organiser wrote about all that was asked."""
        things = self._things.about(reading)
        if reading.of(Kind.PLACE) and things:
            return things
        if things and all(statement.known for statement in things) and not self._written.beside_names(reading):
            return [*self._unheld(reading), *things]
        return self._written.grounded(reading) or (
            self._of_named(reading, things, self._unheld(reading)) if things else []
        )

    def _in_rooms(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What a named room is, or what is on in it."""
        rooms = reading.of(Kind.ROOM)
        if not rooms or len(self._event.sessions) == 1:
            return []
        opens = reading.message.has("opening")
        if opens or reading.subject.wanted or (self._asks_of_the_room(rooms[0], reading) and not reading.moments):
            return self._things.room(rooms[0].ids[0], reading)
        return self._whole.programme.in_rooms(reading, situation)

    def _asks_of_the_room(self, room: Mention, reading: Reading) -> bool:
        """``What is the Dome`` asks for the room, "what is in the Dome" for its programme."""
        before = reading.message.tokens[: min(room.positions, default=0)]
        inside = bool(before) and before[-1].is_a("locating")
        return bool(reading.intents.asked & (ROOM_ITSELF if inside else ROOM_ITSELF | {"meaning"}))

    def _of_named(self, reading: Reading, things: list[Statement], unheld: list[Statement]) -> list[Statement]:
        """What is known of a named thing, unless words beside the name ask for something that it does not hold."""
        source = next((each for thing in things for each in thing.sources), "")
        beside = [token for token in self._written.beside_names(reading) if not self._finder.holds(source, token.stem)]
        terms = reading.of(Kind.TERM)
        if beside and terms and all(statement.known for statement in things):
            return [self._facts.unheld_detail(terms[0].ids[0])]
        return [*unheld, *things]

    def _unheld(self, reading: Reading) -> list[Statement]:
        """What is asked at every event and this file does not hold, unless the session that is meant is about it."""
        return [
            self._facts.unheld(topic) for topic in reading.intents.unheld if not self._sessions.holds(topic, reading)
        ][:MOST_UNKNOWN]

    def _with_strangers(self, reading: Reading, situation: Situation) -> list[Statement]:
        """Words that neither the language nor the event knows are evidence that something else was asked."""
        intents = reading.intents
        strange = self._accounting.strange(reading)
        on_stage = reading.message.has("speaking")
        if ({"speakers", "who"} & set(intents.facts) and intents.polar) or (on_stage and "time" in intents.facts):
            return [self._facts.not_listed()]
        claimed = self._accounting.claimed(reading)
        says = reading.message.has("yes_no")
        claims = says or intents.premise or reading.message.question_mark
        if (
            claims
            and not reading.message.has("existence", "comparing")
            and intents.yes_no
            and set(intents.facts) & claimed
            and set(intents.facts) <= claimed | {"meaning", "about"}
        ):
            return self._whole.about(reading, situation)
        if intents.facts and not any(self._accounting.belongs_to_the_question(token, reading) for token in strange):
            return self._whole.about(reading, situation)
        return [self._accounting.unknown(reading)]


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """What is known first; the same line only once, and no more than a phone's screen of them."""
    known = [statement for statement in statements if statement.known]
    unknown = [statement for statement in statements if not statement.known]
    return list({statement.text: statement for statement in [*known, *unknown]}.values())[:MOST_LINES]

"""Reading to statements: which facts answer what was asked, and what has to be said not to be known."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.event_replies import EventReplies
from bot.answering.facts import Facts
from bot.answering.finding import LABEL, Finder
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
from bot.answering.tokens import Part, Token
from bot.knowledge.event import Event

CLAIMED = frozenset(
    {"place", "room", "organiser", "partner", "audience", "affiliation", "series", "website", "hashtag"}
)
"""Facts that are told to whoever takes something else for granted."""
ROOM_ITSELF = frozenset({"place", "room", "seats", "speaker_count"})
"""What is asked of a room rather than of what is on in it."""
POLITE = frozenset({"greeting", "thanks"})
MEASURED = frozenset({"end", "duration", "price", "seats", "countdown"})
OF_TALKS = frozenset({"speakers", "agenda", "about", "talk_title"})
"""Topics that the very word "talk" may look like."""
MOST_UNKNOWN = 3
MOST_LINES = 5


class Replies:
    """Chooses among the facts."""

    def __init__(
        self, event: Event, facts: Facts, retrieval: Retrieval, finder: Finder, lexicon: Lexicon, topics_of: TopicsOf
    ) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._retrieval = retrieval
        self._lexicon = lexicon
        self._finder = finder
        self._found = FoundReplies(event, facts, finder, lexicon, topics_of)
        self._resumed = ResumedReplies(self._found, finder)
        self._sessions = SessionReplies(event, facts, finder, lexicon)
        self._prose = ProseReplies(facts, retrieval, finder, lexicon)
        self._people = PeopleReplies(event, facts, finder, lexicon)
        self._things = ThingReplies(event, facts, self._prose, finder, lexicon)
        self._whole = EventReplies(event, facts, self._prose, lexicon)

    def to(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What to say. Small talk only where nothing else was said; never nothing at all."""
        statements = self._about_the_event(reading, situation)
        talk = [topic for topic in reading.intents.talk if self._say.label(f"talk.{topic}")]
        if statements:
            return in_order(statements)
        if talk and not (talk[0] in POLITE and self._strange(reading)):
            return [self._small(f"talk.{talk[-1] if talk[0] in POLITE else talk[0]}")]
        if not reading.message.tokens:
            return [self._small("talk.emoji" if reading.message.text.strip(" ?!.…") else "empty")]
        return [self._unknown(reading)]

    def offer_to_pass_on(self) -> str:
        contact = self._event.contact
        return self._say("pass_on", name=contact.name) if contact else self._say("pass_on_nobody")

    def _small(self, key: str) -> Statement:
        # What tries to make the bot say something is turned down, not answered.
        return Statement("small talk", self._say(key), known=key != "talk.injection")

    def _about_the_event(self, reading: Reading, situation: Situation) -> list[Statement]:
        """The organiser's own words where they were asked for, then people, things and the event's fields."""
        intents = reading.intents
        resumed = self._of_what_was_told(reading)
        if resumed:
            return resumed
        own_words = self._prose.own_words(reading)
        if own_words is not None and self._is_measure_held(own_words, reading):
            return [own_words]
        for tell in (
            self._of_day,
            self._written,
            self._of_sessions,
            self._of_people,
            self._of_rooms,
            self._not_in_programme,
            self._of_things,
        ):
            statements = tell(reading, situation)
            if statements:
                return statements
        claimed = self._taken_for_granted(reading)
        if claimed:
            return self._whole.about(replace(reading, intents=claimed), situation)
        unheld = self._unheld(reading)
        if intents.unheld and not intents.facts:
            return unheld
        if self._somebody_else(reading):
            return [self._facts.not_listed()]
        if self._only_named(reading):
            return unheld or [self._unknown(reading)]
        if self._strange(reading):
            return [*unheld, *self._with_strangers(reading, situation)]
        facts = self._whole.about(reading, situation)
        unaccounted = self._unaccounted(reading, facts)
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

    def _is_measure_held(self, statement: Statement, reading: Reading) -> bool:
        """Whether the organiser's answer says how long or how much, where that is asked."""
        source = statement.sources[0]
        return (
            not self._found.wants_measure(reading)
            or not source.startswith("faq.")
            or self._found.answers(source, (), reading)
        )

    def _of_what_was_told(self, reading: Reading) -> list[Statement]:
        if not self._resumed.goes_on(reading):
            return []
        return [self._resumed.about(reading) or self._unknown(reading)]

    def _of_day(self, reading: Reading, situation: Situation) -> list[Statement]:
        return self._whole.programme.of_day(reading, situation) if len(self._event.sessions) > 1 else []

    def _not_in_programme(self, reading: Reading, situation: Situation) -> list[Statement]:
        """``Is there a talk on blockchain?``: a session was asked for by a word that nothing in the file holds."""
        if len(self._event.sessions) == 1 or reading.intents.unheld:
            return []
        strangers = [
            each for each in reading.subject.wanted if each.word.isalpha() and not self._finder.knows(each.stem)
        ]
        names = ("session_noun", "listing")
        sought = reading.message.has(*names)
        return (
            [self._facts.unheld_words(", ".join(each.text for each in strangers[:4]))] if strangers and sought else []
        )

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
        if reading.of(Kind.PLACE) and self._is_the_contact(reading):
            return [self._facts.contact_detail()]
        if reading.of(Kind.PLACE) and not self._is_told_of_place(reading, things):
            name = next(each.name for each in self._event.places if each.id == reading.of(Kind.PLACE)[0].ids[0])
            return [self._facts.unheld_detail(self._say.of(name))]
        if reading.of(Kind.PLACE) and things:
            return things
        if things and all(statement.known for statement in things) and not self._beside_names(reading):
            return [*self._unheld(reading), *things]
        return self._grounded(reading) or (self._of_named(reading, things, self._unheld(reading)) if things else [])

    def _is_the_contact(self, reading: Reading) -> bool:
        """``The info desk's number``: the place where the contact sits."""
        contact = self._event.contact
        if contact is None or contact.role is None or not reading.intents.asked & {"contact_detail", "contact"}:
            return False
        role = {
            stem
            for text in contact.role.variants
            for stem in self._lexicon.stems.of_text(text, self._lexicon.contractions)
        }
        at = reading.of(Kind.PLACE)[0].positions
        return {reading.message.tokens[each].stem for each in at} <= role

    def _is_told_of_place(self, reading: Reading, things: list[Statement]) -> bool:
        """Whether a place's description holds what is asked of it: a price, an hour."""
        opens = reading.message.has("opening")
        facts = {*reading.intents.facts, *reading.intents.outweighed}
        who = reading.message.has("person_question")
        if not things or not (opens or who or facts & MEASURED):
            return True
        if facts & {"duration", "countdown"}:
            return False
        source = f"places.{reading.of(Kind.PLACE)[0].ids[0]}"
        return self._found.answers(source, (), reading) and (not opens or self._found.holds_clock(source))

    def _written(self, reading: Reading, situation: Situation) -> list[Statement]:
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
                return self._grounded(reading) or [self._unknown(reading)] if reading.subject.sessions else []
        return self._grounded(reading) if self._is_written(reading) else []

    def _covered(self, topic: str, sources: Sequence[str], reading: Reading) -> bool:
        """Whether what is told holds the words for something else as well."""
        words = [reading.message.tokens[at].stem for at in reading.intents.positions_of[topic]]
        return any(all(self._finder.holds(source, stem) for stem in words) for source in sources)

    def _asks_for_somebody(self, reading: Reading) -> bool:
        names = ("person_question", "somebody")
        return reading.message.has(*names)

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
            return bool(self._grounded(reading))
        if all(token in unheld for token in reading.subject.words):
            return not reading.message.has("session_noun") and (bool(self._grounded(reading)))
        return not reading.message.has(*names) and (
            self._found.named(reading.subject.wanted) and bool(self._grounded(reading))
        )

    def _is_only_written(self, wanted: Sequence[Token]) -> bool:
        """Whether the very words stand in what the organiser wrote and in no session."""
        held = [self._finder.directly(each.stem) for each in wanted]
        return all(held) and not any(source.startswith("sessions.") for sources in held for source in sources)

    def _of_named(self, reading: Reading, things: list[Statement], unheld: list[Statement]) -> list[Statement]:
        """What is known of a named thing, unless words beside the name ask for something that it does not hold."""
        source = next((each for thing in things for each in thing.sources), "")
        beside = [token for token in self._beside_names(reading) if not self._finder.holds(source, token.stem)]
        terms = reading.of(Kind.TERM)
        if beside and terms and all(statement.known for statement in things):
            return [self._facts.unheld_detail(terms[0].ids[0])]
        return [*unheld, *things]

    def _beside_names(self, reading: Reading) -> list[Token]:
        """The words beside the names of things that something has to hold."""
        named = {at for mention in reading.of(Kind.TERM, Kind.ORGANISER, Kind.PARTNER) for at in mention.positions}
        return [token for token in reading.subject.wanted if token.at not in named]

    def _beside_known(self, reading: Reading) -> bool:
        """Whether a field is not asked for with the name of an organisation or a term beside it."""
        asked = reading.intents.asked - {"meaning", "about", "who"}
        hours = reading.of(Kind.TERM) and asked <= {"time", "end", "price"}
        return not asked or bool(hours) or bool(self._beside_names(reading))

    def _unheld(self, reading: Reading) -> list[Statement]:
        """What is asked at every event and this file does not hold, unless the session that is meant is about it."""
        return [
            self._facts.unheld(topic) for topic in reading.intents.unheld if not self._sessions.holds(topic, reading)
        ][:MOST_UNKNOWN]

    def _grounded(self, reading: Reading) -> list[Statement]:
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

    # -- words that nothing explains --------------------------------------------------------------------------------

    def _somebody_else(self, reading: Reading) -> bool:
        """``When does Bill Gates speak``: words beside the time that nothing explains are a name."""
        intents = reading.intents
        on_stage = reading.message.has("speaking")
        beside = [token for token in intents.rest if not token.is_a("framing", "speaking")]
        return on_stage and bool(beside) and set(intents.asked) == {"time"} and not reading.of(Kind.SESSION)

    def _only_named(self, reading: Reading) -> bool:
        """``Is there a stage in the room?`` names the room but asks for something else."""
        intents = reading.intents
        return (
            intents.polar
            and bool(intents.facts)
            and not intents.asked
            and not reading.moments
            and any(not token.is_a("framing") for token in intents.rest)
        )

    def _unaccounted(self, reading: Reading, told: Sequence[Statement]) -> list[Token]:
        """The words that neither what is asked nor what is told explains: they ask for some one thing of the event."""
        intents = reading.intents
        topics = {statement.topic for statement in told} | set(intents.facts)
        claims = (intents.polar or intents.premise) and not reading.message.has("existence")
        if "audience" in topics or (claims and topics <= CLAIMED | {"about"}):
            return []
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
            and not any(each.stem in self._lexicon.words_of_topics.get(topic, ()) for topic in topics)
            and not any(self._finder.holds(source, each.stem) for source in sources)
            and self._belongs_to_the_question(each, reading)
        ]

    def _strange(self, reading: Reading) -> list[Token]:
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

    def _with_strangers(self, reading: Reading, situation: Situation) -> list[Statement]:
        """Words that neither the language nor the event knows are evidence that something else was asked."""
        intents = reading.intents
        strange = self._strange(reading)
        on_stage = reading.message.has("speaking")
        if ({"speakers", "who"} & set(intents.facts) and intents.polar) or (on_stage and "time" in intents.facts):
            return [self._facts.not_listed()]
        says = reading.message.has("yes_no")
        claims = says or intents.premise or reading.message.question_mark
        if (
            claims
            and not reading.message.has("existence")
            and intents.yes_no
            and set(intents.facts) & CLAIMED
            and set(intents.facts) <= CLAIMED | {"meaning", "about"}
        ):
            return self._whole.about(reading, situation)
        if intents.facts and not any(self._belongs_to_the_question(token, reading) for token in strange):
            return self._whole.about(reading, situation)
        return [self._unknown(reading)]

    def _belongs_to_the_question(self, token: Token, reading: Reading) -> bool:
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
        if not at or not tokens[at - 1].is_a("noun_before", "attaching"):
            return False
        return not any(each.is_a("oneself") for each in tokens[max(0, at - 8) : at])

    def _speaks_of_the_event(self, part: Part, tokens: Sequence[Token]) -> bool:
        return any(token.is_a("event") or token.is_a("event_pronoun") for token in tokens[part.first : part.last])

    def _unknown(self, reading: Reading) -> Statement:
        """What was not understood is named where something was asked; an order to the bot is not repeated."""
        if not reading.intents.is_question:
            return self._facts.unheld_words("")
        strange = [token.text for token in self._strange(reading)]
        return self._facts.unheld_words(", ".join(dict.fromkeys(strange[:4])))


def _stems(tokens: Sequence[Token]) -> list[str]:
    return [token.stem for token in tokens]


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """What is known first; the same line only once, and no more than a phone's screen of them."""
    known = [statement for statement in statements if statement.known]
    unknown = [statement for statement in statements if not statement.known]
    return list({statement.text: statement for statement in [*known, *unknown]}.values())[:MOST_LINES]

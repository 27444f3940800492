"""Answers about things that have a name: terms, places, organisations and the contact."""

from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.found_replies import CLOCK, DIGIT, FoundReplies
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind, Mention
from bot.answering.prose_replies import ProseReplies
from bot.answering.reading import Reading
from bot.answering.statements import Statement
from bot.knowledge.event import Event

ABOUT_A_THING = frozenset({"meaning", "who", "about"})
"""What one asks of a term or a place and its explanation answers."""
OF_A_CONTACT = ABOUT_A_THING | {"contact", "contact_detail", "organiser", "speakers"}
MEASURED = frozenset({"end", "duration", "price", "seats", "countdown"})
MOST_TERMS = 3


class ThingReplies:
    """The named things of one event, and what was asked of them."""

    def __init__(
        self, event: Event, facts: Facts, prose: ProseReplies, found: FoundReplies, finder: Finder, lexicon: Lexicon
    ) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._prose = prose
        self._found = found
        self._finder = finder
        self._lexicon = lexicon

    def about(self, reading: Reading) -> list[Statement]:
        """What to say of the first named thing; nothing where none is, or where it only describes the event."""
        asked = set(reading.intents.asked)
        for mention in reading.of(Kind.CONTACT):
            return [self._contact(mention, reading, asked)]
        for mention in reading.of(Kind.TERM):
            return self._term(mention, reading, asked)
        for mention in reading.of(Kind.PLACE):
            return [self._place_or_contact(mention, reading, asked)]
        organisations = reading.of(Kind.ORGANISER, Kind.PARTNER)
        if organisations and (reading.intents.unheld or self._asks_who_comes_from(organisations[0], reading)):
            at = organisations[0].positions
            return [self._facts.unheld_detail(" ".join(reading.message.tokens[each].text for each in at))]
        if organisations and not asked - ABOUT_A_THING - {"partner", "organiser", "speakers", "affiliation"}:
            return [self._facts.event_field("partner" if organisations[0].kind is Kind.PARTNER else "organiser")]
        return []

    def _asks_who_comes_from(self, mention: Mention, reading: Reading) -> bool:
        """``Who from the ministry comes``: the file names the organisation, not its people."""
        tokens = reading.message.tokens
        before = tokens[: mention.positions[0]]
        asked = next((token.at for token in before if token.is_a("person_question")), None)
        return asked is not None and any(token.is_a("coming_from", "belonging_to") for token in before[asked:])

    def _contact(self, mention: Mention, reading: Reading, asked: set[str]) -> Statement:
        name = self._event.contact.name if self._event.contact else mention.ids[0]
        if reading.intents.premise and not reading.intents.unheld:
            return self._facts.contact()
        if asked - OF_A_CONTACT or reading.intents.unheld or reading.intents.strange:
            return self._facts.unheld_detail(name)
        return self._facts.contact_detail() if "contact_detail" in asked else self._facts.contact()

    def _term(self, mention: Mention, reading: Reading, asked: set[str]) -> list[Statement]:
        described = self._describes_event(mention, reading)
        if reading.intents.polar:
            asked = asked | set(reading.intents.facts)
        roles = asked & {"organiser", "partner"}
        if asked - ABOUT_A_THING or reading.intents.unheld:
            # "who organises the GoSmart session": the term only describes the event.
            only_describes = described or (roles and self._speaks_of_the_event(reading))
            return [] if only_describes else [self._facts.unheld_detail(mention.ids[0])]
        if described and not asked:
            return []
        if reading.message.has("person_question") and reading.message.has("in_charge"):
            return [self._facts.unheld_detail(mention.ids[0])]
        if reading.intents.strange:
            return self._prose.within(f"glossary.{mention.ids[0]}", reading) or [
                self._facts.unheld_detail(mention.ids[0])
            ]
        terms = dict.fromkeys(each.ids[0] for each in reading.of(Kind.TERM))
        return [self._facts.meaning(term) for term in list(terms)[:MOST_TERMS]]

    def _describes_event(self, mention: Mention, reading: Reading) -> bool:
        after = mention.positions[-1] + 1
        tokens = reading.message.tokens
        return after < len(tokens) and tokens[after].is_a("event")

    def _speaks_of_the_event(self, reading: Reading) -> bool:
        return reading.message.has("event", "event_pronoun")

    def _place_or_contact(self, mention: Mention, reading: Reading, asked: set[str]) -> Statement:
        if self._is_the_contact(reading):
            return self._facts.contact_detail()
        if not self._is_told_of_place(reading):
            return self._facts.unheld_detail(self._name_of(mention.ids[0]))
        return self._place(mention, reading, asked)

    def _name_of(self, place: str) -> str:
        return self._say.of(next(each.name for each in self._event.places if each.id == place))

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

    def _is_told_of_place(self, reading: Reading) -> bool:
        """Whether a place's description holds what is asked of it: a price, an hour."""
        opens = reading.message.has("opening")
        facts = {*reading.intents.facts, *reading.intents.outweighed}
        who = reading.message.has("person_question")
        if not (opens or who or facts & MEASURED):
            return True
        if facts & {"duration", "countdown"}:
            return False
        source = f"places.{reading.of(Kind.PLACE)[0].ids[0]}"
        return self._found.answers(source, (), reading) and (not opens or self._found.holds_clock(source))

    def _place(self, mention: Mention, reading: Reading, asked: set[str]) -> Statement:
        id, source = mention.ids[0], f"places.{mention.ids[0]}"
        beside = [*reading.subject.wanted, *(reading.message.tokens[at] for at in self._unheld_at(reading))]
        stems = [token.stem for token in beside if not token.is_a("function")]
        described = self._facts.described_place(id)
        if not described.known or not all(self._is_held(stem, source, described.text) for stem in stems):
            return self._facts.unheld_detail(self._name_of(id))
        if "place" in asked and not asked & {"after", "agenda", "time"} and not self._tells_where(described):
            return self._facts.way_to_place(id)
        return described

    def room(self, name: str, reading: Reading) -> list[Statement]:
        """What the file says of a room: the place of the same name, or in which house it is."""
        place = next((each for each in self._event.places if name in each.name.variants), None) or next(
            (each for each in self._event.places if each.description and name in each.description.default), None
        )
        if place is None:
            asks_where = reading.intents.asked & {"place", "room"}
            session = next(each for each in self._event.sessions if each.room and name in each.room.variants)
            plain = asks_where and not reading.subject.wanted
            return [self._facts.place([session]) if plain else self._facts.unheld_detail(name)]
        described = self._facts.described_place(place.id)
        held = all(self._is_held(each.stem, f"places.{place.id}", described.text) for each in reading.subject.wanted)
        opens = reading.message.has("opening")
        held = held and (not opens or bool(CLOCK.search(described.text)))
        held = held and ("seats" not in reading.intents.facts or bool(DIGIT.search(described.text)))
        return [described if held else self._facts.unheld_detail(name)]

    def _is_held(self, stem: str, source: str, text: str) -> bool:
        if self._lexicon.is_a(stem, "opening"):
            return bool(CLOCK.search(text))
        if self._lexicon.is_a(stem, "holding"):
            return bool(DIGIT.search(text))
        return self._finder.holds(source, stem)

    def _unheld_at(self, reading: Reading) -> list[int]:
        return sorted({at for topic in reading.intents.unheld for at in reading.intents.positions_of[topic]})

    def _tells_where(self, statement: Statement) -> bool:
        stems = self._lexicon.stems.of_text(statement.text)
        return any(self._lexicon.is_a(stem, "locating") for stem in stems)

"""Answers found by their words in what the organiser wrote: FAQ, places, terms, prices, people's roles.

Everything that was asked has to stand in the one thing that is told, and the text has to hold what was asked for:
a number for "how many", a time for "when", somebody for "who". Where it does not, the file does not know.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from bot.answering.facts import Facts
from bot.answering.finding import LABEL, SENTENCE, TITLE, Finder, Found
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.statements import Statement
from bot.answering.tokens import Token
from bot.knowledge.event import Event

WRITTEN = ("faq.", "places.", "glossary.", "event.", "registration.", SENTENCE)
PEOPLE = ("speakers.",)
MOST_PEOPLE = 4
CHECKED = frozenset({"price", "time", "end", "place"})
"""Topics for which a text has to hold a sum, an hour or a place."""
OF_CONTENT = frozenset(
    {"about", "meaning", "agenda", "talk_title", "closing", "after", "price", "registration", "audience"}
)
TopicsOf = Callable[[str], Collection[str]]
"""Which things asked at every event a wording asks for."""
ASKING_WORDS = ("function", "question_word", "courtesy", "measured", "money_wanted", "number_wanted", "session_noun")
DIGIT = re.compile(r"\b\d")
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\d{1,2} ?(am|pm|h)\b", re.IGNORECASE)
MONEY = re.compile(r"[£€$]")


class FoundReplies:
    """Finds what holds all the words."""

    def __init__(self, event: Event, facts: Facts, finder: Finder, lexicon: Lexicon, topics_of: TopicsOf) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._finder = finder
        self._lexicon = lexicon
        people = [speaker.name for speaker in event.speakers] + ([event.contact.name] if event.contact else [])
        self._names = frozenset(word for name in people for word in lexicon.words_of(name) if len(word) > 2)
        self._topics: Mapping[str, frozenset[str]] = {
            f"faq.{entry.id}": frozenset(
                topic for question in entry.questions for wording in question.variants for topic in topics_of(wording)
            )
            for entry in event.faq
        }

    def on(self, wanted: Sequence[Token], reading: Reading) -> Statement | None:
        """What the organiser wrote about all of these words."""
        stems = [token.stem for token in wanted]
        asked = self._question_words(reading)
        unheld = frozenset(reading.intents.unheld)
        beside = self._beside(wanted, reading)
        for found in self._ranked(self._finder.find(stems, WRITTEN), asked, unheld):
            if (
                self._is_near(found, stems, unheld, bool(reading.intents.asked - CHECKED))
                and all(self._finder.holds(found.source, each.stem) for each in beside)
                and self._holds_places(found.source, reading)
                and not self._is_in_passing(found.source, stems, reading)
                and self.answers(found.source, stems, reading)
            ):
                return self.told(found.source)
        return None

    def _beside(self, wanted: Sequence[Token], reading: Reading) -> list[Token]:
        """The plain words of what is asked at every event ("watch from home"), and whose it is: all must be told."""
        at = {each for topic in reading.intents.unheld for each in reading.intents.positions_of[topic]}
        tokens = [reading.message.tokens[each] for each in at | self._people_beside(reading)]
        return [each for each in tokens if each not in wanted and not each.is_a(*ASKING_WORDS)]

    def _is_in_passing(self, source: str, stems: Sequence[str], reading: Reading) -> bool:
        """``How do I become a partner``: one word of a sentence on the event's content answers no other question."""
        in_prose = source.startswith((SENTENCE, "registration.", "event."))
        return in_prose and len(stems) == 1 and bool(set(reading.intents.facts) - OF_CONTENT)

    def _holds_places(self, source: str, reading: Reading) -> bool:
        """``The password of the info desk``: the place that is named has to be told of as well."""
        tokens = reading.message.tokens
        return all(
            source.removeprefix("places.") in mention.ids
            or any(self._finder.holds(source, tokens[at].stem) for at in mention.positions)
            for mention in reading.of(Kind.PLACE)
        )

    def named(self, wanted: Sequence[Token]) -> bool:
        """Whether a question or a name that the organiser wrote holds all of these words."""
        found = self._finder.find([token.stem for token in wanted], WRITTEN)
        return any(each.least == TITLE for each in found)

    def _is_near(self, found: Found, stems: Sequence[str], unheld: frozenset[str], asked: bool) -> bool:
        """One word of a long text says little; of a question it has to be half of what that asks."""
        alone = bool(stems) and not asked and all(self._is_only_here(stem, found.source) for stem in stems)
        if found.source.startswith("glossary."):
            return found.nearest > 0 or len(stems) > 1 or (alone and not unheld)
        if not found.source.startswith("faq.") or alone:
            return True
        topics = self._topics[found.source]
        if topics & unheld:
            return True
        if topics and unheld:
            return False
        wordings = [set(self._content(wording)) for wording in self._wordings(found.source)]
        held = [
            sum(any(each == stem or each in self._lexicon.standing_for(stem) for stem in stems) for each in wording)
            / (len(wording) or 1)
            for wording in wordings
        ]
        return max(held) >= (0.5 if len(stems) == 1 else 0.3)

    def _is_only_here(self, stem: str, source: str) -> bool:
        """Whether no other text of the organiser's holds the word."""
        return [each for each in self._finder.directly(stem) if each.startswith(WRITTEN)] == [source]

    def _content(self, wording: str) -> list[str]:
        stems = self._lexicon.stems.of_text(wording, self._lexicon.contractions)
        return [stem for stem in stems if not self._lexicon.is_a(stem, "function", "event", "courtesy", "treating")]

    def on_topic(self, topic: str, reading: Reading) -> Statement | None:
        """What the organiser wrote of a thing that is asked at every event, where the rest of the question fits too."""
        tokens = reading.message.tokens
        own = reading.intents.positions_of[topic]
        others = self._in_other_parts(topic, reading)
        words = [token.stem for token in reading.subject.wanted if token.at in own]
        beside = [token for token in reading.subject.wanted if token.at not in own | others]
        beside += [reading.message.tokens[at] for at in self._people_beside(reading) - own]
        fitting = [
            source
            for source, topics in self._topics.items()
            if topic in topics
            and all(self._is_held(token, source, reading) for token in beside)
            and self._covers(source, words)
            and self._holds_places(source, reading)
            and self.answers(source, words, reading)
        ]
        held = {source: sum(self._finder.holds(source, stem) for stem in words) for source in fitting}
        best = max(fitting, key=lambda source: (held[source], self._shared(source, tokens)), default=None)
        return self.told(best) if best and held[best] else None

    def _people_beside(self, reading: Reading) -> set[int]:
        """``Where do the speakers sleep``: whose it is has to be told as well."""
        intents = reading.intents
        if intents.polar or "speakers" not in intents.outweighed:
            return set()
        asked = intents.positions_of["speakers"]
        return {at for at in asked if reading.message.tokens[at].is_a("person_noun")}

    def _shared(self, source: str, tokens: Sequence[Token]) -> int:
        """How many words the question has in common with the wording that is nearest."""
        stems = {token.stem for token in tokens}
        return max(len(stems & set(self._lexicon.stems.of_text(wording))) for wording in self._wordings(source))

    def _in_other_parts(self, topic: str, reading: Reading) -> set[int]:
        """The positions of other such things, where a comma or an "and" stands between."""
        own = reading.intents.positions_of[topic]
        here = {
            at
            for part in reading.message.parts
            if own & {*range(part.first, part.last)}
            for at in range(part.first, part.last)
        }
        return {at for each in reading.intents.unheld for at in reading.intents.positions_of[each] if at not in here}

    def _is_held(self, token: Token, source: str, reading: Reading) -> bool:
        """Whether the text holds a word, or the sessions that the question is about do."""
        sessions = [f"sessions.{id}" for id in reading.subject.sessions]
        beside_session = bool(sessions) and all(self._finder.holds(each, token.stem) for each in sessions)
        return beside_session or self._finder.holds(source, token.stem)

    def _covers(self, source: str, stems: Sequence[str]) -> bool:
        """A special thing (a sandwich) is not covered by a text on its kind (food) that does not name it."""
        special = [stem for stem in stems if self._lexicon.is_special(stem)]
        return all(self._finder.holds(source, stem) for stem in special)

    def people(self, wanted: Sequence[Token], only_roles: bool = False) -> list[Statement]:
        """``Who is the vicar``, ``who is from Red Hat``: whose role or organisation the words are."""
        found = self._finder.find([token.stem for token in wanted], PEOPLE)
        near = [each for each in found if each.least >= LABEL]
        if only_roles:
            found = []
        near = near or found
        ids = [each.source.removeprefix("speakers.") for each in near[:MOST_PEOPLE]]
        return [self._facts.who(self._event.speakers_by_id[id]) for id in ids]

    def _ranked(self, found: Sequence[Found], asked: Collection[str], unheld: frozenset[str]) -> list[Found]:
        """Those first whose own question asks for the same thing, and in the same way."""

        def order(each: Found) -> tuple[bool, bool, bool, int]:
            same = bool(self._topics.get(each.source, frozenset()) & unheld)
            in_passing = each.source.startswith(("glossary.", "event.", "registration.")) and each.nearest == 0
            return not same, not self._asks_alike(each.source, asked), in_passing, -each.score

        return sorted(found, key=order)

    def _question_words(self, reading: Reading) -> frozenset[str]:
        """Those that say what kind of answer is wanted."""
        return frozenset(token.stem for token in reading.message.tokens if self._is_question_word(token.stem))

    def _is_question_word(self, stem: str) -> bool:
        return self._lexicon.is_a(stem, "question_word") and not self._lexicon.is_a(stem, "what")

    def _asks_alike(self, source: str, asked: Collection[str]) -> bool:
        if not source.startswith("faq."):
            return False
        return any(
            stem in asked
            for wording in self._wordings(source)
            for stem in self._lexicon.stems.of_text(wording)
            if self._is_question_word(stem)
        )

    def _wordings(self, source: str) -> list[str]:
        entry = next(each for each in self._event.faq if f"faq.{each.id}" == source)
        return [wording for question in entry.questions for wording in question.variants]

    # -- whether the text holds what was asked for -----------------------------------------------------------------

    def answers(self, source: str, stems: Sequence[str], reading: Reading) -> bool:
        """Whether the text holds what is asked for, besides the words."""
        asked = self._question_words(reading)
        text = self._text(source)
        words = self._lexicon.words_of(text)
        facts = {*reading.intents.facts, *reading.intents.outweighed}
        if (reading.message.has("money_wanted") or "price" in facts) and not self._holds_money(text):
            return False
        if (reading.message.has("number_wanted") or self._wants_length(reading)) and not self._holds_number(
            text, words
        ):
            return False
        if asked and self._asks_alike(source, asked):
            return True
        if reading.message.has("time_question") or facts & {"time", "end"}:
            return self._holds_time(text, words) and self._says(text, stems)
        if reading.message.has("person_question") and not self._holds_person(words, text):
            return False
        return not reading.message.has("place_question") or self.tells_where(text)

    def _wants_length(self, reading: Reading) -> bool:
        """``How long``: nothing but a number tells it."""
        tokens = reading.message.tokens
        measured = any(one.is_a("measuring") and two.is_a("length_wanted") for one, two in pairwise(tokens))
        return measured or "duration" in {*reading.intents.facts, *reading.intents.outweighed}

    def wants_measure(self, reading: Reading) -> bool:
        """Whether it is asked how long or how much."""
        return self._wants_length(reading) or "price" in {*reading.intents.facts, *reading.intents.outweighed}

    def _says(self, text: str, stems: Sequence[str]) -> bool:
        """Whether the words stand in the text itself, not only in the question before it."""
        held = set(self._lexicon.stems.of_text(text, self._lexicon.contractions))
        return all(stem in held or held & self._lexicon.standing_for(stem) for stem in stems)

    def _holds_money(self, text: str) -> bool:
        return bool(MONEY.search(text)) or any(
            self._lexicon.is_a(self._lexicon.stems.of(word), "money") for word in self._lexicon.words_of(text)
        )

    def _holds_number(self, text: str, words: Sequence[str]) -> bool:
        return bool(DIGIT.search(text)) or any(self._lexicon.table("numbers").get(word, 1) > 1 for word in words)

    def _holds_time(self, text: str, words: Sequence[str]) -> bool:
        tables = [self._lexicon.table(name) for name in ("weekdays", "dayparts", "hours", "months")]
        return bool(CLOCK.search(text)) or any(word in table for word in words for table in tables)

    def _holds_person(self, words: Sequence[str], text: str) -> bool:
        """A name, or people without one: "people in purple vests"."""
        stems = self._lexicon.stems.of_text(text)
        return not self._names.isdisjoint(words) or any(self._lexicon.is_a(stem, "somebody") for stem in stems)

    def tells_where(self, text: str) -> bool:
        stems = self._lexicon.stems
        return any(self._lexicon.is_a(stems.of(word), "locating") for word in self._lexicon.words_of(text))

    # -- telling -----------------------------------------------------------------------------------------------------

    def _text(self, source: str) -> str:
        return self.told(source).text

    def holds_clock(self, source: str) -> bool:
        return bool(CLOCK.search(self._text(source)))

    def is_known(self, source: str) -> bool:
        """Whether the file still has what was told of before."""
        head, _, id = source.partition(".")
        if head == "registration":
            return self._event.registration.note is not None
        if head == "event":
            return self._event.price is not None
        return any(each.id == id for each in (self._event.places if head == "places" else self._event.faq))

    def told(self, source: str) -> Statement:
        """What stands at the path of a thing or a sentence."""
        if source in self._finder.sentences:
            path = source.removeprefix(SENTENCE).partition("#")[0]
            return Statement("about", self._finder.sentences[source], (path,))
        head, _, rest = source.partition(".")
        if head == "places":
            return self._facts.described_place(rest)
        if head == "glossary":
            return self._facts.meaning(rest)
        if head == "faq":
            entry = next(each for each in self._event.faq if each.id == rest)
            return Statement("faq", self._say.cut(self._say.of(entry.answer)), (source,))
        if head == "registration":
            return Statement("registration", self._say.of(self._event.registration.note), (source,))
        return self._facts.event_field(rest)

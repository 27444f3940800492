"""Looking things up in the file's own words: what holds every word that was asked, whatever kind of thing it is.

A thing is found only where it holds all of the words, itself or by a synonym. Words in a name or a title count
more than those of a label (a role, a track), and these more than those of a description.
"""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.answering.lexicon import UNEXPLAINED, Lexicon
from bot.answering.retrieval import sentences
from bot.knowledge.event import Event, Session, Speaker

TITLE, LABEL, DETAIL = 3, 2, 1
"""How near the words stand to the thing's own name."""
LONG_ENOUGH = 5
"""So many letters make the beginning of a word stand for the whole of it."""
MOST_FOUND = 60
SENTENCE = "sentence:"
"""Before the path of a text and the number of the sentence in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with the place of each word in it. ``source`` is its path without a field."""

    source: str
    levels: tuple[int, ...]

    @property
    def nearest(self) -> int:
        """How many of the words stand in its name."""
        return sum(level == TITLE for level in self.levels)

    @property
    def score(self) -> int:
        return sum(self.levels)

    @property
    def least(self) -> int:
        return min(self.levels, default=0)


class Finder:
    """All things of one event by the stems of one language."""

    def __init__(self, event: Event, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._sources: list[str] = []
        self._levels: dict[str, dict[int, int]] = {}
        self._runs: dict[tuple[str, str], set[int]] = {}
        for source, texts in _things(event):
            self._add(source, texts)
        self.sentences = dict(_sentences(event))
        for source, sentence in self.sentences.items():
            self._add(source, {DETAIL: (sentence,)})
        self._cache: dict[str, Mapping[int, int]] = {}

    def _add(self, source: str, texts: Mapping[int, Iterable[str]]) -> None:
        number = len(self._sources)
        self._sources.append(source)
        for level, parts in sorted(texts.items()):
            for text in parts:
                stems = self._stems(text)
                for stem in stems:
                    self._levels.setdefault(stem, {})[number] = level
                if level == TITLE:
                    for pair in pairwise(stems):
                        self._runs.setdefault(pair, set()).add(number)

    def _stems(self, text: str) -> list[str]:
        stems = self._lexicon.stems.of_text(text, self._lexicon.contractions)
        return [stem for stem in stems if stem]

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self._levels)

    def holders(self, stem: str) -> Mapping[int, int]:
        """Which things hold the word or one that stands for it, and where."""
        if stem not in self._cache:
            if len(self._cache) > 5_000:
                self._cache.clear()
            found: dict[int, int] = {}
            for each in {stem, *self._lexicon.standing_for(stem), *self._longer(stem)}:
                for number, level in self._levels.get(each, {}).items():
                    found[number] = max(self._near(number, level, each == stem), found.get(number, 0))
            self._cache[stem] = found
        return self._cache[stem]

    def _near(self, number: int, level: int, same: bool) -> int:
        """A session is called by the words of its title; by others of the same meaning it is only described."""
        return level if same or not self._sources[number].startswith("sessions.") else min(level, LABEL)

    def _longer(self, stem: str) -> list[str]:
        """``postgres`` stands for PostgreSQL where the file has no such word itself."""
        known = stem in self._lexicon.known or self._lexicon.is_a(stem, UNEXPLAINED)
        if len(stem) < LONG_ENOUGH or stem in self._levels or known:
            return []
        first = bisect_left(self._sorted, stem)
        return [each for each in self._sorted[first : first + 5] if each.startswith(stem)]

    def knows(self, stem: str) -> bool:
        return bool(self.holders(stem))

    def titles_with(self, first: str, second: str) -> frozenset[str]:
        """The things in whose name the two words follow each other."""
        return frozenset(self._sources[number] for number in self._runs.get((first, second), ()))

    def in_title(self, stem: str, kind: str) -> frozenset[str]:
        """The things of a kind in whose name the word stands."""
        return frozenset(
            self._sources[number]
            for number, level in self.holders(stem).items()
            if level == TITLE and self._sources[number].startswith(kind)
        )

    def holds(self, source: str, stem: str) -> bool:
        return any(self._sources[number].startswith(source) for number in self.holders(stem))

    def directly(self, stem: str) -> list[str]:
        """The things that hold the very word."""
        return [self._sources[number] for number in self._levels.get(stem, ())]

    def find(self, stems: Collection[str], kinds: tuple[str, ...]) -> list[Found]:
        """The things of those kinds that hold all the words, the nearest first."""
        if not stems:
            return []
        held = sorted((self.holders(stem) for stem in dict.fromkeys(stems)), key=len)
        numbers = set(held[0])
        for each in held[1:]:
            numbers &= each.keys()
        found = [
            Found(self._sources[number], tuple(each[number] for each in held))
            for number in numbers
            if self._sources[number].startswith(kinds)
        ]
        return sorted(found, key=lambda each: (-each.score, each.source))[:MOST_FOUND]

    def rarity(self, stem: str) -> float:
        return math.log(1 + len(self._sources) / (1 + len(self.holders(stem))))


def _things(event: Event) -> Iterable[tuple[str, Mapping[int, Iterable[str]]]]:
    """Everything that has a name, with its words by their nearness to it."""
    people = event.speakers_by_id
    for session in event.sessions:
        yield f"sessions.{session.id}", _of_session(session, [people[each] for each in session.speakers])
    for speaker in event.speakers:
        yield f"speakers.{speaker.id}", _of_speaker(speaker)
    for place in event.places:
        about = place.description.variants if place.description else ()
        yield f"places.{place.id}", {TITLE: place.name.variants, LABEL: (place.id.replace("-", " "),), DETAIL: about}
    for entry in event.glossary:
        yield f"glossary.{entry.term}", {TITLE: (entry.term, *entry.also), DETAIL: entry.meaning.variants}
    for answer in event.faq:
        questions = [wording for question in answer.questions for wording in question.variants]
        yield f"faq.{answer.id}", {TITLE: questions, DETAIL: answer.answer.variants}
    if event.venue:
        address = event.venue.address.variants if event.venue.address else ()
        yield "venue", {TITLE: event.venue.name.variants, DETAIL: address}
    for name in ("price", "audience"):
        text = getattr(event, name)
        if text:
            yield f"event.{name}", {LABEL: (name,), DETAIL: text.variants}
    if event.registration.note:
        yield "registration.note", {DETAIL: event.registration.note.variants}


def _sentences(event: Event) -> Iterable[tuple[str, str]]:
    """The sentences about the event as a whole, each with its path and number."""
    texts = [("event.description", event.description)]
    if len(event.sessions) == 1:
        texts.append((f"sessions.{event.sessions[0].id}.description", event.sessions[0].description))
    for path, text in texts:
        for number, sentence in enumerate(sentences(text.default) if text else ()):
            yield f"{SENTENCE}{path}#{number}", sentence


def _of_session(session: Session, speakers: Sequence[Speaker]) -> Mapping[int, Iterable[str]]:
    labels = [text for label in (session.kind, session.track) if label for text in label.variants]
    details = list(session.description.variants) if session.description else []
    for speaker in speakers:
        details += [speaker.name, *(speaker.affiliation.variants if speaker.affiliation else ())]
        details += [*(speaker.role.variants if speaker.role else ()), *(speaker.bio.variants if speaker.bio else ())]
    # Ids are words that the coordinator chose.
    return {TITLE: session.title.variants, LABEL: [*labels, session.id.replace("-", " ")], DETAIL: details}


def _of_speaker(speaker: Speaker) -> Mapping[int, Iterable[str]]:
    labels = [text for label in (speaker.role, speaker.affiliation) if label for text in label.variants]
    return {
        TITLE: (speaker.name, *speaker.also_known_as),
        LABEL: labels,
        DETAIL: speaker.bio.variants if speaker.bio else (),
    }

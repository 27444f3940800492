"""Prose: the sentence or the organiser's answer that holds what was asked. BM25 over stems, with a check of coverage.

An absolute score says nothing from one event to another; what share of the question's words a passage holds does.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.language import WORD
from bot.answering.lexicon import Lexicon
from bot.knowledge.event import Event
from bot.knowledge.localized_text import LocalizedText

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9“\"„])")
_K1, _B = 1.2, 0.75
LIGHT = 0.5
"""What a word of the framing ("planned", "exactly") weighs where only one of two questions has it."""
HEAVY = 2.0
"""What "after" or "how" weighs there: without it another question is asked."""
ENOUGH = 0.75
"""The share of a question's words, weighed by rarity, that a passage must hold."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, or one answer of the FAQ with a question it answers."""

    source: str
    text: str
    stems: frozenset[str]
    length: int
    question: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    passage: Passage
    coverage: float
    score: float


def sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(text.strip()) if sentence.strip()]


class Retrieval:
    """All prose of the event in one language's stems."""

    def __init__(self, event: Event, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.passages = tuple(_passages(event, lexicon))
        terms = [name for entry in event.glossary for name in (entry.term, *entry.also)]
        self._names = frozenset(stem for name in terms for stem in lexicon.stems.of_text(name))
        self._average = sum(passage.length for passage in self.passages) / max(1, len(self.passages))
        self._index: dict[str, list[int]] = {}
        for number, passage in enumerate(self.passages):
            for stem in passage.stems | (passage.question or frozenset()):
                self._index.setdefault(stem, []).append(number)

    def knows(self, stem: str) -> bool:
        return stem in self._index

    def rarity(self, stem: str) -> float:
        count = len(self._index.get(stem, ()))
        return math.log(1 + (len(self.passages) - count + 0.5) / (count + 0.5))

    def faq(self, stems: Sequence[str], named: frozenset[str] = frozenset()) -> Match | None:
        """The organiser's question that is nearest; ``coverage`` counts the words of both questions.

        Words of the framing and of names weigh only where both have them, but every name must be in both.
        """
        asked = frozenset(stems)
        best: Match | None = None
        for number in self._near(asked):
            passage = self.passages[number]
            if passage.question and not (named and not named & passage.question):
                match = self._compared(asked, passage, named)
                if best is None or match.coverage > best.coverage:
                    best = match
        return best

    def _compared(self, asked: frozenset[str], passage: Passage, named: frozenset[str]) -> Match:
        question = passage.question or frozenset()
        shared = asked & question
        telling = [stem for stem in shared if stem not in self._names and not self._lexicon.is_a(stem, "telling")]
        of_a_name = question & self._names
        if not telling or (of_a_name and not of_a_name & asked):
            return Match(passage, 0.0, 0.0)
        both = self._weight(shared)
        apart = sum(self.rarity(stem) * self._burden(stem, named) for stem in asked ^ question)
        return Match(passage, 2 * both / (2 * both + apart or 1), both)

    def _burden(self, stem: str, named: frozenset[str]) -> float:
        """How much a word counts that only one of two questions has."""
        if stem in named or stem in self._names:
            return 0.0
        if self._lexicon.is_a(stem, "telling"):
            return HEAVY
        return LIGHT if self._lexicon.is_a(stem, "framing") else 1.0

    def sentence(self, stems: Sequence[str], within: str | None = None) -> Match | None:
        """The sentence that holds most of the words; ``within`` keeps to one entity's prose."""
        asked = frozenset(stems)
        total = self._weight(asked) or 1.0
        best: Match | None = None
        for number in self._near(asked):
            passage = self.passages[number]
            if within and not passage.source.startswith(within):
                continue
            held = asked & passage.stems
            match = Match(passage, self._weight(held) / total, self._bm25(held, passage))
            if best is None or (match.coverage, match.score) > (best.coverage, best.score):
                best = match
        return best

    def _near(self, stems: Iterable[str]) -> list[int]:
        # The rarest words decide; a word that stands everywhere would bring in the whole file.
        ranked = sorted((stem for stem in stems if stem in self._index), key=lambda stem: len(self._index[stem]))
        found: dict[int, None] = {}
        for stem in ranked[:6]:
            for number in self._index[stem][:400]:
                found[number] = None
        return list(found)

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(self.rarity(stem) for stem in stems)

    def _bm25(self, held: Iterable[str], passage: Passage) -> float:
        norm = _K1 * (1 - _B + _B * passage.length / (self._average or 1))
        return sum(self.rarity(stem) * (_K1 + 1) / (1 + norm) for stem in held)


def content(stems: Iterable[str], lexicon: Lexicon, keep_asking: bool = False) -> list[str]:
    """The stems that carry content; a question word is kept where the way of asking matters."""
    return [
        stem
        for stem in stems
        if not (lexicon.is_a(stem, "function") or lexicon.is_a(stem, "event"))
        or (keep_asking and lexicon.is_a(stem, "telling"))
    ]


def _passages(event: Event, lexicon: Lexicon) -> Iterable[Passage]:
    for entry in event.faq:
        answer = entry.answer.default
        stems = frozenset(content(lexicon.stems.of_text(answer, lexicon.contractions), lexicon))
        for question in entry.questions:
            for wording in question.variants:
                asked = content(lexicon.stems.of_text(wording, lexicon.contractions), lexicon, keep_asking=True)
                yield Passage(f"faq.{entry.id}", answer, stems | frozenset(asked), len(stems) + 1, frozenset(asked))
    for source, title, text in _prose(event):
        context = frozenset(content(lexicon.stems.of_text(title), lexicon))
        for sentence in sentences(text.default):
            stems = frozenset(content(lexicon.stems.of_text(sentence, lexicon.contractions), lexicon))
            yield Passage(source, sentence, stems | context, len(stems) + 1)


def _prose(event: Event) -> Iterable[tuple[str, str, LocalizedText]]:
    """Source, the title that its sentences are to be read with, and the text."""
    if event.description:
        yield "event.description", "", event.description
    if event.audience:
        yield "event.audience", "", event.audience
    for session in event.sessions:
        if session.description:
            title = session.title.default if len(event.sessions) > 1 else ""
            yield f"sessions.{session.id}.description", title, session.description
    for speaker in event.speakers:
        if speaker.bio:
            yield f"speakers.{speaker.id}.bio", speaker.name, speaker.bio
    for place in event.places:
        if place.description:
            yield f"places.{place.id}", place.name.default, place.description
    for entry in event.glossary:
        yield f"glossary.{entry.term}", " ".join((entry.term, *entry.also)), entry.meaning


def vocabulary(event: Event) -> Iterable[str]:
    """Every word of the event's prose."""
    texts = [wording for entry in event.faq for text in (*entry.questions, entry.answer) for wording in text.variants]
    for _, title, text in _prose(event):
        texts += [title, *text.variants]
    for session in event.sessions:
        texts += [wording for text in (session.title, session.track, session.kind) if text for wording in text.variants]
    for speaker in event.speakers:
        texts += [wording for text in (speaker.role, speaker.affiliation) if text for wording in text.variants]
    if event.venue:
        texts += [*event.venue.name.variants, *(event.venue.address.variants if event.venue.address else ())]
    return dict.fromkeys(match.group() for text in texts for match in WORD.finditer(text))

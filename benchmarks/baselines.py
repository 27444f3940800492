"""Plain retrieval over an event's facts written out as sentences: what the answering has to beat.

Each method returns the nearest sentence and a score between 0 and 1.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from bot.knowledge.event import Event

Method = Callable[[str], tuple[str, float]]
_WORD = re.compile(r"\w+")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "it",
        "this",
        "that",
        "do",
        "does",
        "i",
        "you",
        "we",
        "what",
    ]
)


def baselines(event: Event) -> Mapping[str, Method]:
    """The methods by name, ready to be asked."""
    facts = list(_facts(event))
    texts = [text for text, _ in facts]
    return {
        "keyword overlap": _overlap(texts),
        "TF-IDF cosine": _cosine(texts),
        "BM25": _bm25(texts),
        "fuzzy FAQ": _fuzzy(facts),
    }


def _facts(event: Event) -> Iterator[tuple[str, Sequence[str]]]:
    """Each fact as a sentence, with the questions that ask for it."""
    for session in event.sessions:
        yield f"It starts on {session.start:%A, %d %B %Y at %H:%M}.", ["When does it start?", "What time is it?"]
        if session.end:
            yield f"It ends at {session.end:%H:%M} and takes {session.end - session.start}.", ["When does it end?"]
        if session.room:
            yield f"The room is {session.room.default}.", ["Which room is it in?"]
        if session.capacity:
            yield f"There are {session.capacity} seats.", ["How many seats are there?"]
        yield f"The session is called {session.title.default}.", ["What is it called?"]
    if event.venue:
        address = event.venue.address.default if event.venue.address else ""
        yield f"The place is {event.venue.name.default}, {address}.", ["Where is it?", "What is the address?"]
    names = ", ".join(speaker.name for speaker in event.speakers)
    yield f"The speakers are {names}.", ["Who are the speakers?", "Who speaks?"]
    for speaker in event.speakers:
        affiliation = speaker.affiliation.default if speaker.affiliation else ""
        yield f"{speaker.name} is a speaker from {affiliation}.", [f"Who is {speaker.name}?"]
    yield from _fields(event)


def _fields(event: Event) -> Iterator[tuple[str, Sequence[str]]]:
    if event.description:
        yield event.description.default, ["What is it about?"]
    if event.audience:
        yield f"It is for {event.audience.default}", ["Who is it for?"]
    if event.organisers:
        yield f"It is organised by {', '.join(each.default for each in event.organisers)}.", ["Who organises it?"]
    if event.partners:
        yield f"The partners are {', '.join(each.default for each in event.partners)}.", ["Who are the partners?"]
    if event.contact:
        yield f"The contact is {event.contact.name}.", ["Who can I contact?"]
    for entry in event.glossary:
        yield f"{entry.term}: {entry.meaning.default}", [f"What is {entry.term}?"]
    for place in event.places:
        about = place.description.default if place.description else ""
        yield f"{place.name.default}: {about}", [place.name.default]
    for answer in event.faq:
        yield answer.answer.default, [question.default for question in answer.questions]


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _STOP]


def _best(texts: Sequence[str], score: Callable[[int], float]) -> tuple[str, float]:
    number = max(range(len(texts)), key=score)
    return texts[number], score(number)


def _overlap(texts: Sequence[str]) -> Method:
    bags = [frozenset(_words(text)) for text in texts]

    def method(question: str) -> tuple[str, float]:
        asked = frozenset(_words(question))
        return _best(texts, lambda number: len(asked & bags[number]) / (len(asked) or 1))

    return method


def _rarities(bags: Sequence[Counter[str]]) -> Mapping[str, float]:
    counts = Counter(word for bag in bags for word in bag)
    return {word: math.log(1 + len(bags) / count) for word, count in counts.items()}


def _cosine(texts: Sequence[str]) -> Method:
    bags = [Counter(_words(text)) for text in texts]
    rarity = _rarities(bags)

    def vector(bag: Counter[str]) -> dict[str, float]:
        weights = {word: count * rarity.get(word, 0.0) for word, count in bag.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    vectors = [vector(bag) for bag in bags]

    def method(question: str) -> tuple[str, float]:
        asked = vector(Counter(_words(question)))
        return _best(texts, lambda number: sum(asked[word] * vectors[number].get(word, 0.0) for word in asked))

    return method


def _bm25(texts: Sequence[str]) -> Method:
    bags = [Counter(_words(text)) for text in texts]
    rarity = _rarities(bags)
    average = sum(bag.total() for bag in bags) / len(bags)

    def method(question: str) -> tuple[str, float]:
        asked = _words(question)
        most = sum(rarity.get(word, 3.0) * 2.2 for word in asked) or 1.0

        def score(number: int) -> float:
            bag = bags[number]
            norm = 1.2 * (0.25 + 0.75 * bag.total() / average)
            return sum(rarity[word] * bag[word] * 2.2 / (bag[word] + norm) for word in asked if word in bag) / most

        return _best(texts, score)

    return method


def _fuzzy(facts: Sequence[tuple[str, Sequence[str]]]) -> Method:
    texts = [text for text, questions in facts for _ in questions]
    wordings = [question.casefold() for _, questions in facts for question in questions]

    def method(question: str) -> tuple[str, float]:
        return _best(texts, lambda number: fuzz.token_set_ratio(question.casefold(), wordings[number]) / 100)

    return method

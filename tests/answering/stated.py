"""What may be said of the things that an answer names as its sources: their words, numbers, times and dates."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.answering.answer import Answer
from bot.i18n import formats
from bot.knowledge.event import Event, Session
from bot.knowledge.localized_text import LocalizedText

_WORD = re.compile(r"[^\W_]+(?:[:.,’'@+-][^\W_]+)*")
_QUOTED = re.compile(r"[“„][^”]*”")
_FIELD = re.compile(r"\{\w+\}")


def unfounded(event: Event, answer: Answer, now: datetime) -> list[str]:
    """The names, numbers, times and dates in the text that neither a source nor a phrase of the bot's holds."""
    text = answer.text
    for asked in _QUOTED.findall(text):
        # Words of the question that are said not to be known, not those of a title.
        if all(_bare(word) in _bare(answer.question) for word in asked.strip("“„”").split(", ")):
            text = text.replace(asked, "")
    held = {word.lower() for text in _held(event, answer, now) for word in _words(text)} | _phrases(answer.language)
    return [word for word in _words(text) if _is_fact(word) and word.lower() not in held]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _is_fact(word: str) -> bool:
    return any(letter.isdigit() for letter in word) or word[:1].isupper()


def _words(text: str) -> list[str]:
    return [part for word in _WORD.findall(text) for part in {word, *re.split(r"[-+]", word)} - {""}]


@cache
def _phrases(language: str) -> frozenset[str]:
    """Every word of the bot's own phrases in a language."""
    catalogue = files("bot.i18n") / "locales" / language / "answers.toml"
    return frozenset(
        word.lower()
        for phrase in _strings(tomllib.loads(catalogue.read_text("utf-8")))
        for word in _words(_FIELD.sub(" ", phrase))
    )


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from _strings(each)


def _held(event: Event, answer: Answer, now: datetime) -> Iterator[str]:
    for source in answer.sources:
        yield from _texts(_at(event, source), event, answer.language)
        yield source
    # Whom to pass a question on to, what is not known of, and the place of the time zone are named without a source.
    yield from _texts(event.contact, event, answer.language)
    yield formats.place_of_zone(answer.language, event.sessions[0].start)
    if not answer.answered or "unknown" in answer.topics:
        yield from _names(event)
    if {"speaker_count", "speakers"} & set(answer.topics):
        yield str(len(event.speakers))
    if any(source.startswith("sessions") for source in answer.sources):
        yield from _counted(event, now, _sessions(event, answer.sources), answer.language)


def _at(event: Event, path: str) -> Any:
    """The thing that a path leads to or into; all sessions for ``sessions``."""
    head, _, rest = path.partition(".")
    if head == "glossary":
        return next(entry for entry in event.glossary if entry.term == rest)
    if head in ("sessions", "speakers", "places", "faq"):
        listed = getattr(event, head)
        return [each for each in listed if not rest or each.id == rest.split(".")[0]]
    return getattr(event, rest) if head == "event" else getattr(event, head)


def _texts(thing: Any, event: Event, language: str) -> Iterator[str]:
    if isinstance(thing, LocalizedText):
        yield from thing.variants
    elif isinstance(thing, datetime):
        for write in (formats.time, formats.day, formats.short_day, formats.moment):
            yield write(language, thing)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _texts(getattr(thing, field.name), event, language)
    elif isinstance(thing, tuple | list):
        for each in thing:
            held = event.speakers_by_id.get(each, each) if isinstance(each, str) else each
            yield from _texts(held, event, language)
    elif isinstance(thing, str | int):
        yield str(thing)


def _names(event: Event) -> Iterator[str]:
    yield from (speaker.name for speaker in event.speakers)
    yield from (entry.term for entry in event.glossary)
    named: Iterable[LocalizedText | None] = (
        *(place.name for place in event.places),
        *(text for session in event.sessions for text in (session.title, session.room)),
        *event.organisers,
        *event.partners,
    )
    yield from (wording for text in named if text for wording in text.variants)


def _sessions(event: Event, sources: Sequence[str]) -> list[Session]:
    ids = {source.split(".")[1] for source in sources if source.startswith("sessions.")}
    return [session for session in event.sessions if session.id in ids] or list(event.sessions)


def _counted(event: Event, now: datetime, sessions: Sequence[Session], language: str) -> Iterator[str]:
    """What is reckoned from the programme: how many, how long, how long until then."""
    yield from (str(number) for number in range(len(event.sessions) + 1))
    first = min(session.start for session in event.sessions)
    for session in sessions:
        for length in ((session.end or session.start) - session.start, session.start - now, first - now):
            yield formats.duration(language, max(length, timedelta(0)))
        yield formats.duration(language, max(timedelta(days=(session.start.date() - now.date()).days), timedelta(0)))

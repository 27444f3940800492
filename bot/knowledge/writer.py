"""An Event as a knowledge file that a person can go on with; ``parse_event`` reads the same Event back."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import yaml

from bot.knowledge.duration import format_duration
from bot.knowledge.event import (
    Contact,
    Event,
    FaqEntry,
    GlossaryEntry,
    Place,
    RegistrationRules,
    ReminderRule,
    Session,
    Speaker,
    Venue,
)
from bot.knowledge.local_time import format_moment
from bot.knowledge.localized_text import LocalizedText

T = TypeVar("T")

LINE_LENGTH = 100
LONGEST_LINE_OF_TEXT = 80

_YAML = "tag:yaml.org,2002:"
_BREAKS_OTHER_THAN_NEWLINE = re.compile("[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029\ufeff]")


def write_event(event: Event) -> str:
    """The knowledge file, in the order in which people fill it in; what is usual is left out."""
    groups = {
        "version": _number(1),
        "event": _about(event),
        "venue": _optional(_venue, event.venue),
        "sessions": _block(map(_session, event.sessions)),
        "speakers": _block(map(_speaker, event.speakers)),
        "places": _block(map(_place, event.places)),
        "glossary": _block(map(_glossary_entry, event.glossary)),
        "faq": _block(map(_faq_entry, event.faq)),
        "registration": _registration(event.registration),
        "reminders": _block(map(_reminder, event.reminders)),
    }
    return "\n".join(_yaml_text(_map({name: group})) for name, group in groups.items() if group)


def write_faq_entry(entry: FaqEntry) -> str:
    """One entry as it stands in the knowledge file, below ``faq:``."""
    return _yaml_text(_map({"faq": _block([_faq_entry(entry)])})).removeprefix("faq:\n")


def _about(event: Event) -> yaml.MappingNode:
    return _map(
        {
            "title": _localized(event.title),
            "series": _optional(_localized, event.series),
            "timezone": _text(event.timezone.key),
            "languages": _inline(map(_text, event.languages)),
            "description": _optional(_localized, event.description),
            "audience": _optional(_localized, event.audience),
            "price": _optional(_localized, event.price),
            "website": _optional(_localized, event.website),
            "hashtags": _block(map(_text, event.hashtags)),
            "organisers": _block(map(_localized, event.organisers)),
            "partners": _block(map(_localized, event.partners)),
            "contact": _optional(_contact, event.contact),
        }
    )


def _contact(contact: Contact) -> yaml.MappingNode:
    return _map(
        {
            "name": _text(contact.name),
            "role": _optional(_localized, contact.role),
            "email": _optional(_text, contact.email),
            "phone": _optional(_text, contact.phone),
            "telegram": _optional(_text, contact.telegram),
        }
    )


def _venue(venue: Venue) -> yaml.MappingNode:
    return _map(
        {
            "name": _localized(venue.name),
            "address": _optional(_localized, venue.address),
            "coordinates": _inline(map(_degrees, venue.coordinates or ())),
        }
    )


def _session(session: Session) -> yaml.MappingNode:
    return _map(
        {
            "id": _text(session.id),
            "title": _localized(session.title),
            "start": _moment(session.start),
            "end": _optional(_moment, session.end),
            "room": _optional(_localized, session.room),
            "speakers": _inline(map(_text, session.speakers)),
            "capacity": _optional(_number, session.capacity),
            "description": _optional(_localized, session.description),
            "track": _optional(_localized, session.track),
            "kind": _optional(_localized, session.kind),
            "language": _optional(_localized, session.language),
        }
    )


def _speaker(speaker: Speaker) -> yaml.MappingNode:
    return _map(
        {
            "id": _text(speaker.id),
            "name": _text(speaker.name),
            "affiliation": _optional(_localized, speaker.affiliation),
            "role": _optional(_localized, speaker.role),
            "bio": _optional(_localized, speaker.bio),
            "also_known_as": _inline(map(_text, speaker.also_known_as)),
        }
    )


def _place(place: Place) -> yaml.MappingNode:
    return _map(
        {
            "id": _text(place.id),
            "name": _localized(place.name),
            "description": _optional(_localized, place.description),
        }
    )


def _glossary_entry(entry: GlossaryEntry) -> yaml.MappingNode:
    return _map(
        {
            "term": _text(entry.term),
            "also": _inline(map(_text, entry.also)),
            "meaning": _localized(entry.meaning),
        }
    )


def _faq_entry(entry: FaqEntry) -> yaml.MappingNode:
    return _map(
        {
            "id": _text(entry.id),
            "questions": _block(map(_localized, entry.questions)),
            "answer": _localized(entry.answer),
        }
    )


def _registration(rules: RegistrationRules) -> yaml.MappingNode | None:
    usual = RegistrationRules()
    node = _map(
        {
            "opens": _optional(_moment, rules.opens),
            "closes": _optional(_moment, rules.closes),
            "note": _optional(_localized, rules.note),
            "website": _optional(_text, rules.website),
            "guests": _number(rules.guests) if rules.guests != usual.guests else None,
            "offer_hold": _duration(rules.offer_hold) if rules.offer_hold != usual.offer_hold else None,
            "erase_after": _duration(rules.erase_after) if rules.erase_after != usual.erase_after else None,
        }
    )
    return node if node.value else None


def _reminder(rule: ReminderRule) -> yaml.MappingNode:
    return _map(
        {
            "id": _text(rule.id),
            "before": _optional(_duration, rule.before),
            "after": _optional(_duration, rule.after),
            "text": _optional(_localized, rule.text),
        }
    )


def _localized(text: LocalizedText) -> yaml.Node:
    if len(text.texts) == 1:
        return _text(text.default)
    return _map({language: _text(wording) for language, wording in text.texts})


def _text(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_YAML + "str", text, style=_style(text))


def _style(text: str) -> str | None:
    if _BREAKS_OTHER_THAN_NEWLINE.search(text):
        return '"'  # the only style in which YAML keeps them as they are
    if "\n" in text:
        return "|"
    return ">" if len(text) > LONGEST_LINE_OF_TEXT and " " in text else None


def _moment(moment: datetime) -> yaml.ScalarNode:
    return _text(format_moment(moment))


def _duration(duration: timedelta) -> yaml.ScalarNode:
    return _text(format_duration(duration))


def _number(number: int) -> yaml.ScalarNode:
    return yaml.ScalarNode(_YAML + "int", str(number))


def _degrees(degrees: float) -> yaml.ScalarNode:
    # Decimal writes 0.00001 where str would write 1e-05.
    return yaml.ScalarNode(_YAML + "float", format(Decimal(repr(degrees)), "f"))


def _optional(write: Callable[[T], yaml.Node], value: T | None) -> yaml.Node | None:
    return None if value is None else write(value)


def _block(nodes: Iterable[yaml.Node]) -> yaml.Node | None:
    items = list(nodes)
    return yaml.SequenceNode(_YAML + "seq", items, flow_style=False) if items else None


def _inline(nodes: Iterable[yaml.Node]) -> yaml.Node | None:
    items = list(nodes)
    return yaml.SequenceNode(_YAML + "seq", items, flow_style=True) if items else None


def _map(fields: dict[str, yaml.Node | None]) -> yaml.MappingNode:
    pairs = [(_text(name), node) for name, node in fields.items() if node is not None]
    return yaml.MappingNode(_YAML + "map", pairs, flow_style=False)


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list below its name, as the sample file does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _yaml_text(node: yaml.Node) -> str:
    return str(yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=LINE_LENGTH))

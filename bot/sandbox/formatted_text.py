"""Text with entities, measured as Telegram measures it: in UTF-16 code units."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.refusals import bad_request

Entity = dict[str, Any]

MAX_ENTITIES = 100
ENTITY_TYPES = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic"}
    | {"underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre"}
    | {"text_link", "text_mention", "custom_emoji", "date_time"}
)
# What each type must carry besides its place.
REQUIRED_FIELDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
# Telegram finds these by itself, in what people write and in what bots send. In this order: a mail address
# holds an @, and a link may hold a #.
_FOUND_BY_ITSELF = (
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]»”’]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
_OPAQUE = frozenset({"code", "pre", "text_link", "url", "text_mention"})


@dataclass(frozen=True)
class FormattedText:
    """A text and the entities on it; offsets and lengths count UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def length(self) -> int:
        return utf16_length(self.text)


def utf16_length(text: str) -> int:
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def checked(text: str, raw_entities: Iterable[Any]) -> FormattedText:
    """Text with the entities a bot named itself, refused when one of them lies outside or splits a character."""
    boundaries = set(_boundaries(text))
    entities = [_checked_entity(entity, boundaries, utf16_length(text)) for entity in raw_entities]
    return FormattedText(text, in_order(entities))


def _checked_entity(entity: Any, boundaries: set[int], end_of_text: int) -> Entity:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if kind not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    needed = REQUIRED_FIELDS.get(kind)
    if needed is not None and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
        raise bad_request("can't parse MessageEntity: Entity has an incorrect offset or length")
    _check_place(offset, offset + length, boundaries, end_of_text)
    return dict(entity)


def _check_place(start: int, end: int, boundaries: set[int], end_of_text: int) -> None:
    if end > end_of_text:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end_of_text}"
        )
    if start not in boundaries:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if end not in boundaries:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}"
        )


def _boundaries(text: str) -> Iterator[int]:
    position = 0
    yield position
    for character in text:
        position += utf16_length(character)
        yield position


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Outer before inner, and without what Telegram drops: formatting within code, and all beyond 100."""
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    code = [entity for entity in ordered if entity["type"] in ("code", "pre")]
    kept = [entity for entity in ordered if not any(_inside(entity, block) for block in code)]
    return tuple(kept[:MAX_ENTITIES])


def _inside(entity: Entity, block: Entity) -> bool:
    return (
        entity is not block
        and block["offset"] <= entity["offset"]
        and entity["offset"] + entity["length"] <= block["offset"] + block["length"]
    )


def trimmed(formatted: FormattedText) -> FormattedText:
    """Without the white space around it, which Telegram takes away from every message."""
    text = formatted.text.rstrip()
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.lstrip()
    end = utf16_length(text)
    moved = (_clipped(entity, cut, end) for entity in formatted.entities)
    return FormattedText(text, tuple(entity for entity in moved if entity["length"] > 0))


def _clipped(entity: Entity, cut: int, end: int) -> Entity:
    start = max(entity["offset"] - cut, 0)
    stop = min(entity["offset"] + entity["length"] - cut, end)
    return {**entity, "offset": start, "length": stop - start}


def with_found_entities(formatted: FormattedText) -> FormattedText:
    """With links, mail addresses, commands, mentions and hashtags marked, where nothing is marked yet."""
    taken = [entity for entity in formatted.entities if entity["type"] in _OPAQUE]
    found: list[Entity] = []
    for kind, pattern in _FOUND_BY_ITSELF:
        for match in pattern.finditer(formatted.text):
            entity = {
                "type": kind,
                "offset": utf16_length(formatted.text[: match.start()]),
                "length": utf16_length(match.group()),
            }
            if not any(_overlap(entity, other) for other in [*taken, *found]):
                found.append(entity)
    return FormattedText(formatted.text, in_order([*formatted.entities, *found]))


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
